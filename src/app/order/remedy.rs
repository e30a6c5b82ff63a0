//! The orders about remedies, their words still in clear.

use chrono::NaiveDate;

use crate::app::error::AppError;
use crate::app::people::{Sealer, TextKind};
use crate::domain::case::command::{RemedyCommand, RemedyCommandKind};
use crate::domain::case::event::{Follows, RemedyPart};
use crate::domain::remedy::{Procedure, RemedyKind, RemedyResult};

/// A command about a remedy as it is asked for. `n` says which one, from 1.
#[derive(Clone, Debug)]
pub enum RemedyOrder {
    /// See [`RemedyCommand::File`].
    File {
        /// What was brought.
        kind: RemedyKind,
        /// How it is examined.
        procedure: Procedure,
        /// The day on which the applicant brought it.
        filed_on: Option<NaiveDate>,
        /// The court or organ that examines it.
        organ: String,
        /// Its number there.
        reference: Option<String>,
    },
    /// See [`RemedyCommand::Answer`].
    Answer {
        /// Which remedy.
        n: u32,
        /// What shows it.
        evidence: Option<String>,
    },
    /// See [`RemedyCommand::Conclude`].
    Conclude {
        /// Which remedy.
        n: u32,
        /// How it ended.
        result: RemedyResult,
        /// The day of the decision.
        decided_on: NaiveDate,
        /// The decision's number.
        number: Option<String>,
        /// What follows from it.
        follows: Follows,
    },
    /// See [`RemedyCommand::Void`].
    Void {
        /// Which remedy.
        n: u32,
        /// What of it.
        part: RemedyPart,
        /// Why.
        reason: String,
    },
}

impl RemedyOrder {
    /// The command's name.
    pub fn kind(&self) -> RemedyCommandKind {
        match self {
            Self::File { .. } => RemedyCommandKind::File,
            Self::Answer { .. } => RemedyCommandKind::Answer,
            Self::Conclude { .. } => RemedyCommandKind::Conclude,
            Self::Void { .. } => RemedyCommandKind::Void,
        }
    }
}

pub(super) fn seal(order: &RemedyOrder, sealer: &mut Sealer) -> Result<RemedyCommand, AppError> {
    Ok(match order {
        RemedyOrder::File { kind, procedure, filed_on, organ, reference } => RemedyCommand::File {
            kind: *kind,
            procedure: *procedure,
            filed_on: *filed_on,
            organ: sealer.text(TextKind::Organ, organ)?,
            reference: sealer.optional_text(TextKind::Reference, reference.as_deref())?,
        },
        RemedyOrder::Answer { n, evidence } => RemedyCommand::Answer {
            n: *n,
            evidence: sealer.optional_text(TextKind::Evidence, evidence.as_deref())?,
        },
        RemedyOrder::Conclude { n, result, decided_on, number, follows } => RemedyCommand::Conclude {
            n: *n,
            result: *result,
            decided_on: *decided_on,
            number: sealer.optional_text(TextKind::Reference, number.as_deref())?,
            follows: *follows,
        },
        RemedyOrder::Void { n, part, reason } => {
            RemedyCommand::Void { n: *n, part: *part, reason: sealer.text(TextKind::Note, reason)? }
        }
    })
}
