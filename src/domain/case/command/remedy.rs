//! The commands about remedies against a reply: 复议、诉讼、投诉举报.

use chrono::NaiveDate;

use super::RemedyCommandKind;
use crate::domain::case::event::{Follows, RemedyPart, TextRef};
use crate::domain::remedy::{Procedure, RemedyKind, RemedyResult};

/// What can be asked of a case about its remedies. `n` says which one, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemedyCommand {
    /// The papers of a remedy reached the agency.
    File {
        /// What was brought.
        kind: RemedyKind,
        /// How it is examined.
        procedure: Procedure,
        /// The day on which the applicant brought it, when known.
        filed_on: Option<NaiveDate>,
        /// The court or organ that examines it.
        organ: TextRef,
        /// Its number there (案号).
        reference: Option<TextRef>,
    },
    /// Our answer was handed in.
    Answer {
        /// Which remedy.
        n: u32,
        /// What shows it.
        evidence: Option<TextRef>,
    },
    /// Its decision or judgment reached the agency.
    Conclude {
        /// Which remedy.
        n: u32,
        /// How it ended.
        result: RemedyResult,
        /// The day of the decision.
        decided_on: NaiveDate,
        /// The decision's number.
        number: Option<TextRef>,
        /// What follows from it.
        follows: Follows,
    },
    /// Something about a remedy was entered by mistake: it is as if it never was, but stays in the record.
    Void {
        /// Which remedy.
        n: u32,
        /// All of it, or only the answer or the result.
        part: RemedyPart,
        /// Why.
        reason: TextRef,
    },
}

impl RemedyCommand {
    /// This command's name.
    pub fn kind(&self) -> RemedyCommandKind {
        match self {
            Self::File { .. } => RemedyCommandKind::File,
            Self::Answer { .. } => RemedyCommandKind::Answer,
            Self::Conclude { .. } => RemedyCommandKind::Conclude,
            Self::Void { .. } => RemedyCommandKind::Void,
        }
    }
}
