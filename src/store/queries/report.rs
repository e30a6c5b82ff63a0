//! Counting for the annual report (table 3), and the cases behind a cell. The definitions of the rows are those of
//! `domain::annual_report`; a test compares them case by case.

use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::Conn;
use super::audit::Snapshot;
use crate::store::answers::Counts;
use crate::store::error::StoreError;
use crate::store::filter::{CellCases, CellFilter};
use crate::store::rows::CaseRow;
use crate::store::schema::cases;
use crate::store::types::Key;

pub(in crate::store) fn report_counts(
    conn: &mut Conn,
    agency: Key,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Counts, StoreError> {
    // One snapshot: what came in must equal what went out, whoever writes meanwhile.
    let snapshot = Snapshot::begin(conn)?;
    let of_agency = cases::table.filter(cases::agency_id.eq(agency));
    let new = of_agency
        .filter(cases::received_on.between(first, last))
        .group_by(cases::applicant_kind)
        .select((cases::applicant_kind, count_star()))
        .load(snapshot.0)?;
    let carried_over = of_agency
        .filter(cases::received_on.lt(first))
        .filter(cases::concluded_on.is_null().or(cases::concluded_on.ge(first)))
        .group_by(cases::applicant_kind)
        .select((cases::applicant_kind, count_star()))
        .load(snapshot.0)?;
    let concluded = of_agency
        .filter(cases::received_on.is_not_null())
        .filter(cases::concluded_on.between(first, last))
        .group_by((cases::applicant_kind, cases::outcome))
        .select((cases::applicant_kind, cases::outcome, count_star()))
        .load(snapshot.0)?;
    let carried_forward = of_agency
        .filter(cases::received_on.le(last))
        .filter(cases::concluded_on.is_null().or(cases::concluded_on.gt(last)))
        .group_by(cases::applicant_kind)
        .select((cases::applicant_kind, count_star()))
        .load(snapshot.0)?;
    Ok(Counts { new, carried_over, concluded, carried_forward })
}

pub(in crate::store) fn report_cell_cases(
    conn: &mut Conn,
    filter: &CellFilter,
) -> Result<Vec<CaseRow>, StoreError> {
    let (first, last) = (filter.first, filter.last);
    let mut query = cases::table
        .filter(cases::agency_id.eq(filter.agency))
        .order(cases::id.asc())
        .select(CaseRow::as_select())
        .limit(filter.limit)
        .into_boxed();
    query = match &filter.which {
        CellCases::New => query.filter(cases::received_on.between(first, last)),
        CellCases::CarriedOver => query
            .filter(cases::received_on.lt(first))
            .filter(cases::concluded_on.is_null().or(cases::concluded_on.ge(first))),
        CellCases::Concluded(outcomes) => query
            .filter(cases::received_on.is_not_null())
            .filter(cases::concluded_on.between(first, last))
            .filter(cases::outcome.eq_any(outcomes.iter().map(|outcome| outcome.code()).collect::<Vec<_>>())),
        CellCases::CarriedForward => query
            .filter(cases::received_on.le(last))
            .filter(cases::concluded_on.is_null().or(cases::concluded_on.gt(last))),
    };
    if let Some(kind) = filter.kind {
        query = query.filter(cases::applicant_kind.eq(kind.code()));
    }
    if let Some(after) = filter.after {
        query = query.filter(cases::id.gt(after));
    }
    Ok(query.load(conn)?)
}
