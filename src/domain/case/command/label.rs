//! The commands about a case's security label.

use crate::domain::case::event::TextRef;
use crate::domain::sensitivity::Sensitivity;

/// What can be asked of a case's label (敏感级别).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabelCommand {
    /// 提高敏感级别: fewer may read it from now on.
    Raise {
        /// The new label, higher than that which it bears.
        to: Sensitivity,
        /// Why.
        reason: TextRef,
    },
    /// 降低敏感级别: more may.
    Lower {
        /// The new label, lower than that which it bears.
        to: Sensitivity,
        /// Why.
        reason: TextRef,
    },
}

impl LabelCommand {
    /// This command's name.
    pub fn kind(&self) -> LabelKind {
        match self {
            Self::Raise { .. } => LabelKind::Raise,
            Self::Lower { .. } => LabelKind::Lower,
        }
    }
}

/// The names of the commands about a case's label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LabelKind {
    /// See [`LabelCommand::Raise`].
    Raise,
    /// See [`LabelCommand::Lower`].
    Lower,
}

impl LabelKind {
    /// The word used in `allowed_actions` and in refusals.
    pub fn code(self) -> &'static str {
        match self {
            Self::Raise => "raise_sensitivity",
            Self::Lower => "lower_sensitivity",
        }
    }

    /// The command's Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Raise => "提高敏感级别",
            Self::Lower => "降低敏感级别",
        }
    }
}
