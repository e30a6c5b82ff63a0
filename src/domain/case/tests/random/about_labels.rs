//! What is asked for about a case's label.

use super::*;
use crate::domain::case::command::LabelKind;
use crate::domain::sensitivity::Sensitivity;

pub(super) fn content(kind: LabelKind, pick: u8) -> Command {
    ask::label(kind, Sensitivity::of_level(i32::from(pick % 4)).unwrap())
}
