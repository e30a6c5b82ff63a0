//! Counting for the dashboard. Each figure is the length of a list that the queue gives; tests compare them.

use chrono::NaiveDate;
use diesel::dsl::{count, count_star};
use diesel::prelude::*;

use super::Conn;
use super::audit::Snapshot;
use super::queue::{chances, no_start, worked_on_by};
use crate::store::answers::{DashboardCounts, OwedCounts};
use crate::store::commit::no_limit;
use crate::store::error::StoreError;
use crate::store::filter::DashboardFilter;
use crate::store::schema::{case_departments, case_obligations, cases};
use crate::store::types::Key;

pub(in crate::store) fn dashboard_counts(
    conn: &mut Conn,
    filter: &DashboardFilter,
) -> Result<DashboardCounts, StoreError> {
    // One snapshot: the figures agree with each other, whoever writes meanwhile.
    let snapshot = Snapshot::begin(conn)?;
    let conn = &mut *snapshot.0;
    let yesterday = filter.today.pred_opt().unwrap_or(filter.today);
    let (_, oldest) = super::inbox::size(conn, filter.agency, filter.departments.as_ref())?;
    Ok(DashboardCounts {
        statuses: statuses(conn, filter)?,
        limits: limits(conn, filter)?,
        unassigned: unassigned(conn, filter)?,
        departments: departments(conn, filter)?,
        owed: OwedCounts {
            open: owed(conn, filter, None)?,
            overdue: owed(conn, filter, Some((no_start(), yesterday)))?,
            today: owed(conn, filter, Some((filter.today, filter.today)))?,
            soon: owed(conn, filter, Some((filter.today, filter.soon)))?,
        },
        oldest,
    })
}

/// Limits a count of cases to the departments in the filter.
macro_rules! in_scope {
    ($query:expr, $filter:expr, $id:expr) => {{
        let query = $query.into_boxed();
        match &$filter.departments {
            Some(departments) => query.filter($id.eq_any(worked_on_by($filter.agency, departments.clone()))),
            None => query,
        }
    }};
}

fn statuses(conn: &mut Conn, filter: &DashboardFilter) -> Result<Vec<(String, i64)>, StoreError> {
    let query = cases::table
        .filter(cases::agency_id.eq(filter.agency))
        .group_by(cases::status)
        .select((cases::status, count_star()));
    Ok(in_scope!(query, filter, cases::id).load(conn)?)
}

type Limits = Vec<(Option<NaiveDate>, Option<NaiveDate>, Option<NaiveDate>, i64)>;

/// Those that owe a reply stand before all others in the order of the queue.
fn limits(conn: &mut Conn, filter: &DashboardFilter) -> Result<Limits, StoreError> {
    let query = cases::table
        .filter(cases::agency_id.eq(filter.agency))
        .filter(cases::due_sort.lt(no_limit()))
        .group_by((cases::due_on, cases::yellow_on, cases::red_on))
        .select((cases::due_on, cases::yellow_on, cases::red_on, count_star()));
    Ok(in_scope!(query, filter, cases::id).load(conn)?)
}

fn unassigned(conn: &mut Conn, filter: &DashboardFilter) -> Result<i64, StoreError> {
    let query = cases::table
        .filter(cases::agency_id.eq(filter.agency))
        .filter(cases::concluded_on.is_null())
        .filter(cases::department_id.is_null())
        .select(count_star());
    Ok(in_scope!(query, filter, cases::id).get_result(conn)?)
}

fn departments(conn: &mut Conn, filter: &DashboardFilter) -> Result<Vec<(Key, String, i64)>, StoreError> {
    let of_case =
        case_departments::agency_id.eq(cases::agency_id).and(case_departments::case_id.eq(cases::id));
    let query = cases::table
        .inner_join(case_departments::table.on(of_case))
        .filter(cases::agency_id.eq(filter.agency))
        .filter(cases::concluded_on.is_null())
        .group_by((case_departments::department_id, case_departments::kind))
        .select((case_departments::department_id, case_departments::kind, count_star()));
    Ok(in_scope!(query, filter, cases::id).load(conn)?)
}

/// Cases by kind of what is owed between two days; a chance that has passed is owed no more.
fn owed(
    conn: &mut Conn,
    filter: &DashboardFilter,
    between: Option<(NaiveDate, NaiveDate)>,
) -> Result<Vec<(String, i64)>, StoreError> {
    let (first, last) = between.unwrap_or((no_start(), no_limit()));
    let query = case_obligations::table
        .filter(case_obligations::agency_id.eq(filter.agency))
        .filter(case_obligations::due_on.between(first, last))
        .filter(case_obligations::kind.ne_all(chances()).or(case_obligations::due_on.ge(filter.today)))
        .group_by(case_obligations::kind)
        .select((case_obligations::kind, count(case_obligations::case_id).aggregate_distinct()));
    Ok(in_scope!(query, filter, case_obligations::case_id).load(conn)?)
}
