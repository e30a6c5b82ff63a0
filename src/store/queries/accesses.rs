//! Who saw whose data.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::Conn;
use crate::domain::access::{AccessKind, REVEAL_LIMITS};
use crate::store::accesses::{AccessFilter, AccessRow, AccessesOf};
use crate::store::error::StoreError;
use crate::store::filter::ApplicantIndex;
use crate::store::schema::{accesses, applicants, cases};
use crate::store::types::At;

pub(in crate::store) fn accesses(
    conn: &mut Conn,
    filter: &AccessFilter,
) -> Result<Vec<(AccessRow, Option<String>)>, StoreError> {
    let held = super::custody::holding(conn, filter.agency)?;
    let its_case = cases::agency_id.eq(accesses::agency_id).and(cases::id.eq(accesses::case_id));
    let mut query = accesses::table
        .inner_join(cases::table.on(its_case))
        .filter(held.rows_of("accesses"))
        .select((AccessRow::as_select(), cases::number))
        .order((accesses::id.desc(), accesses::case_id.desc()))
        .limit(filter.limit)
        .into_boxed();
    query =
        match &filter.of {
            AccessesOf::Case(case) => query.filter(accesses::case_id.eq(*case)),
            AccessesOf::Applicant(index) => {
                let named = applicants::table.filter(held.rows_of("applicants"));
                match index {
                    ApplicantIndex::Name(values) => query.filter(accesses::case_id.eq_any(
                        named.filter(applicants::name_index.eq_any(values)).select(applicants::case_id),
                    )),
                    ApplicantIndex::Identity(values) => query.filter(
                        accesses::case_id.eq_any(
                            named
                                .filter(applicants::identity_index.assume_not_null().eq_any(values))
                                .select(applicants::case_id),
                        ),
                    ),
                }
            }
        };
    if let Some((id, case)) = filter.before {
        query = query.filter(accesses::id.lt(id).or(accesses::id.eq(id).and(accesses::case_id.lt(case))));
    }
    Ok(query.load(conn)?)
}

/// Writes accesses. One reveal too many by its account is refused with the seconds until the next may be made: counted from the
/// record, under the lock of the agency's chain, and so exact however many ask at once, at however many instances. Must run inside
/// a write transaction that holds the chain.
pub(in crate::store) fn accesses_insert_in_tx(conn: &mut Conn, rows: &[AccessRow]) -> Result<(), StoreError> {
    for row in rows.iter().filter(|row| row.kind == AccessKind::Reveal.code()) {
        within_limits(conn, row)?;
    }
    let written = diesel::insert_into(accesses::table).values(rows).execute(conn);
    written.map(|_| ()).map_err(|error| StoreError::from(error).of_the_record())
}

fn within_limits(conn: &mut Conn, row: &AccessRow) -> Result<(), StoreError> {
    let Some(account) = row.account_id else { return Ok(()) };
    for (most, seconds) in REVEAL_LIMITS {
        let window = TimeDelta::seconds(i64::from(*seconds));
        // The one that must have left the window before the next may be made: the `most`-th last.
        let oldest: Option<At> = accesses::table
            .filter(accesses::agency_id.eq(row.agency_id))
            .filter(accesses::account_id.assume_not_null().eq(account))
            .filter(accesses::kind.eq(&row.kind))
            .filter(accesses::recorded_at.gt(At(row.recorded_at.0 - window)))
            .order(accesses::recorded_at.desc())
            .offset(i64::from(*most).saturating_sub(1))
            .select(accesses::recorded_at)
            .first(conn)
            .optional()?;
        if let Some(oldest) = oldest {
            let passed = row.recorded_at.0.signed_duration_since(oldest.0);
            let left = window - passed;
            let whole = u32::try_from(left.num_seconds().saturating_add(1)).unwrap_or(1);
            return Err(StoreError::TooOften { seconds: whole.clamp(1, *seconds) });
        }
    }
    Ok(())
}
