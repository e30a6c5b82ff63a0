//! What may be asked for about other cases.

use super::*;
use crate::domain::case::command::RelationCommandKind as K;

pub(super) const POSSIBLE: &[(&str, &str)] = &[
    ("the right body was named", "dispatch hand_on link_repeat"),
    ("the right body was named, archived", "hand_on link_repeat RATE"),
    ("handed on", "link_repeat RATE"),
    ("handed on from another agency", "register CORRECT withdraw RELATE"),
    ("merged into an earlier one", "dispatch archive RATE"),
];

pub(super) fn situations() -> Vec<(&'static str, File)> {
    let named = named();
    let mut archived = named.clone();
    archived.does(CLERK, ask::dispatch(), "2026-03-16").does(CLERK, ask::serve(1), "2026-03-18");
    archived.does(ARCHIVIST, ask::archive(), "2026-03-20");
    let mut handed_on = archived.clone();
    handed_on.does(CLERK, ask::hand_on(11), "2026-03-23");
    let mut merged = brought_to(Status::InProcess);
    merged.does(CLERK, ask::merge(relations::earlier()), "2026-03-06");
    vec![
        ("the right body was named", named),
        ("the right body was named, archived", archived),
        ("handed on", handed_on),
        ("handed on from another agency", relations::handed_on_to_us("2026-03-23")),
        ("merged into an earlier one", merged),
    ]
}

/// Answered by naming the right body.
fn named() -> File {
    relations::named_another()
}

/// What fits wherever it belongs.
pub(super) fn best(kind: K) -> Command {
    match kind {
        K::HandOn => ask::hand_on(11),
        K::Split => ask::split(12),
        K::Merge => ask::merge(relations::earlier()),
        K::LinkRepeat => ask::repeat(relations::answered()),
        K::LinkSupplement => ask::supplement(relations::earlier()),
    }
}
