//! The orders of the archive, their words still in clear.

use crate::app::error::AppError;
use crate::app::people::{Sealer, TextKind};
use crate::domain::case::command::{DisposalCommand, DisposalKind};
use crate::domain::case::event::Proposal;

/// A command of the archive as it is asked for. `n` says which one of its kind, from 1.
#[derive(Clone, Debug)]
pub enum DisposalOrder {
    /// See [`DisposalCommand::PlaceHold`].
    PlaceHold {
        /// Why.
        reason: String,
    },
    /// See [`DisposalCommand::LiftHold`].
    LiftHold {
        /// Which hold.
        n: u32,
        /// Why.
        reason: String,
    },
    /// See [`DisposalCommand::ProposeAppraisal`].
    ProposeAppraisal {
        /// What.
        proposal: Proposal,
        /// Why.
        reason: String,
    },
    /// See [`DisposalCommand::DecideAppraisal`].
    DecideAppraisal {
        /// Which appraisal.
        n: u32,
        /// Whether it is approved.
        approve: bool,
        /// The opinion.
        opinion: Option<String>,
    },
}

impl DisposalOrder {
    /// The command's name.
    pub fn kind(&self) -> DisposalKind {
        match self {
            Self::PlaceHold { .. } => DisposalKind::PlaceHold,
            Self::LiftHold { .. } => DisposalKind::LiftHold,
            Self::ProposeAppraisal { .. } => DisposalKind::ProposeAppraisal,
            Self::DecideAppraisal { .. } => DisposalKind::DecideAppraisal,
        }
    }
}

/// Reasons and opinions outlive the words of the case: they say why these are gone.
pub(super) fn seal(order: &DisposalOrder, sealer: &mut Sealer) -> Result<DisposalCommand, AppError> {
    Ok(match order {
        DisposalOrder::PlaceHold { reason } => {
            DisposalCommand::PlaceHold { reason: sealer.text(TextKind::Archive, reason)? }
        }
        DisposalOrder::LiftHold { n, reason } => {
            DisposalCommand::LiftHold { n: *n, reason: sealer.text(TextKind::Archive, reason)? }
        }
        DisposalOrder::ProposeAppraisal { proposal, reason } => DisposalCommand::ProposeAppraisal {
            proposal: *proposal,
            reason: sealer.text(TextKind::Archive, reason)?,
        },
        DisposalOrder::DecideAppraisal { n, approve, opinion } => DisposalCommand::DecideAppraisal {
            n: *n,
            approve: *approve,
            opinion: sealer.optional_text(TextKind::Archive, opinion.as_deref())?,
        },
    })
}
