//! Notices of supervising agencies (督办).

use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::Conn;
use super::audit::Snapshot;
use super::custody::holding;
use super::queue::worked_on_by;
use crate::domain::notice::NoticeState;
use crate::store::custody::Holding;
use crate::store::error::StoreError;
use crate::store::filter::Reach;
use crate::store::notices::{NoticeCounts, NoticeFilter, NoticeLine, NoticeRow, NoticeSide, NoticeStepRow};
use crate::store::rows::{ApplicantRow, CaseRow};
use crate::store::schema::{applicants, cases, supervision_notices as notices, supervision_steps as steps};
use crate::store::types::Key;

/// Those that stand so on a day.
macro_rules! standing {
    ($query:expr, $state:expr, $today:expr) => {{
        let (query, today): (_, NaiveDate) = ($query, $today);
        let open = notices::closed_on.is_null();
        match $state {
            NoticeState::Open => {
                query.filter(open.and(notices::answered_on.is_null())).filter(notices::due_on.ge(today))
            }
            NoticeState::Overdue => {
                query.filter(open.and(notices::answered_on.is_null())).filter(notices::due_on.lt(today))
            }
            NoticeState::Answered => query.filter(open.and(notices::answered_on.is_not_null())),
            NoticeState::Closed => query.filter(notices::closed_on.is_not_null()),
        }
    }};
}

/// Those about cases within a reach, and, when that is not limited to departments, those about none.
macro_rules! within {
    ($query:expr, $held:expr, $reach:expr) => {{
        let (query, held, reach): (_, &Holding, &Reach) = ($query, $held, $reach);
        let readable = notices::case_id.is_null().or(held.rows_of("supervision_notices"));
        match &reach.departments {
            Some(departments) => query
                .filter(readable)
                .filter(notices::case_id.assume_not_null().eq_any(worked_on_by(held, departments.clone()))),
            None if held.readable.is_some() => query.filter(readable),
            None => query,
        }
    }};
}

/// What came to the agency, as far as the reader's clearance goes: a notice stays where it was sent.
fn came(conn: &mut Conn, agency: Key, reach: &Reach) -> Result<Holding, StoreError> {
    let held = holding(conn, agency, reach.clearance)?;
    Ok(Holding { origins: None, ..held })
}

/// A page of notices, the newest first, each with its first step.
pub(in crate::store) fn notices_page(
    conn: &mut Conn,
    filter: &NoticeFilter,
) -> Result<Vec<NoticeLine>, StoreError> {
    // One snapshot: the steps are those of the rows, whoever writes meanwhile.
    let snapshot = Snapshot::begin(conn)?;
    let mut query = notices::table
        .select(NoticeRow::as_select())
        .order(notices::id.desc())
        .limit(filter.limit)
        .into_boxed();
    query = match filter.side {
        NoticeSide::Received(agency) => {
            let held = came(snapshot.0, agency, &filter.reach)?;
            within!(query.filter(notices::agency_id.eq(agency)), &held, &filter.reach)
        }
        NoticeSide::Sent(agency) => query.filter(notices::from_agency_id.eq(agency)),
    };
    if let Some(state) = filter.state {
        query = standing!(query, state, filter.today);
    }
    if let Some(before) = filter.before {
        query = query.filter(notices::id.lt(before));
    }
    let rows: Vec<NoticeRow> = query.load(snapshot.0)?;
    let agencies: Vec<Key> = rows.iter().map(|row| row.agency_id).collect();
    let ids: Vec<Key> = rows.iter().map(|row| row.id).collect();
    let first: Vec<NoticeStepRow> = steps::table
        .filter(steps::agency_id.eq_any(agencies))
        .filter(steps::notice_id.eq_any(ids))
        .filter(steps::n.eq(1))
        .select(NoticeStepRow::as_select())
        .load(snapshot.0)?;
    let line = |row: NoticeRow| {
        let own = first.iter().filter(|step| step.agency_id == row.agency_id && step.notice_id == row.id);
        let own = own.cloned().collect();
        (row, own)
    };
    Ok(rows.into_iter().map(line).collect())
}

/// One notice with its steps.
pub(in crate::store) fn notice_by_id(
    conn: &mut Conn,
    agency: Key,
    reach: &Reach,
    id: Key,
) -> Result<Option<NoticeLine>, StoreError> {
    let snapshot = Snapshot::begin(conn)?;
    let query = notices::table
        .filter(notices::agency_id.eq(agency))
        .filter(notices::id.eq(id))
        .select(NoticeRow::as_select())
        .into_boxed();
    let held = came(snapshot.0, agency, reach)?;
    let query = within!(query, &held, reach);
    let Some(row) = query.first::<NoticeRow>(snapshot.0).optional()? else { return Ok(None) };
    let steps = steps::table
        .filter(steps::agency_id.eq(agency))
        .filter(steps::notice_id.eq(id))
        .order(steps::n.asc())
        .select(NoticeStepRow::as_select())
        .load(snapshot.0)?;
    Ok(Some((row, steps)))
}

/// How many stand how.
pub(in crate::store) fn notices_count(
    conn: &mut Conn,
    agency: Key,
    reach: &Reach,
    today: NaiveDate,
) -> Result<NoticeCounts, StoreError> {
    let snapshot = Snapshot::begin(conn)?;
    let held = came(snapshot.0, agency, reach)?;
    let mut count = |state: NoticeState| -> Result<i64, StoreError> {
        let query = notices::table.filter(notices::agency_id.eq(agency)).select(count_star()).into_boxed();
        let query = within!(standing!(query, state, today), &held, reach);
        Ok(query.get_result(snapshot.0)?)
    };
    Ok((count(NoticeState::Open)?, count(NoticeState::Overdue)?, count(NoticeState::Answered)?))
}

/// The rows of some cases, and every record of their applicants.
pub(in crate::store) fn cases_with_applicants(
    conn: &mut Conn,
    agencies: &[Key],
    ids: &[Key],
) -> Result<(Vec<CaseRow>, Vec<ApplicantRow>), StoreError> {
    let snapshot = Snapshot::begin(conn)?;
    let rows = cases::table
        .filter(cases::agency_id.eq_any(agencies))
        .filter(cases::id.eq_any(ids))
        .select(CaseRow::as_select())
        .load(snapshot.0)?;
    let people = applicants::table
        .filter(applicants::agency_id.eq_any(agencies))
        .filter(applicants::case_id.eq_any(ids))
        .select(ApplicantRow::as_select())
        .load(snapshot.0)?;
    Ok((rows, people))
}

/// Writes a notice and its first step. [`StoreError::VersionConflict`] when the case is another version by now: it may have been
/// erased. Must run inside a write transaction that has taken the agency's chain, as every change of a case does.
pub(in crate::store) fn notice_insert_in_tx(
    conn: &mut Conn,
    row: &NoticeRow,
    step: &NoticeStepRow,
    case_version: Option<i32>,
) -> Result<(), StoreError> {
    if let Some(case) = row.case_id {
        let version: Option<i32> = cases::table
            .filter(cases::agency_id.eq(row.agency_id))
            .filter(cases::id.eq(case))
            .select(cases::version)
            .first(conn)
            .optional()?;
        if version != case_version {
            return Err(StoreError::VersionConflict);
        }
    }
    diesel::insert_into(notices::table).values(row).execute(conn)?;
    diesel::insert_into(steps::table).values(step).execute(conn)?;
    Ok(())
}

/// Takes a step of a notice: `row` is as it stands afterwards. [`StoreError::VersionConflict`] when another was taken meanwhile, or what
/// was said in it was erased. Must run inside a write transaction that has taken the agency's chain.
pub(in crate::store) fn notice_step_in_tx(
    conn: &mut Conn,
    row: &NoticeRow,
    step: &NoticeStepRow,
) -> Result<(), StoreError> {
    let before = notices::table
        .find((row.agency_id, row.id))
        .filter(notices::version.eq(row.version.saturating_sub(1)));
    let changed = diesel::update(before)
        .set((
            notices::version.eq(row.version),
            notices::due_on.eq(row.due_on),
            notices::answered_on.eq(row.answered_on),
            notices::closed_on.eq(row.closed_on),
        ))
        .execute(conn)?;
    if changed != 1 {
        return Err(StoreError::VersionConflict);
    }
    if step.sealed.is_some() {
        let first = steps::table.find((row.agency_id, row.id, 1)).select(steps::sealed.is_null());
        if first.get_result(conn)? {
            return Err(StoreError::VersionConflict);
        }
    }
    diesel::insert_into(steps::table).values(step).execute(conn)?;
    Ok(())
}

/// Erases what was said in the notices about a case, with the case's own words. Must run inside a write transaction.
pub(in crate::store) fn notices_erase_in_tx(
    conn: &mut Conn,
    agency: Key,
    case: Key,
) -> Result<(), StoreError> {
    let about: Vec<Key> = notices::table
        .filter(notices::agency_id.eq(agency))
        .filter(notices::case_id.eq(case))
        .select(notices::id)
        .load(conn)?;
    let said = steps::table.filter(steps::agency_id.eq(agency)).filter(steps::notice_id.eq_any(about));
    diesel::update(said.filter(steps::sealed.is_not_null()))
        .set(steps::sealed.eq(None::<Vec<u8>>))
        .execute(conn)?;
    Ok(())
}
