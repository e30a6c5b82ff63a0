//! What is asked for about the applicant.

use super::*;
use crate::domain::case::command::ContactKind;

pub(super) fn content(kind: ContactKind, pick: u8) -> Command {
    match kind {
        ContactKind::Log => ask::talk(),
        ContactKind::Rate => ask::rate(1 + pick % 5),
    }
}
