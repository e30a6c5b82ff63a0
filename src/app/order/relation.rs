//! The orders about other cases, their words still in clear. They are sealed for each case they concern (`app/relate.rs`).

use crate::domain::case::command::RelationCommandKind;
use crate::domain::ids::CaseId;

/// A command about other cases as it is asked for.
#[derive(Clone, Debug)]
pub enum RelationOrder {
    /// 转办.
    HandOn {
        /// The code of the agency, of our tree.
        agency_code: String,
        /// Why.
        reason: String,
    },
    /// 拆分.
    Split {
        /// The matters that become cases of their own, in the applicant's words: at least one.
        parts: Vec<String>,
        /// What remains of this one, where its words are to change.
        kept: Option<String>,
        /// Why.
        reason: String,
    },
    /// 并案.
    Merge {
        /// The one that goes on.
        into: CaseId,
        /// Why.
        reason: String,
    },
    /// 重复申请.
    Repeat {
        /// The earlier one.
        earlier: CaseId,
        /// Why.
        reason: String,
    },
    /// 补充申请.
    Supplement {
        /// The open one.
        open: CaseId,
        /// Why.
        reason: String,
    },
}

impl RelationOrder {
    /// The command's name.
    pub fn kind(&self) -> RelationCommandKind {
        match self {
            Self::HandOn { .. } => RelationCommandKind::HandOn,
            Self::Split { .. } => RelationCommandKind::Split,
            Self::Merge { .. } => RelationCommandKind::Merge,
            Self::Repeat { .. } => RelationCommandKind::LinkRepeat,
            Self::Supplement { .. } => RelationCommandKind::LinkSupplement,
        }
    }
}
