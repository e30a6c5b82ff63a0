//! Who may be said to have seen an applicant's data: what can be revealed, and which ways of seeing are recorded
//! (个人信息保护法第51条：分类管理、去标识化、操作权限).

use serde::{Deserialize, Serialize};

/// What of a case is shown unmasked by a reveal, each only when it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevealField {
    /// The applicant's name.
    Name,
    /// The document and number of the proof of identity.
    Identity,
    /// The telephone number.
    Phone,
    /// The e-mail address.
    Email,
    /// The postal address.
    Address,
    /// The request in the applicant's words.
    Description,
    /// The newest version of the reply.
    Reply,
}

impl RevealField {
    /// Every field, in the order in which they are shown.
    pub const ALL: &'static [Self] = &[
        Self::Name,
        Self::Identity,
        Self::Phone,
        Self::Email,
        Self::Address,
        Self::Description,
        Self::Reply,
    ];

    /// The word used in the record, the database and the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Identity => "identity",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Address => "address",
            Self::Description => "description",
            Self::Reply => "reply",
        }
    }

    /// The field of this word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.code() == code)
    }
}

/// In which way somebody saw data of a case's applicant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessKind {
    /// Unmasked, by a reveal with a reason.
    Reveal,
    /// A search for the applicant by name or number showed him the case.
    Search,
    /// He opened a proof of identity.
    IdentityProof,
    /// He took the case away as an export, masked.
    Export,
}

impl AccessKind {
    /// Every way.
    pub const ALL: &'static [Self] = &[Self::Reveal, Self::Search, Self::IdentityProof, Self::Export];

    /// The word used in the database and the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Reveal => "reveal",
            Self::Search => "search",
            Self::IdentityProof => "identity_proof",
            Self::Export => "export",
        }
    }

    /// The way of this word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// So many reveals an account may make in so many seconds. Whoever serves a reply or checks an identity needs a few; whoever copies
/// a register of applicants needs thousands (OWASP ASVS 2.4.1).
pub const REVEAL_LIMITS: &[(u32, u32)] = &[(20, 60), (300, 86_400)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_are_written() {
        for field in RevealField::ALL {
            assert_eq!(RevealField::parse(field.code()), Some(*field));
        }
        for kind in AccessKind::ALL {
            assert_eq!(AccessKind::parse(kind.code()), Some(*kind));
        }
        assert_eq!((RevealField::parse("Name"), AccessKind::parse("")), (None, None));
    }
}
