//! The inbox: what was received and is not yet registered, the oldest arrival first. Such cases alone have an `inbox_on`.

use chrono::NaiveDate;
use diesel::dsl::{count_star, min};
use diesel::prelude::*;

use super::Conn;
use super::audit::Snapshot;
use super::custody::holding;
use super::queue::{with_obligations, worked_on_by};
use crate::store::answers::InboxPage;
use crate::store::custody::Holding;
use crate::store::error::StoreError;
use crate::store::filter::InboxFilter;
use crate::store::rows::CaseRow;
use crate::store::schema::cases;
use crate::store::types::Key;

pub(in crate::store) fn inbox_page(conn: &mut Conn, filter: &InboxFilter) -> Result<InboxPage, StoreError> {
    // One snapshot: the counts are those of the page, whoever writes meanwhile.
    let snapshot = Snapshot::begin(conn)?;
    let held = holding(snapshot.0, filter.agency, filter.reach.clearance)?;
    let rows = page(snapshot.0, filter, &held)?;
    let mut days = Vec::new();
    if let (Some(first), Some(last)) = (rows.first(), rows.last()) {
        let mut query = cases::table
            .filter(held.cases())
            .filter(cases::inbox_on.between(first.arrived_on, last.arrived_on))
            .group_by(cases::inbox_on)
            .select((cases::inbox_on.assume_not_null(), count_star()))
            .order(cases::inbox_on.asc())
            .into_boxed();
        if let Some(departments) = &filter.reach.departments {
            query = query.filter(cases::id.eq_any(worked_on_by(&held, departments.clone())));
        }
        days = query.load(snapshot.0)?;
    }
    let (total, oldest) = size(snapshot.0, &held, filter.reach.departments.as_ref())?;
    let lines = with_obligations(snapshot.0, rows)?;
    Ok(InboxPage { lines, days, total, oldest })
}

/// How many there are, and when the oldest arrived.
fn size(
    conn: &mut Conn,
    held: &Holding,
    departments: Option<&Vec<Key>>,
) -> Result<(i64, Option<NaiveDate>), StoreError> {
    let mut query = cases::table
        .filter(held.cases())
        .filter(cases::inbox_on.is_not_null())
        .select((count_star(), min(cases::inbox_on)))
        .into_boxed();
    if let Some(departments) = departments {
        query = query.filter(cases::id.eq_any(worked_on_by(held, departments.clone())));
    }
    Ok(query.get_result(conn)?)
}

fn page(conn: &mut Conn, filter: &InboxFilter, held: &Holding) -> Result<Vec<CaseRow>, StoreError> {
    let mut query = cases::table
        .filter(held.cases())
        .filter(cases::inbox_on.is_not_null())
        .order((cases::inbox_on.asc(), cases::id.asc()))
        .select(CaseRow::as_select())
        .limit(filter.limit)
        .into_boxed();
    if let Some(departments) = &filter.reach.departments {
        query = query.filter(cases::id.eq_any(worked_on_by(held, departments.clone())));
    }
    if let Some((day, id)) = filter.after {
        query = query
            .filter(cases::inbox_on.ge(day))
            .filter(cases::inbox_on.gt(day).or(cases::id.nullable().gt(id)));
    }
    Ok(query.load(conn)?)
}
