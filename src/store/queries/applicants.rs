//! Cases by their applicant, through the blind index: those whose newest record of the applicant it is.

use diesel::prelude::*;

use super::Conn;
use super::audit::Snapshot;
use super::custody::holding;
use super::queue::{with_obligations, worked_on_by};
use crate::store::answers::QueueLine;
use crate::store::error::StoreError;
use crate::store::filter::{ApplicantFilter, ApplicantIndex};
use crate::store::rows::{ApplicantRow, CaseRow};
use crate::store::schema::{applicants, cases};

/// A page of the cases of an applicant, those received last first.
pub(in crate::store) fn cases_of_applicant(
    conn: &mut Conn,
    filter: &ApplicantFilter,
) -> Result<Vec<(QueueLine, ApplicantRow)>, StoreError> {
    let snapshot = Snapshot::begin(conn)?;
    let held = holding(snapshot.0, filter.agency, filter.reach.clearance)?;
    let its_record = cases::agency_id
        .eq(applicants::agency_id)
        .and(cases::id.eq(applicants::case_id))
        .and(cases::applicant_id.eq(applicants::id));
    let mut query = applicants::table
        .inner_join(cases::table.on(its_record))
        .filter(held.rows_of("applicants"))
        .select((CaseRow::as_select(), ApplicantRow::as_select()))
        .order((cases::received_sort.desc(), cases::id.desc()))
        .limit(filter.limit)
        .into_boxed();
    query = match &filter.index {
        ApplicantIndex::Name(values) => query.filter(applicants::name_index.eq_any(values)),
        ApplicantIndex::Identity(values) => {
            query.filter(applicants::identity_index.assume_not_null().eq_any(values))
        }
    };
    if let Some(departments) = &filter.reach.departments {
        query = query.filter(cases::id.eq_any(worked_on_by(&held, departments.clone())));
    }
    if let Some((day, id)) = filter.after {
        query = query
            .filter(cases::received_sort.le(day))
            .filter(cases::received_sort.lt(day).or(cases::id.lt(id)));
    }
    let found: Vec<(CaseRow, ApplicantRow)> = query.load(snapshot.0)?;
    let (rows, people): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    let lines = with_obligations(snapshot.0, rows)?;
    Ok(lines.into_iter().zip(people).collect())
}
