//! The archive: an office's shelf, the item numbers of archival codes.

use diesel::prelude::*;

use super::Conn;
use crate::domain::case::event::{Event, Filed, ItemNumber};
use crate::domain::ids::AgencyId;
use crate::store::commit::Commit;
use crate::store::error::StoreError;
use crate::store::filter::{ArchiveFilter, Shelved};
use crate::store::rows::{CaseRow, ShelfRow};
use crate::store::schema::{
    applicants, archive_counters, archive_shelves, case_texts, cases, idempotency_keys,
};
use crate::store::types::{At, Key};

/// An office's settings, when it made any.
pub(in crate::store) fn shelf_of(conn: &mut Conn, agency: Key) -> Result<Option<ShelfRow>, StoreError> {
    Ok(archive_shelves::table.find(agency).select(ShelfRow::as_select()).first(conn).optional()?)
}

/// Puts an office's settings in the place of those it had. Must run inside a write transaction.
pub(in crate::store) fn shelf_put_in_tx(conn: &mut Conn, shelf: &ShelfRow) -> Result<(), StoreError> {
    diesel::insert_into(archive_shelves::table)
        .values(shelf)
        .on_conflict(archive_shelves::agency_id)
        .do_update()
        .set(shelf)
        .execute(conn)?;
    Ok(())
}

/// A page of the archive, each list in the order of an index of its own.
pub(in crate::store) fn archive_page(
    conn: &mut Conn,
    filter: &ArchiveFilter,
) -> Result<Vec<CaseRow>, StoreError> {
    let mine = cases::table
        .filter(super::custody::holding(conn, filter.agency, filter.clearance)?.cases())
        .select(CaseRow::as_select())
        .limit(filter.limit)
        .into_boxed();
    let rows = match (filter.state, filter.after) {
        (Shelved::Due, after) => {
            let due = mine
                .filter(cases::retention_ends_on.lt(filter.today))
                .filter(cases::disposed_on.is_null())
                .order((cases::retention_ends_on.asc(), cases::id.asc()));
            match after {
                Some((day, id)) => due
                    .filter(cases::retention_ends_on.ge(day))
                    .filter(cases::retention_ends_on.gt(day).or(cases::id.nullable().gt(id)))
                    .load(conn)?,
                None => due.load(conn)?,
            }
        }
        (Shelved::Held, after) => {
            let held = mine.filter(cases::on_hold.eq(true)).order((cases::arrived_on.asc(), cases::id.asc()));
            match after {
                Some((day, id)) => held
                    .filter(cases::arrived_on.ge(day))
                    .filter(cases::arrived_on.gt(day).or(cases::id.gt(id)))
                    .load(conn)?,
                None => held.load(conn)?,
            }
        }
        (Shelved::Disposed, after) => {
            let disposed = mine
                .filter(cases::disposed_on.is_not_null())
                .order((cases::disposed_on.asc(), cases::id.asc()));
            match after {
                Some((day, id)) => disposed
                    .filter(cases::disposed_on.ge(day))
                    .filter(cases::disposed_on.gt(day).or(cases::id.nullable().gt(id)))
                    .load(conn)?,
                None => disposed.load(conn)?,
            }
        }
    };
    Ok(rows)
}

/// Deletes what a commit erases: the applicant's records of the case, its words but those that lists show and the archive's own
/// reasons, its files, what was said in supervision notices about it, and the answers kept for retries that tell of it. Must
/// run inside a write transaction.
pub(in crate::store) fn erase(conn: &mut Conn, commit: &Commit) -> Result<(), StoreError> {
    let erases = |event: &Event| matches!(event, Event::AppraisalDecided(decided) if decided.erases());
    if !commit.events.iter().any(|(_, happened)| erases(&happened.event)) {
        return Ok(());
    }
    let (agency, case) = (Key(commit.agency.0), Key(commit.case.0));
    diesel::delete(
        applicants::table.filter(applicants::agency_id.eq(agency)).filter(applicants::case_id.eq(case)),
    )
    .execute(conn)?;
    diesel::delete(
        case_texts::table
            .filter(case_texts::agency_id.eq(agency))
            .filter(case_texts::case_id.eq(case))
            .filter(case_texts::kind.ne_all(KEPT))
            .filter(case_texts::id.ne_all(shown(commit))),
    )
    .execute(conn)?;
    super::attachments::erase_in_tx(conn, agency, case, At(commit.meta.at))?;
    super::notices::notices_erase_in_tx(conn, agency, case)?;
    let path = format!("/api/v1/cases/{}", commit.case);
    let of_commands =
        idempotency_keys::path.gt(format!("{path}/")).and(idempotency_keys::path.lt(format!("{path}0")));
    let tells = idempotency_keys::case_id.eq(case).assume_not_null().or(of_commands);
    // Emptied, not deleted: who tries again must not receive the request a second time.
    diesel::update(idempotency_keys::table.filter(tells))
        .set((idempotency_keys::answer.eq(Vec::new()), idempotency_keys::body_hash.eq(Vec::new())))
        .execute(conn)?;
    Ok(())
}

/// Why the archive did what it did outlives an erasure, and so does what is published for everybody, and where.
const KEPT: [&str; 2] = ["archive", "publication"];

/// The summary and the documents asked for as they stand outlive it too: they hold no personal data, the record of disposal names
/// them, and the rows that lists read are derived from them. Earlier versions may have been put right for what they held: they go.
fn shown(commit: &Commit) -> Vec<Key> {
    let case = commit.before.as_ref().map(|before| &before.case);
    let registration = case.and_then(|case| case.state.registration());
    let documents = registration.and_then(|registration| registration.documents.as_ref());
    let shown = registration.map(|registration| &registration.subject).into_iter().chain(documents);
    shown.map(|text| Key(text.id.0)).collect()
}

/// Gives a file the next item number of its fonds, catalogue, year and period, where one is due.
pub(in crate::store) fn itemised(
    conn: &mut Conn,
    agency: AgencyId,
    event: Event,
) -> Result<Event, StoreError> {
    let Event::Archived { note, file: Some(file @ Filed { item: ItemNumber::Due, .. }) } = event else {
        return Ok(event);
    };
    let next: i32 = diesel::insert_into(archive_counters::table)
        .values((
            archive_counters::agency_id.eq(Key(agency.0)),
            archive_counters::fonds.eq(&file.fonds),
            archive_counters::catalogue.eq(&file.catalogue),
            archive_counters::year.eq(file.year),
            archive_counters::retention.eq(file.retention.code()),
            archive_counters::last.eq(1),
        ))
        .on_conflict((
            archive_counters::agency_id,
            archive_counters::fonds,
            archive_counters::catalogue,
            archive_counters::year,
            archive_counters::retention,
        ))
        .do_update()
        .set(archive_counters::last.eq(archive_counters::last + 1))
        .returning(archive_counters::last)
        .get_result(conn)?;
    let item = u32::try_from(next).map_err(|_| StoreError::Internal("a counter below zero".to_owned()))?;
    Ok(Event::Archived { note, file: Some(Filed { item: ItemNumber::Given(item), ..file }) })
}
