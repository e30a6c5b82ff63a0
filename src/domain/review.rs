//! Review of a draft reply: which steps there are, in which order, and who may take one (Art. 17; 保密法 2024
//! Art. 35: 先审查、后公开). A step binds to the exact content, by its hash.

use serde::{Deserialize, Serialize};

use super::role::Role;

/// A step of the review route (审核环节).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// 法制审核.
    Legal,
    /// 保密审查.
    Secrecy,
    /// 签发.
    SignOff,
}

/// The route every reply takes unless an agency configures another: the order is the order of decision.
pub const DEFAULT_ROUTE: &[Step] = &[Step::Legal, Step::Secrecy, Step::SignOff];

impl Step {
    /// The word used in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Legal => "legal",
            Self::Secrecy => "secrecy",
            Self::SignOff => "sign_off",
        }
    }

    /// The step's Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Legal => "法制审核",
            Self::Secrecy => "保密审查",
            Self::SignOff => "签发",
        }
    }

    /// The role that decides this step.
    pub fn role(self) -> Role {
        match self {
            Self::Legal => Role::LegalReviewer,
            Self::Secrecy => Role::SecrecyReviewer,
            Self::SignOff => Role::Approver,
        }
    }
}

/// What a reviewer decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// 通过.
    Pass,
    /// 退回修改: always with an opinion.
    Return,
}
