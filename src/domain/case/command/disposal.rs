//! The commands of the archive: holds, appraisals and what they decide.

use super::DisposalKind;
use crate::domain::case::event::{Proposal, TextRef};

/// What can be asked of a case in the archive. `n` says which one of its kind, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DisposalCommand {
    /// 暂缓处置: nothing is disposed of until the hold is lifted.
    PlaceHold {
        /// Why.
        reason: TextRef,
    },
    /// 解除暂缓处置.
    LiftHold {
        /// Which hold.
        n: u32,
        /// Why.
        reason: TextRef,
    },
    /// 鉴定: propose what becomes of the file.
    ProposeAppraisal {
        /// What.
        proposal: Proposal,
        /// Why.
        reason: TextRef,
    },
    /// Decide upon it. When it is approved, it is done with that.
    DecideAppraisal {
        /// Which appraisal.
        n: u32,
        /// Whether it is approved.
        approve: bool,
        /// The opinion.
        opinion: Option<TextRef>,
    },
}

impl DisposalCommand {
    /// This command's name.
    pub fn kind(&self) -> DisposalKind {
        match self {
            Self::PlaceHold { .. } => DisposalKind::PlaceHold,
            Self::LiftHold { .. } => DisposalKind::LiftHold,
            Self::ProposeAppraisal { .. } => DisposalKind::ProposeAppraisal,
            Self::DecideAppraisal { .. } => DisposalKind::DecideAppraisal,
        }
    }
}
