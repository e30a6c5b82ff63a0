//! Reading everything of an agency within one snapshot: for verification, and for deriving queue rows again.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::{Conn, SNAPSHOT};
use crate::store::answers::{StoredCase, Walker};
use crate::store::error::StoreError;
use crate::store::publication::{CaseDocumentRow, CasePublicationRow};
use crate::store::rows::{
    CaseDepartmentRow, CaseObligationRow, CaseRemedyRow, CaseRow, CaseSearchRow, EventRow,
};
use crate::store::schema::{
    case_departments, case_documents, case_obligations, case_publications, case_remedies, case_search, cases,
    events,
};
use crate::store::types::Key;

/// How many rows are read at a time.
const PAGE: i64 = 2_000;

/// A transaction that only reads and always sees the same. It ends however its owner ends.
pub(in crate::store) struct Snapshot<'a>(pub(in crate::store) &'a mut Conn);

impl<'a> Snapshot<'a> {
    pub(in crate::store) fn begin(conn: &'a mut Conn) -> Result<Self, StoreError> {
        conn.batch_execute(SNAPSHOT)?;
        Ok(Self(conn))
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        // Nothing was written; a connection that broke has nothing left to end.
        let _ = self.0.batch_execute("ROLLBACK");
    }
}

/// Shows an agency's remembered head, all its events in order, and, when wanted, the remembered ends of its cases.
pub(in crate::store) fn agency_walk<W: Walker>(
    conn: &mut Conn,
    agency: Key,
    mut walker: W,
) -> Result<W, StoreError> {
    let snapshot = Snapshot::begin(conn)?;
    walker.head(super::chain::chain_head(snapshot.0, agency)?);
    walker.checkpoints(super::checkpoints::checkpoints_above(snapshot.0, agency, i64::MIN, i64::MAX)?);
    walker.rights(super::rights::rights_of(snapshot.0, agency)?);
    let mut after = i64::MIN;
    loop {
        let page = super::cases::events_after(snapshot.0, agency, after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.agency_seq;
        walker.events(page);
    }
    let mut after = None;
    while walker.wants_cases() {
        let page = case_ends(snapshot.0, agency, after)?;
        let Some((last, ..)) = page.last() else { break };
        after = Some(*last);
        walker.case_ends(page);
    }
    Ok(walker)
}

fn case_ends(
    conn: &mut Conn,
    agency: Key,
    after: Option<Key>,
) -> Result<Vec<(Key, i32, Vec<u8>)>, StoreError> {
    let mut query = cases::table
        .filter(cases::agency_id.eq(agency))
        .order(cases::id.asc())
        .select((cases::id, cases::version, cases::case_link))
        .limit(PAGE)
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(cases::id.gt(after));
    }
    Ok(query.load(conn)?)
}

/// An agency's cases after one of them, in order: their queue rows and all that these are derived from but the words.
pub(in crate::store) fn stored_cases_after(
    conn: &mut Conn,
    agency: Key,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<StoredCase>, StoreError> {
    let snapshot = Snapshot::begin(conn)?;
    let mut query = cases::table
        .filter(cases::agency_id.eq(agency))
        .order(cases::id.asc())
        .select(CaseRow::as_select())
        .limit(limit)
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(cases::id.gt(after));
    }
    let rows: Vec<CaseRow> = query.load(snapshot.0)?;
    let found = rows.into_iter().map(|row| (row.id, Some(row))).collect();
    with_events(snapshot.0, agency, found)
}

/// Cases that have events and no queue row.
pub(in crate::store) fn cases_without_row(
    conn: &mut Conn,
    agency: Key,
    limit: i64,
) -> Result<Vec<StoredCase>, StoreError> {
    let snapshot = Snapshot::begin(conn)?;
    let has_row = cases::table
        .filter(cases::agency_id.eq(events::agency_id))
        .filter(cases::id.nullable().eq(events::case_id));
    let ids: Vec<Key> = events::table
        .filter(events::agency_id.eq(agency))
        .filter(events::case_id.is_not_null())
        .filter(diesel::dsl::not(diesel::dsl::exists(has_row)))
        .select(events::case_id.assume_not_null())
        .distinct()
        .order(events::case_id.asc())
        .limit(limit)
        .load(snapshot.0)?;
    with_events(snapshot.0, agency, ids.into_iter().map(|id| (id, None)).collect())
}

fn with_events(
    conn: &mut Conn,
    agency: Key,
    found: Vec<(Key, Option<CaseRow>)>,
) -> Result<Vec<StoredCase>, StoreError> {
    let ids: Vec<Key> = found.iter().map(|(id, _)| *id).collect();
    let all: Vec<EventRow> = events::table
        .filter(events::case_id.eq_any(&ids))
        .order((events::case_id.asc(), events::case_seq.asc()))
        .select(EventRow::as_select())
        .load(conn)?;
    let departments: Vec<CaseDepartmentRow> = case_departments::table
        .filter(case_departments::agency_id.eq(agency))
        .filter(case_departments::case_id.eq_any(&ids))
        .order((case_departments::case_id.asc(), case_departments::department_id.asc()))
        .select(CaseDepartmentRow::as_select())
        .load(conn)?;
    let obligations: Vec<CaseObligationRow> = case_obligations::table
        .filter(case_obligations::agency_id.eq(agency))
        .filter(case_obligations::case_id.eq_any(&ids))
        .order((case_obligations::case_id.asc(), case_obligations::kind.asc(), case_obligations::n.asc()))
        .select(CaseObligationRow::as_select())
        .load(conn)?;
    let search: Vec<CaseSearchRow> = case_search::table
        .filter(case_search::agency_id.eq(agency))
        .filter(case_search::case_id.eq_any(&ids))
        .order(case_search::case_id.asc())
        .select(CaseSearchRow::as_select())
        .load(conn)?;
    let remedies: Vec<CaseRemedyRow> = case_remedies::table
        .filter(case_remedies::agency_id.eq(agency))
        .filter(case_remedies::case_id.eq_any(&ids))
        .order((case_remedies::case_id.asc(), case_remedies::n.asc()))
        .select(CaseRemedyRow::as_select())
        .load(conn)?;
    let documents: Vec<CaseDocumentRow> = case_documents::table
        .filter(case_documents::agency_id.eq(agency))
        .filter(case_documents::case_id.eq_any(&ids))
        .order((case_documents::case_id.asc(), case_documents::document_key.asc()))
        .select(CaseDocumentRow::as_select())
        .load(conn)?;
    let publications: Vec<CasePublicationRow> = case_publications::table
        .filter(case_publications::agency_id.eq(agency))
        .filter(case_publications::case_id.eq_any(&ids))
        .order((case_publications::case_id.asc(), case_publications::n.asc()))
        .select(CasePublicationRow::as_select())
        .load(conn)?;
    let mut all = all.into_iter().peekable();
    let mut publications = publications.into_iter().peekable();
    let mut documents = documents.into_iter().peekable();
    let mut remedies = remedies.into_iter().peekable();
    let mut departments = departments.into_iter().peekable();
    let mut obligations = obligations.into_iter().peekable();
    let mut search = search.into_iter().peekable();
    Ok(found
        .into_iter()
        .map(|(id, row)| StoredCase {
            id,
            row,
            events: std::iter::from_fn(|| all.next_if(|event| event.case_id == Some(id))).collect(),
            departments: std::iter::from_fn(|| departments.next_if(|row| row.case_id == id)).collect(),
            search: search.next_if(|row| row.case_id == id),
            obligations: std::iter::from_fn(|| obligations.next_if(|row| row.case_id == id)).collect(),
            documents: std::iter::from_fn(|| documents.next_if(|row| row.case_id == id)).collect(),
            publications: std::iter::from_fn(|| publications.next_if(|row| row.case_id == id)).collect(),
            remedies: std::iter::from_fn(|| remedies.next_if(|row| row.case_id == id)).collect(),
        })
        .collect())
}
