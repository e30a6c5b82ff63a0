//! Why a security label is not changed. Each refusal says what would be right.

use crate::domain::sensitivity::Sensitivity;

/// The reasons there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabelRefusal {
    /// A label is raised to one that is not higher.
    NotHigher {
        /// The label it bears.
        is: Sensitivity,
    },
    /// A label is lowered to one that is not lower.
    NotLower {
        /// The label it bears.
        is: Sensitivity,
    },
}

impl LabelRefusal {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::NotHigher { .. } => "label_not_higher",
            Self::NotLower { .. } => "label_not_lower",
        }
    }

    pub(super) fn zh(&self) -> String {
        match self {
            Self::NotHigher { is } => {
                format!("该申请的敏感级别已为“{}”，只能提高到更高的级别。", is.label_zh())
            }
            Self::NotLower { is } => {
                format!("该申请的敏感级别为“{}”，只能降低到更低的级别。", is.label_zh())
            }
        }
    }

    pub(super) fn en(&self) -> String {
        match self {
            Self::NotHigher { is } => {
                format!(
                    "The case is labelled '{}' already: it is raised to a higher label only.",
                    is.label_en()
                )
            }
            Self::NotLower { is } => {
                format!("The case is labelled '{}': it is lowered to a lower label only.", is.label_en())
            }
        }
    }
}
