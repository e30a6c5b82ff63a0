//! 归档: the file gets its code, and the period for which it is kept.

use chrono::{Datelike, NaiveDate};

use super::Context;
use crate::domain::case::command::Filing;
use crate::domain::case::event::{Event, Filed, ItemNumber};
use crate::domain::case::refusal::{ArchiveRefusal, RefusalCode};
use crate::domain::case::state::Case;

/// The year in the code is the one in which the case was concluded; the period, by rule or longer with a reason. A case that was
/// answered anew keeps the code that it has, and is kept no shorter than before.
pub(super) fn file(
    case: &Case,
    filing: Filing,
    on: NaiveDate,
    context: &Context,
) -> Result<Event, RefusalCode> {
    let Filing { note, shelf, retention, reason } = filing;
    let rules = &context.pack.retention;
    let (by_rule, ground) = shelf.retention(rules, case);
    let before = case.archive.file.as_ref();
    let by_rule = before.map_or(by_rule, |before| before.retention.max(by_rule));
    let retention = retention.unwrap_or(by_rule);
    if retention < by_rule {
        return Err(ArchiveRefusal::RetentionShorter { asked: retention, by_rule }.into());
    }
    if retention > by_rule && reason.is_none() {
        return Err(ArchiveRefusal::RetentionReasonMissing { by_rule }.into());
    }
    let concluded_on = case.state.conclusion().map_or(on, |conclusion| conclusion.concluded_on());
    let if_disputed = shelf.if_disputed(rules);
    let reason = reason.filter(|_| retention > by_rule);
    let file = match before.cloned() {
        Some(before) => {
            let coded = Some(before.coded.unwrap_or(before.retention)).filter(|coded| *coded != retention);
            Filed { retention, by_rule, ground, if_disputed, coded, reason, ..before }
        }
        None => Filed {
            fonds: shelf.fonds,
            catalogue: shelf.catalogue,
            year: concluded_on.year(),
            item: ItemNumber::Due,
            retention,
            by_rule,
            ground,
            if_disputed,
            coded: None,
            reason,
        },
    };
    Ok(Event::Archived { note, file: Some(file) })
}
