//! What is asked for about other cases, mostly with the content that fits.

use super::*;
use crate::domain::case::command::RelationCommandKind as K;
use crate::domain::case::relation::OtherCase;

pub(super) fn content(file: &File, kind: K, detail: u8, pick: u8) -> Command {
    match kind {
        K::HandOn => ask::hand_on(pick.into()),
        K::Split => ask::split(u128::from(pick) + 1_000),
        K::Merge => ask::merge(other(file, relations::earlier(), detail, pick)),
        K::LinkRepeat => ask::repeat(other(file, relations::answered(), detail, pick)),
        K::LinkSupplement => ask::supplement(other(file, relations::earlier(), detail, pick)),
    }
}

/// One of a few cases, received around this one, with something wrong now and then.
fn other(file: &File, fits: OtherCase, detail: u8, pick: u8) -> OtherCase {
    let received = file.case.receipt.day();
    let before = received - Days::new(20);
    let case =
        if pick.is_multiple_of(16) { CASE } else { CaseId(Uuid::from_u128(u128::from(pick % 3) + 50)) };
    let shift = Days::new(u64::from(pick % 8));
    OtherCase {
        case,
        is_open: fits.is_open && !detail.is_multiple_of(7),
        received_on: if detail.is_multiple_of(5) { received + shift } else { before },
        replied_on: fits.replied_on.filter(|_| !detail.is_multiple_of(6)).map(|_| before + shift),
        disposed_on: detail.is_multiple_of(13).then_some(before),
        same_applicant: !detail.is_multiple_of(11),
        ends_no_later: !detail.is_multiple_of(4),
        ..fits
    }
}
