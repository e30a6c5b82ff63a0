//! The commands about the applicant: a talk is logged, a rating is recorded.

use super::ContactKind;
use crate::domain::case::event::{ContactMeans, ContactWith, RatingChannel, Score, TextRef};

/// What can be entered about the applicant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactCommand {
    /// 沟通联系: somebody was talked with.
    Log {
        /// By what means.
        means: ContactMeans,
        /// With whom.
        with: ContactWith,
        /// What was said.
        summary: TextRef,
    },
    /// 好差评: the applicant rated how the request was handled.
    Rate {
        /// How satisfied.
        score: Score,
        /// Where it was given.
        channel: Option<RatingChannel>,
        /// The applicant's words.
        comment: Option<TextRef>,
    },
}

impl ContactCommand {
    /// This command's name.
    pub fn kind(&self) -> ContactKind {
        match self {
            Self::Log { .. } => ContactKind::Log,
            Self::Rate { .. } => ContactKind::Rate,
        }
    }
}
