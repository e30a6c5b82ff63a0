//! The queue: a page of cases, by keyset. The conditions have the form that both databases answer from the index.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::dsl::{And, AsSelect, Eq, InnerJoin, IntoBoxed, On, Select, case_when};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::audit::Snapshot;
use super::{Conn, Db, custody, explain, search};
use crate::domain::time_limit::{Light, ObligationKind};
use crate::store::answers::{QueueLine, open_obligation};
use crate::store::custody::Holding;
use crate::store::error::StoreError;
use crate::store::filter::{Owed, QueueFilter, Sort};
use crate::store::queue_rows::no_limit;
use crate::store::rows::{CaseObligationRow, CaseRow};
use crate::store::schema::{case_departments, case_obligations, cases};
use crate::store::search::{Found, Way};
use crate::store::types::{DbUuid, Key};

pub(in crate::store) fn cases_page(
    conn: &mut Conn,
    filter: &QueueFilter,
) -> Result<Vec<QueueLine>, StoreError> {
    // One snapshot: what is owed is that of the row shown, whoever writes meanwhile.
    let snapshot = Snapshot::begin(conn)?;
    let held = custody::holding(snapshot.0, filter.agency, filter.reach.clearance)?;
    let found = match sought(snapshot.0, filter, &held)? {
        Sought::Everything => None,
        Sought::Nothing => return Ok(Vec::new()),
        Sought::Among(found) => Some(found),
    };
    let rows = match owed_in_order(filter) {
        Some(owed) => by_obligation(filter, &held, owed, found).load(snapshot.0)?,
        None => by_case(filter, &held, found).load(snapshot.0)?,
    };
    with_obligations(snapshot.0, rows)
}

/// How the database finds a page, in its own words.
pub(in crate::store) fn cases_page_plan(
    conn: &mut Conn,
    filter: &QueueFilter,
) -> Result<Vec<String>, StoreError> {
    let snapshot = Snapshot::begin(conn)?;
    let held = custody::holding(snapshot.0, filter.agency, filter.reach.clearance)?;
    let found = match sought(snapshot.0, filter, &held)? {
        Sought::Everything => None,
        Sought::Nothing => return Ok(Vec::new()),
        Sought::Among(found) => Some(found),
    };
    match owed_in_order(filter) {
        Some(owed) => explain(snapshot.0, by_obligation(filter, &held, owed, found)),
        None => explain(snapshot.0, by_case(filter, &held, found)),
    }
}

/// What the search of a filter comes to.
enum Sought {
    /// Nothing was searched for.
    Everything,
    /// Nothing has these words.
    Nothing,
    /// What has them.
    Among(Found),
}

fn sought(conn: &mut Conn, filter: &QueueFilter, held: &Holding) -> Result<Sought, StoreError> {
    let Some(query) = &filter.search else { return Ok(Sought::Everything) };
    Ok(search::found(conn, held, query)?.map_or(Sought::Nothing, Sought::Among))
}

/// What is owed, when that is the order.
fn owed_in_order(filter: &QueueFilter) -> Option<&Owed> {
    match filter.sort {
        Sort::ObligationDueOn => filter.owed.as_ref(),
        Sort::DueOn | Sort::DueOnDescending | Sort::ReceivedOn | Sort::ReceivedOnDescending => None,
    }
}

/// The rows with what is owed on each, within one snapshot.
pub(super) fn with_obligations(conn: &mut Conn, rows: Vec<CaseRow>) -> Result<Vec<QueueLine>, StoreError> {
    let ids: Vec<Key> = rows.iter().map(|row| row.id).collect();
    let mut agencies: Vec<Key> = rows.iter().map(|row| row.agency_id).collect();
    agencies.sort_unstable();
    agencies.dedup();
    let mut owed: HashMap<Key, Vec<_>> = HashMap::new();
    if !ids.is_empty() {
        let found: Vec<CaseObligationRow> = case_obligations::table
            .filter(case_obligations::agency_id.eq_any(&agencies))
            .filter(case_obligations::case_id.eq_any(&ids))
            .order((case_obligations::case_id.asc(), case_obligations::kind.asc(), case_obligations::n.asc()))
            .select(CaseObligationRow::as_select())
            .load(conn)?;
        for row in found {
            owed.entry(row.case_id).or_default().push(open_obligation(&row)?);
        }
    }
    let lines = rows.into_iter().map(|row| QueueLine { owed: owed.remove(&row.id).unwrap_or_default(), row });
    Ok(lines.collect())
}

/// The cases on which one of these departments works.
pub(super) fn worked_on_by(
    held: &Holding,
    departments: Vec<Key>,
) -> case_departments::BoxedQuery<'static, Db, DbUuid> {
    case_departments::table
        .filter(held.rows_of("case_departments"))
        .filter(case_departments::department_id.eq_any(departments))
        .select(case_departments::case_id)
        .into_boxed()
}

/// Chances, that pass with their last day.
pub(super) fn chances() -> Vec<&'static str> {
    ObligationKind::ALL.iter().filter(|kind| kind.is_option()).map(|kind| kind.code()).collect()
}

/// A day before every limit: no calendar reaches back so far.
pub(super) fn no_start() -> NaiveDate {
    NaiveDate::default()
}

/// The days between which something must be due: of a chance, those that have passed are none.
fn days(owed: &Owed) -> (NaiveDate, NaiveDate) {
    let chance = owed.kind.is_some_and(ObligationKind::is_option);
    let from = owed.from.into_iter().chain(chance.then_some(owed.today)).max();
    (from.unwrap_or_else(no_start), owed.to.unwrap_or_else(no_limit))
}

/// The cases on which this is owed.
fn owing(held: &Holding, owed: &Owed) -> case_obligations::BoxedQuery<'static, Db, DbUuid> {
    let (from, to) = days(owed);
    let found = case_obligations::table
        .filter(held.rows_of("case_obligations"))
        .filter(case_obligations::due_on.between(from, to))
        .select(case_obligations::case_id)
        .into_boxed();
    match owed.kind {
        Some(kind) => found.filter(case_obligations::kind.eq(kind.code())),
        None => {
            found.filter(case_obligations::kind.ne_all(chances()).or(case_obligations::due_on.ge(owed.today)))
        }
    }
}

/// The conditions on the columns of a case, whatever else a query reads.
macro_rules! limited {
    ($query:expr, $filter:expr, $held:expr) => {{
        let (mut query, filter) = ($query, $filter);
        for departments in filter.reach.departments.iter().cloned().chain(filter.department.map(|one| vec![one])) {
            query = query.filter(cases::id.eq_any(worked_on_by($held, departments)));
        }
        if let Some(stage) = filter.stage {
            query = query.filter(cases::stage.eq(stage.code()));
        }
        if let Some(status) = filter.status {
            query = query.filter(cases::status.eq(status.code()));
        }
        if let Some(clock) = filter.clock {
            query = query.filter(cases::clock_state.eq(clock.code()));
        }
        if let Some(assignee) = filter.assignee {
            query = query.filter(cases::assignee_id.eq(assignee));
        }
        if let Some(channel) = filter.channel {
            query = query.filter(cases::channel.eq(channel.code()));
        }
        if let Some(outcome) = filter.outcome {
            query = query.filter(cases::outcome.eq(outcome.code()));
        }
        if let Some(number) = &filter.number {
            query = query.filter(cases::number.eq(number));
        }
        if let Some(day) = filter.due_before {
            query = query.filter(cases::due_on.le(day)).filter(cases::due_sort.le(day));
        }
        if let Some(day) = filter.received_from {
            query = query.filter(cases::received_on.ge(day));
        }
        if let Some(day) = filter.received_to {
            query = query.filter(cases::received_on.le(day));
        }
        // Cases without a limit are most cases, and stand last: nothing that is asked of a limit looks at them.
        if filter.light.is_some() {
            query = query.filter(cases::due_sort.lt(no_limit()));
        }
        match filter.light {
            None => {}
            Some((Light::Green, today)) => query = query.filter(cases::yellow_on.gt(today)),
            Some((Light::Yellow, today)) => {
                query = query.filter(cases::yellow_on.le(today)).filter(cases::red_on.gt(today));
            }
            Some((Light::Red, today)) => {
                query = query.filter(cases::red_on.le(today)).filter(cases::due_on.ge(today));
            }
            Some((Light::Overdue, today)) => query = query.filter(cases::due_on.lt(today)),
        }
        query
    }};
}

/// What is owed with the cases on which it is.
type Owing = InnerJoin<
    case_obligations::table,
    On<
        cases::table,
        And<Eq<cases::agency_id, case_obligations::agency_id>, Eq<cases::id, case_obligations::case_id>>,
    >,
>;

/// A query for rows of the queue.
type Rows<'a, Source> = IntoBoxed<'a, Select<Source, AsSelect<CaseRow, Db>>, Db>;

/// A page in the order of a column of the cases.
fn by_case<'a>(filter: &'a QueueFilter, held: &Holding, found: Option<Found>) -> Rows<'a, cases::table> {
    let query = cases::table.select(CaseRow::as_select()).limit(filter.limit).into_boxed();
    let query = match found {
        // What the index finds is the agency's, whatever its label. Said twice, it would tempt a database that knows no figures to walk all of the
        // agency's cases instead.
        Some(found) if found.way == Way::FromIndex && held.readable.is_none() => query.filter(found),
        Some(found) => query.filter(held.cases()).filter(found),
        None => query.filter(held.cases()),
    };
    let mut query = limited!(query, filter, held);
    if let Some(owed) = &filter.owed {
        query = query.filter(cases::id.eq_any(owing(held, owed)));
    }
    query = match filter.sort {
        Sort::DueOn | Sort::ObligationDueOn => query.order((cases::due_sort.asc(), cases::id.asc())),
        Sort::DueOnDescending => query.order((cases::due_sort.desc(), cases::id.desc())),
        Sort::ReceivedOn => query.order((cases::received_sort.asc(), cases::id.asc())),
        Sort::ReceivedOnDescending => query.order((cases::received_sort.desc(), cases::id.desc())),
    };
    if let Some((day, id)) = filter.after {
        query = match filter.sort {
            Sort::DueOn | Sort::ObligationDueOn => {
                query.filter(cases::due_sort.ge(day)).filter(cases::due_sort.gt(day).or(cases::id.gt(id)))
            }
            Sort::DueOnDescending => {
                query.filter(cases::due_sort.le(day)).filter(cases::due_sort.lt(day).or(cases::id.lt(id)))
            }
            Sort::ReceivedOn => query
                .filter(cases::received_sort.ge(day))
                .filter(cases::received_sort.gt(day).or(cases::id.gt(id))),
            Sort::ReceivedOnDescending => query
                .filter(cases::received_sort.le(day))
                .filter(cases::received_sort.lt(day).or(cases::id.lt(id))),
        };
    }
    query
}

/// A page in the order of what is owed: each case once, by the first of what is asked for. Walks the index of one
/// kind's days.
fn by_obligation<'a>(
    filter: &'a QueueFilter,
    held: &Holding,
    owed: &Owed,
    found: Option<Found>,
) -> Rows<'a, Owing> {
    use case_obligations as own;
    let earlier = diesel::alias!(case_obligations as earlier);
    let (from, to) = days(owed);
    let (its_kind, its_day) = (earlier.field(own::kind), earlier.field(own::due_on));
    let same_day_before =
        its_kind.lt(own::kind).or(its_kind.eq(own::kind).and(earlier.field(own::n).lt(own::n)));
    let comes_first = its_kind
        .eq(own::kind)
        .or(owed.kind.is_none().into_sql::<Bool>())
        .and(its_day.between(from, to))
        .and(its_kind.ne_all(chances()).or(its_day.ge(owed.today)))
        .and(its_day.lt(own::due_on).or(its_day.eq(own::due_on).and(same_day_before)));
    // Within CASE, so that no database is tempted away from the case's own few rows to an index of days.
    let another_first = earlier
        .filter(earlier.field(own::agency_id).eq(own::agency_id))
        .filter(earlier.field(own::case_id).eq(own::case_id))
        .filter(case_when(comes_first, true.into_sql::<Bool>()).otherwise(false.into_sql::<Bool>()));
    let query = own::table
        .inner_join(cases::table.on(cases::agency_id.eq(own::agency_id).and(cases::id.eq(own::case_id))))
        .filter(held.rows_of("case_obligations"))
        .filter(own::due_on.between(from, to))
        .filter(diesel::dsl::not(diesel::dsl::exists(another_first)))
        .select(CaseRow::as_select())
        .order((own::due_on.asc(), own::case_id.asc()))
        .limit(filter.limit)
        .into_boxed();
    let mut query = limited!(query, filter, held);
    query = match owed.kind {
        Some(kind) => query.filter(own::kind.eq(kind.code())),
        None => query.filter(own::kind.ne_all(chances()).or(own::due_on.ge(owed.today))),
    };
    if let Some((day, id)) = filter.after {
        query = query.filter(own::due_on.ge(day)).filter(own::due_on.gt(day).or(own::case_id.gt(id)));
    }
    match found {
        Some(found) => query.filter(found),
        None => query,
    }
}
