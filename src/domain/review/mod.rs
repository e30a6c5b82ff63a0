//! Review of a draft reply: which steps there are, in which order, and who may take one (Art. 17; 保密法 2024
//! Art. 35: 先审查、后公开). A step binds to the exact content, by its hash.

use serde::{Deserialize, Serialize};

use super::role::Role;

mod checklist;
mod delegation;
mod route;
#[cfg(test)]
mod tests;

pub use checklist::{Answer, Checklist, Question};
pub use delegation::Delegation;
pub use route::{Level, MOST_STEPS, Reviewer, Route, RouteError, RouteStep, StepId};

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

impl Step {
    /// The three kinds.
    pub const ALL: &'static [Self] = &[Self::Legal, Self::Secrecy, Self::SignOff];

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
    /// 通过，附意见: it passes, and the opinion is to be minded.
    PassWithRemark,
    /// 退回修改: always with an opinion.
    Return,
    /// 报请确定: whether it is a state secret is for the secrecy authority to say (Art. 17(3)); the step waits for it.
    Refer,
}

impl Decision {
    /// Every decision.
    pub const ALL: &'static [Self] = &[Self::Pass, Self::PassWithRemark, Self::Return, Self::Refer];

    /// The word used in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::PassWithRemark => "pass_with_remark",
            Self::Return => "return",
            Self::Refer => "refer",
        }
    }

    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Pass => "通过",
            Self::PassWithRemark => "附意见通过",
            Self::Return => "退回修改",
            Self::Refer => "报请确定",
        }
    }

    /// Whether the step is passed by it.
    pub fn passes(self) -> bool {
        match self {
            Self::Pass | Self::PassWithRemark => true,
            Self::Return | Self::Refer => false,
        }
    }
}

/// What the secrecy authority found (Art. 17(3)), the strictest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// 不属于国家秘密.
    NotSecret,
    /// 部分属于国家秘密.
    PartlySecret,
    /// 属于国家秘密.
    Secret,
}

impl Finding {
    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::NotSecret => "不属于国家秘密",
            Self::PartlySecret => "部分属于国家秘密",
            Self::Secret => "属于国家秘密",
        }
    }
}
