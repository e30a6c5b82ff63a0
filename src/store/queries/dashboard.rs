//! Counting for the dashboard. The archive, which only grows, is counted as a whole and never looked at.

use chrono::NaiveDate;
use diesel::dsl::{count_star, min};
use diesel::prelude::*;

use super::Conn;
use super::audit::Snapshot;
use super::custody::holding;
use super::queue::worked_on_by;
use crate::domain::case::Status;
use crate::store::answers::{DashboardCounts, LimitCount};
use crate::store::custody::Holding;
use crate::store::error::StoreError;
use crate::store::filter::DashboardFilter;
use crate::store::queue_rows::no_limit;
use crate::store::schema::{case_departments, case_obligations, cases};
use crate::store::types::Key;

pub(in crate::store) fn dashboard_counts(
    conn: &mut Conn,
    filter: &DashboardFilter,
) -> Result<DashboardCounts, StoreError> {
    // One snapshot: the figures agree with each other, whoever writes meanwhile.
    let snapshot = Snapshot::begin(conn)?;
    let conn = &mut *snapshot.0;
    let held = &holding(conn, filter.agency, filter.reach.clearance)?;
    Ok(DashboardCounts {
        total: total(conn, filter, held)?,
        statuses: statuses(conn, filter, held)?,
        limits: limits(conn, filter, held)?,
        departments: departments(conn, filter, held)?,
        owed: owed(conn, filter, held)?,
        oldest: oldest(conn, filter, held)?,
    })
}

/// Limits a count of cases to the departments in the filter.
macro_rules! in_scope {
    ($query:expr, $filter:expr, $held:expr, $id:expr) => {{
        let query = $query.into_boxed();
        match &$filter.reach.departments {
            Some(departments) => query.filter($id.eq_any(worked_on_by($held, departments.clone()))),
            None => query,
        }
    }};
}

/// Limits a query of cases to those in the filter.
macro_rules! cases_in_scope {
    ($query:expr, $filter:expr, $held:expr) => {{
        let mut query = in_scope!($query, $filter, $held, cases::id);
        if let Some(day) = $filter.received_from {
            query = query.filter(cases::received_on.ge(day));
        }
        if let Some(day) = $filter.received_to {
            query = query.filter(cases::received_on.le(day));
        }
        query
    }};
}

fn total(conn: &mut Conn, filter: &DashboardFilter, held: &Holding) -> Result<i64, StoreError> {
    let query = cases::table.filter(held.cases()).select(count_star());
    Ok(cases_in_scope!(query, filter, held).get_result(conn)?)
}

/// When the oldest case arrived that is not yet registered.
fn oldest(
    conn: &mut Conn,
    filter: &DashboardFilter,
    held: &Holding,
) -> Result<Option<NaiveDate>, StoreError> {
    let query =
        cases::table.filter(held.cases()).filter(cases::inbox_on.is_not_null()).select(min(cases::inbox_on));
    Ok(cases_in_scope!(query, filter, held).get_result(conn)?)
}

/// Those that are open, and those that were concluded and are not yet archived: each from its index.
fn statuses(
    conn: &mut Conn,
    filter: &DashboardFilter,
    held: &Holding,
) -> Result<Vec<(String, i64)>, StoreError> {
    let by_status = || {
        let mine = cases::table.filter(held.cases());
        mine.group_by(cases::status).select((cases::status, count_star()))
    };
    let open = by_status().filter(cases::concluded_on.is_null());
    let mut statuses: Vec<(String, i64)> = cases_in_scope!(open, filter, held).load(conn)?;
    let unarchived =
        by_status().filter(cases::concluded_on.is_not_null()).filter(cases::archived_on.is_null());
    statuses.extend(cases_in_scope!(unarchived, filter, held).load::<(String, i64)>(conn)?);
    Ok(statuses)
}

type Departments = Vec<(Option<Key>, Option<String>, i64)>;

/// Those that owe a reply stand before all others in the order of the queue.
fn limits(conn: &mut Conn, filter: &DashboardFilter, held: &Holding) -> Result<Vec<LimitCount>, StoreError> {
    let query = cases::table
        .filter(held.cases())
        .filter(cases::due_sort.lt(no_limit()))
        .group_by((cases::due_on, cases::yellow_on, cases::red_on))
        .select((cases::due_on, cases::yellow_on, cases::red_on, count_star()));
    Ok(cases_in_scope!(query, filter, held).load(conn)?)
}

/// Those that are open, and those that are answered anew: their first reply stays what it was.
fn departments(conn: &mut Conn, filter: &DashboardFilter, held: &Holding) -> Result<Departments, StoreError> {
    let mut all = departments_of(conn, filter, held, false)?;
    all.extend(departments_of(conn, filter, held, true)?);
    Ok(all)
}

/// From the open cases to their departments, whatever a database may think of the other way round: a left join.
fn departments_of(
    conn: &mut Conn,
    filter: &DashboardFilter,
    held: &Holding,
    anew: bool,
) -> Result<Departments, StoreError> {
    let of_case =
        case_departments::agency_id.eq(cases::agency_id).and(case_departments::case_id.eq(cases::id));
    let (department, kind) = (case_departments::department_id.nullable(), case_departments::kind.nullable());
    let query = cases::table
        .left_join(case_departments::table.on(of_case))
        .filter(held.cases())
        .group_by((case_departments::department_id, case_departments::kind))
        .select((department, kind, count_star()));
    let query = cases_in_scope!(query, filter, held);
    let query = if anew {
        let worked_on: Vec<&str> = Status::ALL.iter().filter(|it| it.is_open()).map(|it| it.code()).collect();
        let unarchived = cases::concluded_on.is_not_null().and(cases::archived_on.is_null());
        query.filter(unarchived).filter(cases::status.eq_any(worked_on))
    } else {
        query.filter(cases::concluded_on.is_null())
    };
    Ok(query.load(conn)?)
}

fn owed(
    conn: &mut Conn,
    filter: &DashboardFilter,
    held: &Holding,
) -> Result<Vec<(String, NaiveDate, i64)>, StoreError> {
    let query = case_obligations::table
        .filter(held.rows_of("case_obligations"))
        .group_by((case_obligations::kind, case_obligations::due_on))
        .select((case_obligations::kind, case_obligations::due_on, count_star()));
    let query = in_scope!(query, filter, held, case_obligations::case_id);
    if (filter.received_from, filter.received_to) == (None, None) {
        return Ok(query.load(conn)?);
    }
    let received = cases::table.filter(held.cases()).select(cases::id);
    Ok(query.filter(case_obligations::case_id.eq_any(cases_in_scope!(received, filter, held))).load(conn)?)
}
