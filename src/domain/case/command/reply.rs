//! What can be asked of a reply in review, besides the decisions.

use super::ReplyKind;
use crate::domain::case::event::TextRef;
use crate::domain::review::Finding;

/// What can be asked of a reply in review, besides the decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyCommand {
    /// Record what the secrecy authority answered (Art. 17(3)).
    AnswerReferral {
        /// What it found.
        finding: Finding,
        /// The answer.
        text: TextRef,
    },
}

impl ReplyCommand {
    /// This command's name.
    pub fn kind(&self) -> ReplyKind {
        match self {
            Self::AnswerReferral { .. } => ReplyKind::AnswerReferral,
        }
    }
}
