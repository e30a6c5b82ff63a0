//! Search: which way a query is answered, and what the index lacks.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::BigInt;

use super::audit::Snapshot;
use super::custody::holding;
use super::queue::{with_obligations, worked_on_by};
use super::{Conn, Db, index_anew, index_is_sound, push_matching, push_words};
use crate::domain::search::Query;
use crate::store::answers::{IndexState, QueueLine};
use crate::store::custody::Holding;
use crate::store::error::StoreError;
use crate::store::filter::LikeFilter;
use crate::store::queue_rows::search_row;
use crate::store::rows::CaseRow;
use crate::store::schema::{case_search, cases};
use crate::store::search::{CountFound, FEW_AND_ONE, Found, LikeSome, Way};

impl QueryFragment<Db> for Found {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        match self.way {
            Way::FromIndex => {
                out.push_sql("(cases.agency_id, cases.id) IN (");
                push_matching("s.agency_id, s.case_id", self, &mut out)?;
                // So many there are at most: it keeps PostgreSQL's planner from beginning with the cases.
                push_limit(&mut out)?;
            }
            Way::Walk => {
                out.push_sql("(SELECT ");
                push_words(self, &mut out)?;
                out.push_sql(
                    " FROM case_search s WHERE s.agency_id = cases.agency_id AND s.case_id = cases.id",
                );
            }
        }
        out.push_sql(")");
        Ok(())
    }
}

impl QueryFragment<Db> for CountFound {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        out.push_sql("(SELECT count(*) FROM (");
        push_matching("1", &self.0, &mut out)?;
        push_limit(&mut out)?;
        out.push_sql(") counted)");
        Ok(())
    }
}

fn push_limit(out: &mut AstPass<'_, '_, Db>) -> QueryResult<()> {
    out.push_sql(" LIMIT ");
    out.push_bind_param::<BigInt, _>(&FEW_AND_ONE)
}

/// The condition for a query, in the way that is quick; `None` when nothing matches. Where cases were handed over, the index by
/// agencies finds the wrong ones: each case is looked at.
pub(in crate::store) fn found(
    conn: &mut Conn,
    held: &Holding,
    query: &Query,
) -> Result<Option<Found>, StoreError> {
    let found = Found::of(held.agency, query);
    if held.origins.is_some() {
        return Ok(Some(Found { way: Way::Walk, ..found }));
    }
    let count: i64 = diesel::select(CountFound(found.clone())).get_result(conn)?;
    Ok((count > 0).then(|| found.of_so_many(count)))
}

/// How many cases are put in at a time.
const PAGE: i64 = 500;

/// Puts cases into the index that were registered before there was one: a migration tokenises nothing. Answers how many.
pub(in crate::store) fn index_the_rest(conn: &mut Conn) -> Result<usize, StoreError> {
    let mut done = 0;
    let mut after = None;
    loop {
        let indexed = case_search::table
            .filter(case_search::agency_id.eq(cases::agency_id))
            .filter(case_search::case_id.eq(cases::id));
        let mut query = cases::table
            .filter(cases::number.is_not_null())
            .filter(not(exists(indexed)))
            .order(cases::id.asc())
            .select(CaseRow::as_select())
            .limit(PAGE)
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(cases::id.gt(after));
        }
        let page: Vec<CaseRow> = query.load(conn)?;
        let Some(last) = page.last() else { return Ok(done) };
        after = Some(last.id);
        let rows: Vec<_> = page.iter().filter_map(search_row).collect();
        done += diesel::insert_into(case_search::table).values(&rows).execute(conn)?;
    }
}

/// Whether the index holds what `case_search` does, all agencies together; made anew with `repair` when not. Must run inside a
/// write transaction.
pub(in crate::store) fn index_check_in_tx(conn: &mut Conn, repair: bool) -> Result<IndexState, StoreError> {
    if index_is_sound(conn)? {
        return Ok(IndexState::Sound);
    }
    if repair {
        index_anew(conn)?;
    }
    Ok(if repair { IndexState::MadeAnew } else { IndexState::Unsound })
}

/// Earlier cases that have some of these words. Whoever may see few cases looks among those of his department that are among the
/// likest.
pub(in crate::store) fn cases_like(
    conn: &mut Conn,
    filter: &LikeFilter,
) -> Result<Vec<QueueLine>, StoreError> {
    let snapshot = Snapshot::begin(conn)?;
    let (day, id) = filter.before;
    let held = holding(snapshot.0, filter.holder, filter.reach.clearance)?;
    let mut query = cases::table
        .filter(LikeSome::of(filter.agency, &filter.parts))
        .filter(cases::received_sort.le(day))
        .filter(cases::received_sort.lt(day).or(cases::id.lt(id)))
        .select(CaseRow::as_select())
        .into_boxed();
    // What the index finds is of the agency to which it came. Said twice, it would tempt a database to begin with its cases.
    if held.origins.is_some() {
        query = query.filter(held.cases());
    }
    if let Some(departments) = &filter.reach.departments {
        query = query.filter(cases::id.eq_any(worked_on_by(&held, departments.clone())));
    }
    let rows: Vec<CaseRow> = query.load(snapshot.0)?;
    with_obligations(snapshot.0, rows)
}
