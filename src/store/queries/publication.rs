//! The documents asked for: written with their case, and counted by what makes two of them one.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Date, Nullable, Text};

use super::audit::Snapshot;
use super::custody::holding;
use super::queue::{with_obligations, worked_on_by};
use super::{Conn, Db};
use crate::store::answers::QueueLine;
use crate::store::custody::Held;
use crate::store::error::StoreError;
use crate::store::filter::Reach;
use crate::store::publication::{
    AskingFilter, CaseDocumentRow, CasePublicationRow, OftenFilter, OftenRow, PublicationFilter,
    document_rows,
};
use crate::store::queue_rows::QueueRows;
use crate::store::rows::CaseRow;
use crate::store::schema::{case_documents, case_publications, cases};
use crate::store::types::Key;

/// Puts the documents that a case asks for in the place of those it asked for.
pub(in crate::store) fn put_documents(conn: &mut Conn, rows: &QueueRows) -> Result<(), StoreError> {
    diesel::delete(
        case_documents::table
            .filter(case_documents::agency_id.eq(rows.row.agency_id))
            .filter(case_documents::case_id.eq(rows.row.id)),
    )
    .execute(conn)?;
    insert_documents(conn, &rows.documents)
}

/// Writes documents of cases that had none.
pub(in crate::store) fn insert_documents(
    conn: &mut Conn,
    rows: &[CaseDocumentRow],
) -> Result<(), StoreError> {
    if !rows.is_empty() {
        diesel::insert_into(case_documents::table).values(rows).execute(conn)?;
    }
    Ok(())
}

/// Puts a case's conversions in the place of those it had.
pub(in crate::store) fn put_publications(conn: &mut Conn, rows: &QueueRows) -> Result<(), StoreError> {
    diesel::delete(
        case_publications::table
            .filter(case_publications::agency_id.eq(rows.row.agency_id))
            .filter(case_publications::case_id.eq(rows.row.id)),
    )
    .execute(conn)?;
    if !rows.publications.is_empty() {
        diesel::insert_into(case_publications::table).values(&rows.publications).execute(conn)?;
    }
    Ok(())
}

/// The most conversions that are looked at for one question.
const MOST: i64 = 1_000;

/// Conversions about some documents or of some cases, those published last first.
pub(in crate::store) fn publications(
    conn: &mut Conn,
    filter: &PublicationFilter,
) -> Result<Vec<CasePublicationRow>, StoreError> {
    let of_number = case_publications::number_key.assume_not_null().eq_any(&filter.numbers);
    let of_title = case_publications::title_key.assume_not_null().eq_any(&filter.titles);
    let mut query = case_publications::table
        .filter(holding(conn, filter.agency, filter.clearance)?.rows_of("case_publications"))
        .filter(of_number.or(of_title).or(case_publications::case_id.eq_any(&filter.cases)))
        .order((
            case_publications::published_on.desc(),
            case_publications::case_id.desc(),
            case_publications::n.desc(),
        ))
        .select(CasePublicationRow::as_select())
        .limit(MOST)
        .into_boxed();
    if filter.published_only {
        query = query.filter(case_publications::state.eq("published"));
    }
    Ok(query.load(conn)?)
}

/// Some cases, of which those may be seen that are within the reader's reach.
pub(in crate::store) fn cases_of_ids(
    conn: &mut Conn,
    agency: Key,
    reach: &Reach,
    ids: &[Key],
) -> Result<Vec<QueueLine>, StoreError> {
    let snapshot = Snapshot::begin(conn)?;
    let held = holding(snapshot.0, agency, reach.clearance)?;
    let mut query = cases::table
        .filter(held.cases())
        .filter(cases::id.eq_any(ids))
        .select(CaseRow::as_select())
        .into_boxed();
    if let Some(departments) = &reach.departments {
        query = query.filter(cases::id.eq_any(worked_on_by(&held, departments.clone())));
    }
    let rows: Vec<CaseRow> = query.load(snapshot.0)?;
    with_obligations(snapshot.0, rows)
}

/// How many cases are put in at a time: with ten documents each they stay below SQLite's limit of parameters.
const PAGE: i64 = 200;

/// Puts in the documents of cases that were registered before there was a table of them: a migration normalises nothing.
pub(in crate::store) fn documents_of_the_rest(conn: &mut Conn) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let known = case_documents::table
            .filter(case_documents::agency_id.eq(cases::agency_id))
            .filter(case_documents::case_id.eq(cases::id));
        let mut query = cases::table
            .filter(cases::documents.is_not_null())
            .filter(diesel::dsl::not(diesel::dsl::exists(known)))
            .order(cases::id.asc())
            .select(CaseRow::as_select())
            .limit(PAGE)
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(cases::id.gt(after));
        }
        let page: Vec<CaseRow> = query.load(conn)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.id);
        let rows: Vec<CaseDocumentRow> = page.iter().flat_map(document_rows).collect();
        insert_documents(conn, &rows)?;
    }
}

/// The documents that several applicants asked for, as one statement. Two applicants are two when they proved to be two by their
/// numbers of identity, or have two names; who proved nothing is nobody else than whoever has his name. What is asked for by fewer
/// cases than applicants are wanted is left out from an index alone.
#[derive(Debug)]
struct Often<'a> {
    filter: &'a OftenFilter,
    held: Held,
    known: Held,
}

impl QueryFragment<Db> for Often<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        let filter = self.filter;
        out.push_sql(
            "WITH asked AS (SELECT d.document_key, d.title, d.number, c.outcome, a.name_index, a.identity_index \
             FROM case_documents d \
             JOIN cases c ON c.agency_id = d.agency_id AND c.id = d.case_id \
             LEFT JOIN applicants a ON a.agency_id = c.agency_id AND a.id = c.applicant_id \
             WHERE ",
        );
        self.held.walk_ast(out.reborrow())?;
        push_period(" AND d.received_on", filter, &mut out)?;
        out.push_sql(" AND d.document_key IN (SELECT document_key FROM case_documents WHERE ");
        self.known.walk_ast(out.reborrow())?;
        push_period(" AND received_on", filter, &mut out)?;
        out.push_sql(" GROUP BY document_key HAVING count(*) >= ");
        out.push_bind_param::<BigInt, _>(&filter.applicants)?;
        out.push_sql(
            ")), named AS (SELECT document_key, min(CASE WHEN identity_index IS NULL THEN 1 ELSE 0 END) AS unproved \
             FROM asked WHERE name_index IS NOT NULL GROUP BY document_key, name_index), \
             unproved AS (SELECT document_key, sum(unproved) AS people FROM named GROUP BY document_key), \
             counted AS (SELECT document_key, min(title) AS title, min(number) AS number, count(*) AS cases, \
             count(DISTINCT identity_index) AS proved, sum(CASE WHEN outcome IN (",
        );
        for (n, code) in filter.releasing.iter().enumerate() {
            out.push_sql(if n == 0 { "" } else { ", " });
            out.push_bind_param::<Text, _>(code)?;
        }
        out.push_sql(
            ") THEN 1 ELSE 0 END) AS released FROM asked GROUP BY document_key), \
             often AS (SELECT counted.document_key, title, number, cases, \
             proved + coalesce(people, 0) AS applicants, released \
             FROM counted LEFT JOIN unproved ON unproved.document_key = counted.document_key) \
             SELECT document_key, title, number, CAST(cases AS BIGINT), CAST(applicants AS BIGINT), \
             CAST(released AS BIGINT) FROM often WHERE applicants >= ",
        );
        out.push_bind_param::<BigInt, _>(&filter.applicants)?;
        if let Some((applicants, key)) = &filter.after {
            out.push_sql(" AND (applicants < ");
            out.push_bind_param::<BigInt, _>(applicants)?;
            out.push_sql(" OR (applicants = ");
            out.push_bind_param::<BigInt, _>(applicants)?;
            out.push_sql(" AND document_key > ");
            out.push_bind_param::<Text, _>(key)?;
            out.push_sql("))");
        }
        out.push_sql(" ORDER BY applicants DESC, document_key ASC LIMIT ");
        out.push_bind_param::<BigInt, _>(&filter.limit)
    }
}

fn push_period<'b>(column: &str, filter: &'b OftenFilter, out: &mut AstPass<'_, 'b, Db>) -> QueryResult<()> {
    out.push_sql(column);
    out.push_sql(" BETWEEN ");
    out.push_bind_param::<Date, _>(&filter.from)?;
    out.push_sql(" AND ");
    out.push_bind_param::<Date, _>(&filter.to)
}

impl Query for Often<'_> {
    type SqlType = (Text, Nullable<Text>, Nullable<Text>, BigInt, BigInt, BigInt);
}

// The outcomes and the place where a page begins make the statement: it is known by its text.
impl QueryId for Often<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl RunQueryDsl<Conn> for Often<'_> {}

type Counted = (String, Option<String>, Option<String>, i64, i64, i64);

pub(in crate::store) fn often_requested(
    conn: &mut Conn,
    filter: &OftenFilter,
) -> Result<Vec<OftenRow>, StoreError> {
    let held = holding(conn, filter.agency, filter.clearance)?;
    let often = Often { filter, held: held.rows_of("d"), known: held.rows_of("case_documents") };
    let found: Vec<Counted> = often.load(conn)?;
    let row = |(document_key, title, number, cases, applicants, released)| OftenRow {
        document_key,
        title,
        number,
        cases,
        applicants,
        released,
    };
    Ok(found.into_iter().map(row).collect())
}

/// The cases that ask for a document, those received last first.
pub(in crate::store) fn cases_asking(
    conn: &mut Conn,
    filter: &AskingFilter,
) -> Result<Vec<QueueLine>, StoreError> {
    let snapshot = Snapshot::begin(conn)?;
    let held = holding(snapshot.0, filter.agency, filter.reach.clearance)?;
    let of_case = cases::agency_id.eq(case_documents::agency_id).and(cases::id.eq(case_documents::case_id));
    let mut query = case_documents::table
        .inner_join(cases::table.on(of_case))
        .filter(held.rows_of("case_documents"))
        .filter(case_documents::document_key.eq(&filter.document_key))
        .filter(case_documents::received_on.between(filter.from, filter.to))
        .order((case_documents::received_on.desc(), case_documents::case_id.desc()))
        .select(CaseRow::as_select())
        .limit(filter.limit)
        .into_boxed();
    if let Some(departments) = &filter.reach.departments {
        query = query.filter(cases::id.eq_any(worked_on_by(&held, departments.clone())));
    }
    if let Some((day, id)) = filter.after {
        query = query
            .filter(case_documents::received_on.le(day))
            .filter(case_documents::received_on.lt(day).or(case_documents::case_id.lt(id)));
    }
    let rows: Vec<CaseRow> = query.load(snapshot.0)?;
    with_obligations(snapshot.0, rows)
}
