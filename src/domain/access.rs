//! Who may be said to have seen an applicant's data: what can be revealed, and which ways of seeing are recorded
//! (个人信息保护法第51条：分类管理、去标识化、操作权限).

use serde::{Deserialize, Serialize};

use super::attachment::Purpose;
use super::case::event::Digest;
use super::ids::{AttachmentId, CaseId};

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
    /// He opened a file that holds what people wrote, for a reason.
    Attachment,
    /// He took the case away as an export with such files, for a reason.
    ExportWithFiles,
}

impl AccessKind {
    /// Every way.
    pub const ALL: &'static [Self] = &[
        Self::Reveal,
        Self::Search,
        Self::IdentityProof,
        Self::Export,
        Self::Attachment,
        Self::ExportWithFiles,
    ];

    /// The word used in the database and the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Reveal => "reveal",
            Self::Search => "search",
            Self::IdentityProof => "identity_proof",
            Self::Export => "export",
            Self::Attachment => "attachment",
            Self::ExportWithFiles => "export_with_files",
        }
    }

    /// The way of this word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// The ways that are counted together with this one for a person, and how often he may go them: in so many seconds so many times each.
    /// `openings` is how many files he may open in an hour. What shows nothing unmasked is not counted.
    pub fn limits(self, openings: u32) -> Option<Counted> {
        match self {
            Self::Reveal => Some((&[Self::Reveal], REVEAL_LIMITS.to_vec())),
            Self::IdentityProof | Self::Attachment | Self::ExportWithFiles => Some((
                &[Self::IdentityProof, Self::Attachment, Self::ExportWithFiles],
                vec![(openings, OPENINGS_WINDOW)],
            )),
            Self::Search | Self::Export => None,
        }
    }

    /// The way in which a file of this purpose is opened.
    pub fn of_opening(purpose: Purpose) -> Self {
        match purpose {
            Purpose::IdentityProof => Self::IdentityProof,
            Purpose::Application
            | Purpose::Evidence
            | Purpose::ReplyAttachment
            | Purpose::Consultation
            | Purpose::Other => Self::Attachment,
        }
    }
}

/// The ways that are counted together, and the limits: so many times in so many seconds each.
pub type Counted = (&'static [AccessKind], Vec<(u32, u32)>);

/// What an applicant was searched for by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchedBy {
    /// The whole name.
    Name,
    /// The whole number of the proof of identity.
    IdNumber,
}

/// 打开附件原件: somebody opened a file that holds what people wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttachmentOpened {
    /// The case.
    pub case: CaseId,
    /// The file.
    pub attachment: AttachmentId,
    /// What it is for.
    pub purpose: Purpose,
    /// SHA-256 over a salt and his reason.
    pub reason: Digest,
}

/// Somebody took a case away as an export with files that hold what people wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseExportedWithFiles {
    /// The case.
    pub case: CaseId,
    /// Its version.
    pub version: u32,
    /// These files.
    pub files: Vec<AttachmentId>,
    /// SHA-256 over a salt and his reason.
    pub reason: Digest,
}

/// The window in which openings are counted, in seconds.
const OPENINGS_WINDOW: u32 = 3_600;

/// So many files a person may open in an hour, unless the office sets another number (`GONGKAI_ATTACHMENT_OPENINGS`).
pub const OPENINGS_AN_HOUR: u32 = 120;

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
