//! What becomes of agencies: names, mergers, and the cases that go over to others.

use diesel::prelude::*;

use super::Conn;
use super::chain::hold_chain;
use super::commit::commit_in_tx;
use super::setup::set_up_in_tx;
use crate::domain::ids::AgencyId;
use crate::domain::reorganisation::ReorganisationKind;
use crate::domain::sensitivity::Sensitivity;
use crate::store::error::StoreError;
use crate::store::reorganisation::{HandOver, ReorganisationRow};
use crate::store::schema::{agencies, cases, departments, reorganisations};
use crate::store::seals::HeadSeals;
use crate::store::types::{At, Key};

pub(in crate::store) fn reorganisations_of(
    conn: &mut Conn,
    agency: Key,
    before: Option<Key>,
    limit: i64,
) -> Result<Vec<ReorganisationRow>, StoreError> {
    let mut query = reorganisations::table
        .filter(reorganisations::agency_id.eq(agency))
        .order(reorganisations::id.desc())
        .limit(limit)
        .select(ReorganisationRow::as_select())
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(reorganisations::id.lt(before));
    }
    Ok(query.load(conn)?)
}

pub(in crate::store) fn reorganisations_running(
    conn: &mut Conn,
) -> Result<Vec<ReorganisationRow>, StoreError> {
    Ok(reorganisations::table
        .filter(reorganisations::finished_at.is_null())
        .order((reorganisations::agency_id.asc(), reorganisations::id.asc()))
        .select(ReorganisationRow::as_select())
        .load(conn)?)
}

/// Open cases for a hand-over, all of them for a merger; each with the agency to which it came.
pub(in crate::store) fn cases_to_hand_over(
    conn: &mut Conn,
    row: &ReorganisationRow,
    limit: i64,
) -> Result<Vec<(Key, Key)>, StoreError> {
    let held = super::custody::holding(conn, row.agency_id, Sensitivity::HIGHEST)?;
    let mut query = cases::table
        .filter(held.cases())
        .filter(cases::custodian_agency_id.eq(row.agency_id))
        .order(cases::id.asc())
        .limit(limit)
        .select((cases::agency_id, cases::id))
        .into_boxed();
    if row.kind == ReorganisationKind::HandedOver.code() {
        query = query.filter(cases::concluded_on.is_null());
    }
    if let Some(department) = row.department_id {
        query = query.filter(cases::department_id.eq(department));
    }
    Ok(query.load(conn)?)
}

/// Begins a reorganisation, and does what is done at once. Must run inside a write transaction.
pub(in crate::store) fn reorganise_in_tx(conn: &mut Conn, row: &ReorganisationRow) -> Result<(), StoreError> {
    // Taken first, as whoever receives a case does: after this nobody receives one where a merger ends that.
    hold_chain(conn, AgencyId(row.agency_id.0))?;
    let running: i64 = reorganisations::table
        .filter(reorganisations::agency_id.eq(row.agency_id))
        .filter(reorganisations::finished_at.is_null())
        .count()
        .get_result(conn)?;
    if running > 0 {
        return Err(StoreError::VersionConflict);
    }
    let agency = agencies::table.find(row.agency_id);
    match ReorganisationKind::parse(&row.kind) {
        Some(ReorganisationKind::Renamed) => {
            let name = row.name_after.clone().unwrap_or_default();
            diesel::update(agency).set(agencies::name.eq(name)).execute(conn)?;
        }
        Some(ReorganisationKind::DepartmentRenamed) => {
            let name = row.name_after.clone().unwrap_or_default();
            let own = departments::table
                .filter(departments::agency_id.eq(row.agency_id))
                .filter(departments::id.nullable().eq(row.department_id));
            diesel::update(own).set(departments::name.eq(name)).execute(conn)?;
        }
        Some(ReorganisationKind::HandedOver) => {}
        Some(ReorganisationKind::Merged) => {
            let merged =
                (agencies::merged_into_id.eq(row.to_agency_id), agencies::merged_on.eq(row.effective_on));
            diesel::update(agency).set(merged).execute(conn)?;
            // What stood below it stands below its successor.
            let below = agencies::table.filter(agencies::parent_id.eq(row.agency_id));
            diesel::update(below).set(agencies::parent_id.eq(row.to_agency_id)).execute(conn)?;
        }
        None => return Err(StoreError::Internal(format!("{} is no kind of reorganisation", row.kind))),
    }
    diesel::insert_into(reorganisations::table).values(row).execute(conn)?;
    Ok(())
}

/// Ends a reorganisation. Must run inside a write transaction.
pub(in crate::store) fn reorganisation_finish_in_tx(
    conn: &mut Conn,
    (agency, id): (Key, Key),
    at: At,
) -> Result<(), StoreError> {
    let running = reorganisations::table.find((agency, id)).filter(reorganisations::finished_at.is_null());
    let ended = diesel::update(running).set(reorganisations::finished_at.eq(at)).execute(conn)?;
    if ended == 1 { Ok(()) } else { Err(StoreError::VersionConflict) }
}

/// Writes the events of some cases and that of the agency which takes them over. All chains are taken first, in one order. Must run
/// inside a write transaction.
pub(in crate::store) fn hand_over_in_tx(
    conn: &mut Conn,
    seals: &HeadSeals,
    portion: HandOver,
) -> Result<(), StoreError> {
    let chains = portion.commits.iter().map(|commit| commit.agency);
    let mut chains: Vec<AgencyId> = chains.chain([portion.about.agency]).collect();
    chains.sort_unstable();
    chains.dedup();
    for agency in chains {
        hold_chain(conn, agency)?;
    }
    let moved = i32::try_from(portion.commits.len()).unwrap_or(i32::MAX);
    for commit in portion.commits {
        commit_in_tx(conn, seals, commit, None)?;
    }
    diesel::update(reorganisations::table.find(portion.of))
        .set(reorganisations::cases_moved.eq(reorganisations::cases_moved + moved))
        .execute(conn)?;
    set_up_in_tx(conn, seals, portion.about)
}

/// Refuses a new case where nothing comes in any more. Must run inside a write transaction that has taken the agency's chain.
pub(in crate::store) fn takes_in(conn: &mut Conn, agency: AgencyId) -> Result<(), StoreError> {
    let merged: Option<Option<Key>> =
        agencies::table.find(Key(agency.0)).select(agencies::merged_into_id).first(conn).optional()?;
    match merged.flatten() {
        None => Ok(()),
        Some(_) => Err(StoreError::AgencyMerged),
    }
}
