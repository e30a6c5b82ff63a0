//! Counting for the annual report (tables 3 and 4), the cases behind a cell, what was entered and what was frozen. The definitions of the rows are those of
//! `domain::annual_report`; a test compares them case by case.

use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::Conn;
use super::audit::Snapshot;
use super::custody::holding;
use crate::domain::digest::DigestKind;
use crate::domain::sensitivity::Sensitivity;
use crate::store::answers::Counts;
use crate::store::error::StoreError;
use crate::store::filter::{CellCases, CellFilter, ConcludedFilter, RemedyCellFilter};
use crate::store::rows::{CaseRow, DigestRow, ReportEntryRow, ReportFreezeRow};
use crate::store::schema::{case_remedies, cases, digests, report_entries, report_freezes};
use crate::store::types::Key;

pub(in crate::store) fn report_counts(
    conn: &mut Conn,
    agency: Key,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Counts, StoreError> {
    // One snapshot: what came in must equal what went out, whoever writes meanwhile.
    let snapshot = Snapshot::begin(conn)?;
    let held = holding(snapshot.0, agency, Sensitivity::HIGHEST)?;
    let of_agency = || cases::table.filter(held.cases());
    let new = of_agency()
        .filter(cases::received_on.between(first, last))
        .group_by(cases::applicant_kind)
        .select((cases::applicant_kind, count_star()))
        .load(snapshot.0)?;
    let carried_over = of_agency()
        .filter(cases::received_on.lt(first))
        .filter(cases::concluded_on.is_null().or(cases::concluded_on.ge(first)))
        .group_by(cases::applicant_kind)
        .select((cases::applicant_kind, count_star()))
        .load(snapshot.0)?;
    let concluded = of_agency()
        .filter(cases::received_on.is_not_null())
        .filter(cases::concluded_on.between(first, last))
        .group_by((cases::applicant_kind, cases::outcome))
        .select((cases::applicant_kind, cases::outcome, count_star()))
        .load(snapshot.0)?;
    let carried_forward = of_agency()
        .filter(cases::received_on.le(last))
        .filter(cases::concluded_on.is_null().or(cases::concluded_on.gt(last)))
        .group_by(cases::applicant_kind)
        .select((cases::applicant_kind, count_star()))
        .load(snapshot.0)?;
    let mut remedies = remedies_decided(snapshot.0, agency, (first, last))?;
    let pending: Vec<(String, i64)> = case_remedies::table
        .filter(held.rows_of("case_remedies"))
        .filter(case_remedies::received_on.le(last))
        .filter(case_remedies::decided_on.is_null().or(case_remedies::decided_on.gt(last)))
        .group_by(case_remedies::kind)
        .select((case_remedies::kind, count_star()))
        .load(snapshot.0)?;
    remedies.extend(pending.into_iter().map(|(kind, n)| (kind, None, n)));
    Ok(Counts { new, carried_over, concluded, carried_forward, remedies })
}

/// Behind a cell of table 4, by case and number: those that were decided in the year so, and those that were pending at its end.
pub(in crate::store) fn report_cell_remedies(
    conn: &mut Conn,
    filter: &RemedyCellFilter,
) -> Result<Vec<(i32, CaseRow)>, StoreError> {
    let of_case = cases::agency_id.eq(case_remedies::agency_id).and(cases::id.eq(case_remedies::case_id));
    let results: Vec<&str> = filter.results.iter().map(|result| result.code()).collect();
    let decided = case_remedies::decided_on
        .between(filter.first, filter.last)
        .and(case_remedies::result.eq_any(results));
    let mut query = case_remedies::table
        .inner_join(cases::table.on(of_case))
        .filter(holding(conn, filter.agency, filter.clearance)?.rows_of("case_remedies"))
        .filter(case_remedies::kind.eq(filter.kind.code()))
        .order((case_remedies::case_id.asc(), case_remedies::n.asc()))
        .select((case_remedies::n, CaseRow::as_select()))
        .limit(filter.limit)
        .into_boxed();
    query = if filter.pending {
        let open = case_remedies::decided_on.is_null().or(case_remedies::decided_on.gt(filter.last));
        query.filter(decided.or(case_remedies::received_on.le(filter.last).and(open)))
    } else {
        query.filter(decided)
    };
    if let Some((case, n)) = filter.after {
        let later = case_remedies::case_id.eq(case).and(case_remedies::n.gt(n));
        query = query.filter(case_remedies::case_id.gt(case).or(later));
    }
    Ok(query.load(conn)?)
}

pub(in crate::store) fn report_entry(
    conn: &mut Conn,
    agency: Key,
    year: i32,
) -> Result<Option<ReportEntryRow>, StoreError> {
    Ok(report_entries::table
        .filter(report_entries::agency_id.eq(agency))
        .filter(report_entries::year.eq(year))
        .order(report_entries::version.desc())
        .select(ReportEntryRow::as_select())
        .first(conn)
        .optional()?)
}

pub(in crate::store) fn report_freezes(
    conn: &mut Conn,
    agency: Key,
    year: i32,
    limit: i64,
) -> Result<Vec<ReportFreezeRow>, StoreError> {
    Ok(report_freezes::table
        .filter(report_freezes::agency_id.eq(agency))
        .filter(report_freezes::year.eq(year))
        .order(report_freezes::n.desc())
        .limit(limit)
        .select(ReportFreezeRow::as_select())
        .load(conn)?)
}

pub(in crate::store) fn report_cell_cases(
    conn: &mut Conn,
    filter: &CellFilter,
) -> Result<Vec<CaseRow>, StoreError> {
    let (first, last) = (filter.first, filter.last);
    let mut query = cases::table
        .filter(holding(conn, filter.agency, filter.clearance)?.cases())
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

/// Cases concluded in a period, by day and id.
pub(in crate::store) fn cases_concluded(
    conn: &mut Conn,
    filter: &ConcludedFilter,
) -> Result<Vec<CaseRow>, StoreError> {
    let mut query = cases::table
        .filter(holding(conn, filter.agency, Sensitivity::HIGHEST)?.cases())
        .filter(cases::concluded_on.between(filter.first, filter.last))
        .order((cases::concluded_on.asc(), cases::id.asc()))
        .limit(filter.limit)
        .select(CaseRow::as_select())
        .into_boxed();
    if let Some((day, id)) = filter.after {
        query = query
            .filter(cases::concluded_on.ge(day))
            .filter(cases::concluded_on.gt(day).or(cases::id.gt(id)));
    }
    Ok(query.load(conn)?)
}

/// How many remedies that stand were decided in a period, by kind and result.
pub(in crate::store) fn remedies_decided(
    conn: &mut Conn,
    agency: Key,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<(String, Option<String>, i64)>, StoreError> {
    let held = holding(conn, agency, Sensitivity::HIGHEST)?;
    Ok(case_remedies::table
        .filter(held.rows_of("case_remedies"))
        .filter(case_remedies::decided_on.between(first, last))
        .group_by((case_remedies::kind, case_remedies::result))
        .select((case_remedies::kind, case_remedies::result, count_star()))
        .load(conn)?)
}

pub(in crate::store) fn digest(
    conn: &mut Conn,
    agency: Key,
    kind: DigestKind,
    period: &str,
) -> Result<Option<DigestRow>, StoreError> {
    let found = digests::table.find((agency, kind.code(), period));
    Ok(found.select(DigestRow::as_select()).first(conn).optional()?)
}

/// Those of a kind before a period, the newest first: periods of one kind sort as they are written.
pub(in crate::store) fn digests_of(
    conn: &mut Conn,
    agency: Key,
    kind: DigestKind,
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<DigestRow>, StoreError> {
    let mut query = digests::table
        .filter(digests::agency_id.eq(agency))
        .filter(digests::kind.eq(kind.code()))
        .order(digests::period.desc())
        .limit(limit)
        .select(DigestRow::as_select())
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(digests::period.lt(before.to_owned()));
    }
    Ok(query.load(conn)?)
}
