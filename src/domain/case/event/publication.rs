//! What the events of a conversion to proactive publication hold (依申请公开转为主动公开, Art. 44). None moves the clock. The document's
//! name and the place of its publication are words: a link is public, but what is typed in by mistake must not stand in the record
//! for ever. They outlive the erasure of a case, for they are nobody's data and the public still reads what they name.

use serde::{Deserialize, Serialize};

use super::TextRef;

/// Whose idea it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposedBy {
    /// 申请人建议 (Art. 44(2)).
    Applicant,
    /// 本机关提出 (Art. 44(1)).
    Office,
}

/// Where a document is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// 网站: the words are the address of a page.
    Website,
    /// 公报: the words are its name and issue.
    Gazette,
}

/// It was proposed to publish a document that the reply released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicationProposed {
    /// Counts from 1 within the case.
    pub n: u32,
    /// Whose idea it was.
    pub proposed_by: ProposedBy,
    /// The document, its title and number.
    pub document: TextRef,
    /// Why.
    pub reason: TextRef,
}

/// It was approved, or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicationDecided {
    /// Which proposal.
    pub n: u32,
    /// Whether it was approved.
    pub approve: bool,
    /// Why.
    pub reason: TextRef,
}

/// The document was published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// By which proposal.
    pub n: u32,
    /// What kind of place it is.
    pub kind: PlaceKind,
    /// Where.
    pub place: TextRef,
}

/// It is no longer to be found there: the link is dead, or the document was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicationWithdrawn {
    /// Which.
    pub n: u32,
    /// Why.
    pub reason: TextRef,
}
