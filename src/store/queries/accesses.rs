//! Who saw whose data.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::Conn;
use super::chain::hold_chain;
use super::custody::holding;
use crate::domain::access::AccessKind;
use crate::domain::ids::AgencyId;
use crate::domain::sensitivity::Sensitivity;
use crate::store::accesses::{AccessFilter, AccessRow, AccessesOf};
use crate::store::error::StoreError;
use crate::store::filter::ApplicantIndex;
use crate::store::schema::{accesses, accounts, applicants, cases};
use crate::store::types::{At, Key};

pub(in crate::store) fn accesses(
    conn: &mut Conn,
    filter: &AccessFilter,
) -> Result<Vec<(AccessRow, Option<String>)>, StoreError> {
    let held = holding(conn, filter.agency, filter.clearance)?;
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

/// Writes accesses. One reveal or opening too many by its person is refused with the seconds until the next may be made: counted from
/// the record, under the lock of the agency's chain, and so exact however many ask at once, at however many instances. `openings`: how
/// many files a person may open in an hour. Must run inside a write transaction that holds the chain.
pub(in crate::store) fn accesses_insert_in_tx(
    conn: &mut Conn,
    rows: &[AccessRow],
    openings: u32,
) -> Result<(), StoreError> {
    for row in rows {
        let limits = AccessKind::parse(&row.kind).and_then(|kind| kind.limits(openings));
        if let Some((kinds, limits)) = limits {
            within_limits(conn, row, kinds, &limits)?;
        }
    }
    let written = diesel::insert_into(accesses::table).values(rows).execute(conn);
    written.map(|_| ()).map_err(|error| StoreError::from(error).of_the_record())
}

/// Takes the chains under which accesses are counted, in one order: the agency's, and those at which the person's accounts stand, so that
/// his reveals are counted one after the other, by whichever account, whichever agency the cases came to. Must run inside a write transaction, before anything is read.
pub(in crate::store) fn hold_counts(
    conn: &mut Conn,
    agency: AgencyId,
    rows: &[AccessRow],
) -> Result<(), StoreError> {
    let persons: Vec<Key> = rows.iter().filter_map(|row| row.person_id).collect();
    let homes = homes_of(conn, &persons)?;
    let mut chains: Vec<AgencyId> = homes.into_iter().map(|home| AgencyId(home.0)).chain([agency]).collect();
    chains.sort_unstable();
    chains.dedup();
    for chain in chains {
        hold_chain(conn, chain)?;
    }
    Ok(())
}

/// The agencies at which persons have accounts.
fn homes_of(conn: &mut Conn, persons: &[Key]) -> Result<Vec<Key>, StoreError> {
    let homes = accounts::table.filter(accounts::person_id.eq_any(persons)).select(accounts::agency_id);
    Ok(homes.distinct().load(conn)?)
}

/// Counts what of these kinds a person was shown, by whichever of his accounts, over all agencies whose cases these handle, and the one
/// of this case.
fn within_limits(
    conn: &mut Conn,
    row: &AccessRow,
    kinds: &[AccessKind],
    limits: &[(u32, u32)],
) -> Result<(), StoreError> {
    let Some(person) = row.person_id else { return Ok(()) };
    let mut agencies = homes_of(conn, &[person])?;
    for home in agencies.clone() {
        agencies.extend(holding(conn, home, Sensitivity::HIGHEST)?.origins.into_iter().flatten());
    }
    agencies.push(row.agency_id);
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind.code()).collect();
    for (most, seconds) in limits {
        let window = TimeDelta::seconds(i64::from(*seconds));
        // The one that must have left the window before the next may be made: the `most`-th last.
        let oldest: Option<At> = accesses::table
            .filter(accesses::agency_id.eq_any(&agencies))
            .filter(accesses::person_id.assume_not_null().eq(person))
            .filter(accesses::kind.eq_any(&kinds))
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
