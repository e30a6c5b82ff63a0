//! The orders about the applicant, their words still in clear.

use crate::app::error::AppError;
use crate::app::people::{Sealer, TextKind};
use crate::domain::case::command::{ContactCommand, ContactKind};
use crate::domain::case::event::{ContactMeans, ContactWith, RatingChannel, Score};

/// A command about the applicant as it is asked for.
#[derive(Clone, Debug)]
pub enum ContactOrder {
    /// See [`ContactCommand::Log`].
    Log {
        /// By what means.
        means: ContactMeans,
        /// With whom.
        with: ContactWith,
        /// What was said.
        summary: String,
    },
    /// See [`ContactCommand::Rate`].
    Rate {
        /// How satisfied.
        score: Score,
        /// Where it was given.
        channel: Option<RatingChannel>,
        /// The applicant's words.
        comment: Option<String>,
    },
}

impl ContactOrder {
    /// The command's name.
    pub fn kind(&self) -> ContactKind {
        match self {
            Self::Log { .. } => ContactKind::Log,
            Self::Rate { .. } => ContactKind::Rate,
        }
    }
}

pub(super) fn seal(order: &ContactOrder, sealer: &mut Sealer) -> Result<ContactCommand, AppError> {
    Ok(match order {
        ContactOrder::Log { means, with, summary } => ContactCommand::Log {
            means: *means,
            with: *with,
            summary: sealer.text(TextKind::Contact, summary)?,
        },
        ContactOrder::Rate { score, channel, comment } => ContactCommand::Rate {
            score: *score,
            channel: *channel,
            comment: sealer.optional_text(TextKind::Rating, comment.as_deref())?,
        },
    })
}
