//! A change of a calendar: trying it on every open case of every agency, and applying it to those it touches.

use std::collections::HashMap;

use diesel::prelude::*;

use super::audit::Snapshot;
use super::chain::{put_chain, take_chain};
use super::commit::insert_events;
use super::{Conn, hold_chains, insert_owed_rows, update_clocks};
use crate::audit::chain::Head;
use crate::clock::civil_date;
use crate::domain::case::clock::facts;
use crate::domain::case::event::{By, Event};
use crate::domain::case::fold;
use crate::domain::case::recount::{Recount, Shift};
use crate::domain::ids::{AgencyId, CaseId, EventId};
use crate::domain::time_limit::{ClockState, Fact};
use crate::store::change::{
    Apply, CalendarChange, ClockCells, ClockUpdate, Counted, Effects, Tally, obligation_rows,
};
use crate::store::error::StoreError;
use crate::store::record::{Unsealed, recorded, seal, signed};
use crate::store::rows::{AgencyRow, CaseObligationRow, EventRow};
use crate::store::schema::{agencies, calendar_versions, case_obligations, cases, events};
use crate::store::seals::HeadSeals;
use crate::store::types::{At, Key};

/// How many cases are read, counted and written at a time. Their new rows stay below SQLite's limit of 32,766 parameters.
const PAGE: i64 = 1_000;

/// An open case, as far as its clock needs.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = cases)]
struct Live {
    agency_id: Key,
    id: Key,
    version: i32,
    case_link: Vec<u8>,
    statute: String,
    statute_version: i32,
    calendar: Option<String>,
    number: Option<String>,
    sensitivity: i32,
    arrived_on: chrono::NaiveDate,
    clock: String,
    updated_at: At,
}

/// A case that the change touches, counted by both laws.
struct Hit {
    case: Live,
    recount: Recount,
}

/// What the change would do. Nothing is written.
pub(in crate::store) fn calendar_preview(
    conn: &mut Conn,
    change: &CalendarChange,
    limit: usize,
) -> Result<Effects, StoreError> {
    let snapshot = Snapshot::begin(conn)?;
    if super::calendars::generation(snapshot.0)? != change.before.generation() {
        return Err(StoreError::LawChanged);
    }
    let mut tally = Tally::new(change, limit);
    walk(snapshot.0, change, |_, agency, hits| {
        add(&mut tally, agency, &hits);
        Ok(())
    })?;
    Ok(tally.done())
}

/// Applies the change when it does what its preview said. Must run inside a write transaction: an error undoes all of it.
pub(in crate::store) fn calendar_apply_in_tx(
    conn: &mut Conn,
    seals: &HeadSeals,
    change: &CalendarChange,
    apply: &Apply,
    limit: usize,
) -> Result<Effects, StoreError> {
    // From here on nobody commits to any case until this ends (see `store/law.rs`).
    hold_chains(conn)?;
    if super::calendars::generation(conn)? != change.before.generation() {
        return Err(StoreError::PreviewStale);
    }
    let by = match apply.meta.by {
        By::Account { account, .. } => Some(Key(account.0)),
        By::Operator => None,
    };
    diesel::insert_into(calendar_versions::table).values(change.rows(apply, by)).execute(conn)?;
    let mut tally = Tally::new(change, limit);
    let days = change.days();
    walk(conn, change, |conn, agency, hits| {
        add(&mut tally, agency, &hits);
        write((conn, seals), change, apply, (agency, &days), hits)
    })?;
    let effects = tally.done();
    if effects.digest == apply.digest { Ok(effects) } else { Err(StoreError::PreviewStale) }
}

fn add(tally: &mut Tally, agency: &AgencyRow, hits: &[Hit]) {
    for Hit { case, recount } in hits {
        let of = (AgencyId(agency.id.0), agency.code.as_str());
        tally.add(of, CaseId(case.id.0), (case.number.as_deref(), case.sensitivity), recount);
    }
}

/// Goes through the open cases that the change may touch, by agency and id, a page at a time; shows those it does touch.
fn walk(
    conn: &mut Conn,
    change: &CalendarChange,
    mut show: impl FnMut(&mut Conn, &AgencyRow, Vec<Hit>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let Some(days) = change.touched() else { return Ok(()) };
    let all: Vec<AgencyRow> =
        agencies::table.order(agencies::id.asc()).select(AgencyRow::as_select()).load(conn)?;
    for agency in &all {
        let mut after = None;
        loop {
            let page = page(conn, agency.id, days, after)?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            let hits = hits(conn, change, page)?;
            if !hits.is_empty() {
                show(conn, agency, hits)?;
            }
        }
    }
    Ok(())
}

/// Cases whose clock runs, or waits, across the days in question: they arrived before the last of them, and owe something on
/// or after the first. Of those whose clock has ended, an answer to whoever examines the reply may be owed.
fn page(
    conn: &mut Conn,
    agency: Key,
    (first, last): (chrono::NaiveDate, chrono::NaiveDate),
    after: Option<Key>,
) -> Result<Vec<Live>, StoreError> {
    // Asked of a case at a time: as a list it would be all that the agency is owed, read again for every page.
    let owed = case_obligations::table
        .filter(case_obligations::agency_id.eq(cases::agency_id))
        .filter(case_obligations::case_id.eq(cases::id))
        .filter(case_obligations::due_on.ge(first));
    let mut query = cases::table
        .filter(cases::agency_id.eq(agency))
        .filter(cases::received_on.is_not_null())
        .filter(cases::arrived_on.le(last))
        .filter(
            cases::clock_state
                .ne(ClockState::Stopped.code())
                .and(cases::due_sort.ge(first))
                .or(diesel::dsl::exists(owed)),
        )
        .order(cases::id.asc())
        .limit(PAGE)
        .select(Live::as_select())
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(cases::id.gt(after));
    }
    Ok(query.load(conn)?)
}

fn hits(conn: &mut Conn, change: &CalendarChange, page: Vec<Live>) -> Result<Vec<Hit>, StoreError> {
    let mut folded = folded(conn, &page)?;
    let mut hits = Vec::new();
    for case in page {
        let facts = match folded.remove(&case.id) {
            Some(facts) => facts,
            None => stored(&case)?,
        };
        let counted = Counted {
            statute: &case.statute,
            statute_version: case.statute_version,
            calendar: case.calendar.as_deref(),
        };
        match change.recount(&counted, &facts)? {
            Some(recount) if recount.shift() != Shift::Nothing => hits.push(Hit { case, recount }),
            Some(_) | None => {}
        }
    }
    Ok(hits)
}

fn stored(case: &Live) -> Result<Vec<Fact>, StoreError> {
    serde_json::from_str(&case.clock).map_err(|error| inconsistent(case.id, format!("clock: {error}")))
}

fn inconsistent(case: Key, reason: String) -> StoreError {
    StoreError::Inconsistent { table: "cases", row: case.0.to_string(), reason }
}

/// The facts of those cases of a page whose rows an older program wrote, without facts: from their events.
fn folded(conn: &mut Conn, page: &[Live]) -> Result<HashMap<Key, Vec<Fact>>, StoreError> {
    let without: Vec<&Live> = page.iter().filter(|case| case.clock == "[]").collect();
    if without.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<Key> = without.iter().map(|case| case.id).collect();
    let rows: Vec<EventRow> = events::table
        .filter(events::case_id.eq_any(&ids))
        .order((events::case_id.asc(), events::case_seq.asc()))
        .select(EventRow::as_select())
        .load(conn)?;
    let fold = |case: &Live| {
        let own = rows.iter().filter(|row| row.case_id == Some(case.id)).map(recorded);
        let own = own.collect::<Result<Vec<_>, StoreError>>()?;
        let folded = fold(AgencyId(case.agency_id.0), CaseId(case.id.0), &own);
        let folded = folded.ok_or_else(|| inconsistent(case.id, "it has no events".to_owned()))?;
        Ok((case.id, facts(&folded)))
    };
    without.into_iter().map(fold).collect()
}

/// Writes a page of touched cases: an event on each that moves, the queue's columns and what is owed of each.
fn write(
    (conn, seals): (&mut Conn, &HeadSeals),
    change: &CalendarChange,
    apply: &Apply,
    (agency, days): (&AgencyRow, &[chrono::NaiveDate]),
    hits: Vec<Hit>,
) -> Result<(), StoreError> {
    let id = AgencyId(agency.id.0);
    let zone = agency.zone.parse().map_err(|_| StoreError::Inconsistent {
        table: "agencies",
        row: id.to_string(),
        reason: "unknown time zone".to_owned(),
    })?;
    let on = civil_date(apply.meta.at, zone);
    let mut chain = take_chain(conn, seals, id)?;
    let mut sealed = Vec::new();
    let mut updates = Vec::with_capacity(hits.len());
    let (mut freed, mut owed): (Vec<Key>, Vec<CaseObligationRow>) = (Vec::new(), Vec::new());
    for Hit { case, recount } in hits {
        let mut head = head_of(&case)?;
        let mut updated_at = case.updated_at;
        if recount.shift() == Shift::Moved {
            let event = event(change, apply, days, &case, &recount)?;
            let unsealed = Unsealed {
                id: EventId((apply.new_id)(apply.meta.at)),
                on,
                type_code: event.type_code(),
                event: &event,
            };
            let case = Some((CaseId(case.id.0), &mut head));
            sealed.push(seal(id, &mut chain.head, case, &apply.meta, &unsealed)?);
            updated_at = At(apply.meta.at);
        }
        if recount.before.obligations != recount.after.obligations {
            freed.push(case.id);
            owed.extend(obligation_rows(case.agency_id, case.id, &recount.after.obligations)?);
        }
        updates.push(ClockUpdate {
            agency_id: case.agency_id,
            id: case.id,
            version: signed(u32::try_from(head.seq).unwrap_or(u32::MAX))?,
            case_link: head.link.as_bytes().to_vec(),
            updated_at,
            cells: ClockCells::of(&recount.after),
        });
    }
    insert_events(conn, &sealed)?;
    put_chain(conn, seals, id, (&chain, apply.meta.at))?;
    update_clocks(conn, &updates)?;
    replace_owed(conn, agency.id, &freed, &owed)
}

fn head_of(case: &Live) -> Result<Head, StoreError> {
    let seq = u64::try_from(case.version).map_err(|error| inconsistent(case.id, error.to_string()))?;
    let link = case.case_link.as_slice().try_into();
    Ok(Head { seq, link: link.map_err(|_| inconsistent(case.id, "not a link".to_owned()))? })
}

fn event(
    change: &CalendarChange,
    apply: &Apply,
    days: &[chrono::NaiveDate],
    case: &Live,
    recount: &Recount,
) -> Result<Event, StoreError> {
    let cause = change.cause(days, case.arrived_on);
    let cause = cause.ok_or_else(|| StoreError::Internal("a change of no year".to_owned()))?;
    let version = u32::try_from(cause.version).map_err(|error| StoreError::Internal(error.to_string()))?;
    Ok(Event::CalendarChanged {
        calendar: change.calendar.clone(),
        year: cause.year,
        version,
        notice: change.notice.clone(),
        due_before: recount.before.limit.as_ref().map(|limit| limit.due_on),
        due_after: recount.after.limit.as_ref().map(|limit| limit.due_on),
        change_set: apply.change_set,
    })
}

fn replace_owed(
    conn: &mut Conn,
    agency: Key,
    freed: &[Key],
    owed: &[CaseObligationRow],
) -> Result<(), StoreError> {
    if freed.is_empty() {
        return Ok(());
    }
    let gone = case_obligations::table
        .filter(case_obligations::agency_id.eq(agency))
        .filter(case_obligations::case_id.eq_any(freed));
    diesel::delete(gone).execute(conn)?;
    insert_owed_rows(conn, owed)?;
    Ok(())
}
