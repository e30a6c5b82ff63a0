//! What the events of the archive hold: holds, appraisals and what they decide. Each counts from 1 within its case and kind.

use serde::{Deserialize, Serialize};

use super::TextRef;
use crate::domain::archive::Retention;

/// On what ground personal data are erased (个人信息保护法 第47条).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErasureGround {
    /// 保存期限已届满 (第一款第二项): not before the period of the archive ends, and not under a hold.
    RetentionEnded,
    /// 违反法律、行政法规处理个人信息 (第一款第四项): at once.
    Unlawful,
    /// 法律、行政法规规定的其他情形 (第一款第五项): at once.
    OtherLaw,
}

impl ErasureGround {
    /// Every ground.
    pub const ALL: &'static [Self] = &[Self::RetentionEnded, Self::Unlawful, Self::OtherLaw];

    /// The word used in the API and the record.
    pub fn code(self) -> &'static str {
        match self {
            Self::RetentionEnded => "retention_ended",
            Self::Unlawful => "unlawful",
            Self::OtherLaw => "other_law",
        }
    }

    /// Whether the law orders it whatever the archive's period and holds say.
    pub fn overrides_retention(self) -> bool {
        match self {
            Self::Unlawful | Self::OtherLaw => true,
            Self::RetentionEnded => false,
        }
    }
}

/// What an appraisal proposes (鉴定意见).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
pub enum Proposal {
    /// 销毁: the words and the applicant's record are erased; the record of what happened stays.
    Dispose,
    /// 重新划定保管期限: kept for longer.
    Retain {
        /// For how long instead, counted from the same day.
        retention: Retention,
    },
    /// 删除个人信息: the same is erased, and the file stays in the archive.
    Erase {
        /// On what ground.
        ground: ErasureGround,
    },
}

impl Proposal {
    /// The word used in the API and the record.
    pub fn code(self) -> &'static str {
        match self {
            Self::Dispose => "dispose",
            Self::Retain { .. } => "retain",
            Self::Erase { .. } => "erase",
        }
    }

    /// Whether words and the applicant's record go when it is approved.
    pub fn erases(self) -> bool {
        match self {
            Self::Dispose | Self::Erase { .. } => true,
            Self::Retain { .. } => false,
        }
    }
}

/// A hold was placed, or lifted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// Which hold.
    pub n: u32,
    /// Why.
    pub reason: TextRef,
}

/// What becomes of a file was proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppraisalProposed {
    /// Which appraisal.
    pub n: u32,
    /// What.
    pub proposal: Proposal,
    /// Why.
    pub reason: TextRef,
}

/// It was decided upon. When it was approved, it holds from now on: what is erased, is erased with this event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppraisalDecided {
    /// Which appraisal.
    pub n: u32,
    /// What had been proposed.
    pub proposal: Proposal,
    /// Whether it was approved.
    pub approve: bool,
    /// The opinion.
    pub opinion: Option<TextRef>,
}

impl AppraisalDecided {
    /// Whether words and the applicant's record are erased with it.
    pub fn erases(&self) -> bool {
        self.approve && self.proposal.erases()
    }
}
