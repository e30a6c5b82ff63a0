//! Writing a decided command: number, both chains, events, words, queue row and kept answer, in one transaction.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::chain::{hold_chain, put_chain, take_chain_by};
use super::{Conn, insert_event_rows, insert_owed_rows};
use crate::audit::chain::{ChainId, Head, Suite};
use crate::domain::case::event::{Event, Number};
use crate::domain::case::evolve::{begin, evolve};
use crate::domain::case::{Case, Recorded};
use crate::domain::ids::{AgencyId, EventId};
use crate::store::commit::{Commit, Committed, KeepAnswer, Retry};
use crate::store::error::StoreError;
use crate::store::queue_rows::{QueueRows, Shown, queue_rows};
use crate::store::record::{Meta, Unsealed, seal};
use crate::store::rows::{CaseRow, EventRow, IdempotencyRow};
use crate::store::schema::{
    applicants, case_departments, case_obligations, case_remedies, case_search, case_texts, cases,
    idempotency_keys, number_counters,
};
use crate::store::seals::HeadSeals;
use crate::store::types::{At, Key};

/// Writes one commit. Must run inside a write transaction.
pub(in crate::store) fn commit_in_tx(
    conn: &mut Conn,
    seals: &HeadSeals,
    commit: Commit,
    keep: Option<KeepAnswer>,
) -> Result<Committed, StoreError> {
    let mut chain = take_chain_by(conn, seals, commit.agency, &commit.law)?;
    if commit.before.is_none() {
        super::reorganisation::takes_in(conn, commit.agency)?;
    }
    let mut events = Vec::with_capacity(commit.events.len());
    for (id, happened) in &commit.events {
        let event = numbered(conn, &commit, happened.event.clone())?;
        events.push((*id, happened.on, super::archive::itemised(conn, commit.custodian(), event)?));
    }
    let Sealed { case, head, rows } = seal_all(&commit, events, &mut chain.head)?;
    insert_events(conn, &rows)?;
    put_chain(conn, seals, commit.agency, (&chain, commit.meta.at))?;
    diesel::insert_into(case_texts::table).values(&commit.texts).execute(conn)?;
    if let Some(applicant) = &commit.applicant {
        diesel::insert_into(applicants::table).values(applicant).execute(conn)?;
    }
    if let Some(request) = &commit.portal_request {
        super::portals::portal_request_insert_in_tx(conn, request)?;
    }
    super::archive::erase(conn, &commit)?;
    if let Some(new) = &commit.attachment {
        super::attachments::attach_in_tx(conn, &commit, new)?;
    }
    let row = put_case(conn, &commit, &case, &head)?;
    let committed = Committed { case, row };
    if let (Some(retry), Some(keep)) = (&commit.retry, keep) {
        let case = Some(Key(commit.case.0));
        keep_answer(conn, retry, (case, keep(&committed)?), commit.meta)?;
    }
    Ok(committed)
}

/// Writes a commit and others that it brings about, of whichever agencies. Must run inside a write transaction.
///
/// All chains are taken first, in one order, so that two that hand on to each other do not wait for each other.
pub(in crate::store) fn commit_all_in_tx(
    conn: &mut Conn,
    seals: &HeadSeals,
    commit: Commit,
    others: Vec<Commit>,
    keep: Option<KeepAnswer>,
) -> Result<Committed, StoreError> {
    let mut agencies: Vec<AgencyId> = others.iter().map(|other| other.agency).collect();
    if agencies.iter().any(|agency| *agency != commit.agency) {
        agencies.push(commit.agency);
        agencies.sort_unstable();
        agencies.dedup();
        for agency in agencies {
            hold_chain(conn, agency)?;
        }
    }
    for other in others {
        commit_in_tx(conn, seals, other, None)?;
    }
    commit_in_tx(conn, seals, commit, keep)
}

/// A commit's events at the ends of both chains, and the case they leave.
pub(in crate::store) struct Sealed {
    pub case: Case,
    pub head: Head,
    pub rows: Vec<EventRow>,
}

/// Seals a commit's events, their numbers given, and moves the agency's head on.
pub(in crate::store) fn seal_all(
    commit: &Commit,
    events: Vec<(EventId, NaiveDate, Event)>,
    agency_head: &mut Head,
) -> Result<Sealed, StoreError> {
    let before = commit.before.as_ref();
    let mut head = before
        .map_or_else(|| Head::start(Suite::CURRENT, &ChainId::Case(commit.case.0)), |before| before.head);
    let mut case = before.map(|before| before.case.clone());
    let mut rows = Vec::with_capacity(events.len());
    for (id, on, event) in events {
        let unsealed = Unsealed { id, on, type_code: event.type_code(), event: &event };
        rows.push(seal(commit.agency, agency_head, Some((commit.case, &mut head)), &commit.meta, &unsealed)?);
        let seq = u32::try_from(head.seq).unwrap_or(u32::MAX);
        case = step(case, commit, recorded(seq, on, &commit.meta, event));
    }
    let case = case.ok_or_else(|| StoreError::Internal("a commit without events".to_owned()))?;
    Ok(Sealed { case, head, rows })
}

fn recorded(seq: u32, on: NaiveDate, meta: &Meta, event: Event) -> Recorded {
    Recorded { seq, at: meta.at, on, by: meta.by, origin: meta.origin, event }
}

fn step(case: Option<Case>, commit: &Commit, recorded: Recorded) -> Option<Case> {
    match case {
        Some(case) => Some(evolve(case, &recorded)),
        None => begin(commit.agency, commit.case, &recorded),
    }
}

/// Gives a number that is due: the next of the agency's year. A number taken over with a ledger is stepped over.
fn numbered(conn: &mut Conn, commit: &Commit, event: Event) -> Result<Event, StoreError> {
    let Event::Registered { number: Number::Due { year }, subject, documents } = event else {
        return Ok(event);
    };
    loop {
        let next: i32 = diesel::insert_into(number_counters::table)
            .values((
                number_counters::agency_id.eq(Key(commit.custodian().0)),
                number_counters::year.eq(year),
                number_counters::last.eq(1),
            ))
            .on_conflict((number_counters::agency_id, number_counters::year))
            .do_update()
            .set(number_counters::last.eq(number_counters::last + 1))
            .returning(number_counters::last)
            .get_result(conn)?;
        let next =
            u32::try_from(next).map_err(|_| StoreError::Internal("a counter below zero".to_owned()))?;
        let number = commit.number_pattern.format(year, next);
        let taken: i64 = cases::table
            .filter(cases::agency_id.eq_any([Key(commit.agency.0), Key(commit.custodian().0)]))
            .filter(cases::number.eq(&number))
            .count()
            .get_result(conn)?;
        if taken == 0 {
            return Ok(Event::Registered { number: Number::Given(number), subject, documents });
        }
    }
}

pub(in crate::store) fn insert_events(conn: &mut Conn, rows: &[EventRow]) -> Result<(), StoreError> {
    match insert_event_rows(conn, rows).map_err(StoreError::from) {
        // Somebody else wrote the case's next event first.
        Err(StoreError::Taken { constraint: "events_case" }) => Err(StoreError::VersionConflict),
        other => other.map(|_| ()).map_err(StoreError::of_the_record),
    }
}

/// Writes the queue rows: inserts them for a new case, else changes the one whose version was decided upon. No row
/// changed means that somebody else was first.
fn put_case(conn: &mut Conn, commit: &Commit, case: &Case, head: &Head) -> Result<CaseRow, StoreError> {
    let known = commit.before.as_ref().map(|before| &before.row);
    let shown = Shown {
        subject: commit.subject.clone().or_else(|| known.and_then(|row| row.subject.clone())),
        documents: commit.documents.clone().or_else(|| known.and_then(|row| row.documents.clone())),
        publications: commit.publications.clone().unwrap_or_default(),
    };
    let created_at = commit.before.as_ref().map_or(commit.meta.at, |before| before.row.created_at.0);
    let rows = queue_rows(case, head, shown, created_at, commit.meta.at, &commit.law)?;
    let row = &rows.row;
    match &commit.before {
        None => {
            diesel::insert_into(cases::table).values(row).execute(conn)?;
        }
        Some(before) => {
            let changed = diesel::update(
                cases::table.find((row.agency_id, row.id)).filter(cases::version.eq(before.row.version)),
            )
            .set(row)
            .execute(conn)?;
            if changed != 1 {
                return Err(StoreError::VersionConflict);
            }
        }
    }
    if row.custodian_agency_id != row.agency_id {
        super::custody::custody_put_in_tx(conn, row.custodian_agency_id, row.agency_id)?;
    }
    if touches_departments(commit) {
        put_departments(conn, &rows)?;
    }
    if commit.before.as_ref().is_some_and(|before| before.case.remedies != case.remedies) {
        put_remedies(conn, &rows)?;
    }
    if commit.before.as_ref().is_none_or(|before| !same_clock(&before.row, row)) {
        put_obligations(conn, &rows, commit.before.is_none())?;
    }
    if known.map_or(rows.search.is_some(), |before| !same_words(before, row)) {
        put_search(conn, &rows)?;
    }
    if known.map_or(!rows.documents.is_empty(), |before| !same_documents(before, row)) {
        super::publication::put_documents(conn, &rows)?;
    }
    if commit.publications.is_some() {
        super::publication::put_publications(conn, &rows)?;
    }
    Ok(rows.row)
}

/// Whether it asks for the same documents, and since the same day.
fn same_documents(before: &CaseRow, after: &CaseRow) -> bool {
    let neither = before.documents.is_none() && after.documents.is_none();
    neither || (&before.documents, before.received_sort) == (&after.documents, after.received_sort)
}

/// Whether all that is searched of a case is as before.
fn same_words(before: &CaseRow, after: &CaseRow) -> bool {
    fn words(row: &CaseRow) -> [&Option<String>; 4] {
        [&row.subject, &row.number, &row.documents, &row.reply_numbers]
    }
    words(before) == words(after)
}

/// Puts what is searched of a case in the place of what was.
pub(in crate::store) fn put_search(conn: &mut Conn, rows: &QueueRows) -> Result<(), StoreError> {
    use diesel::upsert::excluded;
    if let Some(search) = &rows.search {
        diesel::insert_into(case_search::table)
            .values(search)
            .on_conflict((case_search::agency_id, case_search::case_id))
            .do_update()
            .set(case_search::words.eq(excluded(case_search::words)))
            .execute(conn)?;
        return Ok(());
    }
    let own = case_search::table
        .filter(case_search::agency_id.eq(rows.row.agency_id))
        .filter(case_search::case_id.eq(rows.row.id));
    diesel::delete(own).execute(conn)?;
    Ok(())
}

/// Whether the clock stands as before, and so does what is owed: most commands do not touch it, and write nothing.
fn same_clock(before: &CaseRow, after: &CaseRow) -> bool {
    let of = |row: &CaseRow| (row.due_on, row.yellow_on, row.red_on, row.prudent_due_on);
    before.clock == after.clock && before.clock_state == after.clock_state && of(before) == of(after)
}

fn touches_departments(commit: &Commit) -> bool {
    commit.events.iter().any(|(_, happened)| {
        matches!(happened.event, Event::Assigned { .. } | Event::Returned { .. } | Event::HandedOver(_))
    })
}

pub(in crate::store) fn put_departments(conn: &mut Conn, rows: &QueueRows) -> Result<(), StoreError> {
    let (row, departments) = (&rows.row, &rows.departments);
    diesel::delete(
        case_departments::table
            .filter(case_departments::agency_id.eq(row.agency_id))
            .filter(case_departments::case_id.eq(row.id)),
    )
    .execute(conn)?;
    diesel::insert_into(case_departments::table).values(departments).execute(conn)?;
    Ok(())
}

/// Puts the remedies that stand in the place of those that stood.
pub(in crate::store) fn put_remedies(conn: &mut Conn, rows: &QueueRows) -> Result<(), StoreError> {
    let (row, remedies) = (&rows.row, &rows.remedies);
    diesel::delete(
        case_remedies::table
            .filter(case_remedies::agency_id.eq(row.agency_id))
            .filter(case_remedies::case_id.eq(row.id)),
    )
    .execute(conn)?;
    diesel::insert_into(case_remedies::table).values(remedies).execute(conn)?;
    Ok(())
}

/// Puts what is owed in the place of what was; a `new` case owed nothing.
pub(in crate::store) fn put_obligations(
    conn: &mut Conn,
    rows: &QueueRows,
    new: bool,
) -> Result<(), StoreError> {
    if !new {
        diesel::delete(
            case_obligations::table
                .filter(case_obligations::agency_id.eq(rows.row.agency_id))
                .filter(case_obligations::case_id.eq(rows.row.id)),
        )
        .execute(conn)?;
    }
    insert_owed_rows(conn, &rows.obligations)?;
    Ok(())
}

/// Keeps the first answer under its key, with the case of which it tells, in the same transaction as the change it answers.
pub(in crate::store) fn keep_answer(
    conn: &mut Conn,
    retry: &Retry,
    (case_id, answer): (Option<Key>, Vec<u8>),
    meta: Meta,
) -> Result<(), StoreError> {
    diesel::insert_into(idempotency_keys::table)
        .values(IdempotencyRow {
            account_id: Key(retry.account.0),
            method: retry.method.clone(),
            path: retry.path.clone(),
            key: retry.key.clone(),
            body_hash: retry.body_hash.clone(),
            answer,
            created_at: At(meta.at),
            case_id,
        })
        .execute(conn)?;
    Ok(())
}
