//! The commands by which a case is related to others.

use super::RelationCommandKind;
use crate::domain::case::event::TextRef;
use crate::domain::case::relation::OtherCase;
use crate::domain::ids::{AgencyId, CaseId};

/// What can be asked of a case about others. New cases are named before there are any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RelationCommand {
    /// 转办: the agency that the reply names (Art. 36(5)) gets a new case.
    HandOn {
        /// Which agency.
        agency: AgencyId,
        /// The new case there.
        case: CaseId,
        /// Why.
        reason: TextRef,
    },
    /// 拆分: one of the matters becomes a new case of the same agency.
    Split {
        /// The new case.
        case: CaseId,
        /// Why.
        reason: TextRef,
    },
    /// 并案: this case ends here and is handled with an earlier one.
    Merge {
        /// The one that goes on.
        into: OtherCase,
        /// Why.
        reason: TextRef,
    },
    /// 重复申请: it repeats an earlier case.
    Repeat {
        /// The earlier one.
        earlier: OtherCase,
        /// Why.
        reason: TextRef,
    },
    /// 补充申请: it adds to an open case.
    Supplement {
        /// The open one.
        open: OtherCase,
        /// Why.
        reason: TextRef,
    },
}

impl RelationCommand {
    /// This command's name.
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
