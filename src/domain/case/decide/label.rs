//! A case's security label (GB/T 22239-2019, 8.1.4.2 g). It may change at any time while there is a file to read; who may change it, and
//! up to what, is the policy's to say.

use crate::domain::case::command::{LabelCommand, LabelKind};
use crate::domain::case::event::{Event, SensitivityChanged};
use crate::domain::case::refusal::{LabelRefusal, RefusalCode};
use crate::domain::case::state::Case;
use crate::domain::sensitivity::Sensitivity;

/// Whether somebody could give this command with the right label.
pub(super) fn left_to_do(case: &Case, kind: LabelKind) -> Result<(), RefusalCode> {
    let is = case.sensitivity;
    match kind {
        LabelKind::Raise if is == Sensitivity::HIGHEST => Err(LabelRefusal::NotHigher { is }.into()),
        LabelKind::Lower if is == Sensitivity::Ordinary => Err(LabelRefusal::NotLower { is }.into()),
        LabelKind::Raise | LabelKind::Lower => Ok(()),
    }
}

/// Decides upon a command whose date has been checked.
pub(super) fn decide(case: &Case, command: LabelCommand) -> Result<Event, RefusalCode> {
    let from = case.sensitivity;
    match command {
        LabelCommand::Raise { to, .. } if to <= from => Err(LabelRefusal::NotHigher { is: from }.into()),
        LabelCommand::Lower { to, .. } if to >= from => Err(LabelRefusal::NotLower { is: from }.into()),
        LabelCommand::Raise { to, reason } | LabelCommand::Lower { to, reason } => {
            Ok(Event::SensitivityChanged(SensitivityChanged { from, to, reason }))
        }
    }
}
