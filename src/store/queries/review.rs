//! What an agency has set for the review of its replies.

use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::Conn;
use super::custody::holding;
use crate::domain::sensitivity::Sensitivity;
use crate::store::error::StoreError;
use crate::store::rows::{DelegationRow, PersonRow, ReviewedRow, SettingRow};
use crate::store::schema::{agency_settings, cases, delegations, events, persons};
use crate::store::types::{At, Key};

pub(in crate::store) fn agency_settings_of(
    conn: &mut Conn,
    agency: Key,
) -> Result<Vec<SettingRow>, StoreError> {
    Ok(agency_settings::table
        .filter(agency_settings::agency_id.eq(agency))
        .order(agency_settings::name.asc())
        .select(SettingRow::as_select())
        .load(conn)?)
}

/// Sets something anew. Must run inside a write transaction.
pub(in crate::store) fn agency_setting_put_in_tx(
    conn: &mut Conn,
    row: &SettingRow,
) -> Result<(), StoreError> {
    let of = agency_settings::table.find((row.agency_id, row.name.clone()));
    diesel::delete(of).execute(conn)?;
    diesel::insert_into(agency_settings::table).values(row).execute(conn)?;
    Ok(())
}

pub(in crate::store) fn delegations_of(
    conn: &mut Conn,
    agency: Key,
    today: NaiveDate,
) -> Result<Vec<DelegationRow>, StoreError> {
    Ok(delegations::table
        .filter(delegations::agency_id.eq(agency))
        .filter(delegations::ended_at.is_null())
        .filter(delegations::ends_on.ge(today))
        .order((delegations::starts_on.asc(), delegations::id.asc()))
        .select(DelegationRow::as_select())
        .load(conn)?)
}

pub(in crate::store) fn delegation_by_id(
    conn: &mut Conn,
    agency: Key,
    id: Key,
) -> Result<Option<DelegationRow>, StoreError> {
    Ok(delegations::table.find((agency, id)).select(DelegationRow::as_select()).first(conn).optional()?)
}

/// Must run inside a write transaction.
pub(in crate::store) fn delegation_insert_in_tx(
    conn: &mut Conn,
    row: &DelegationRow,
) -> Result<(), StoreError> {
    diesel::insert_into(delegations::table).values(row).execute(conn)?;
    Ok(())
}

/// Ends a delegation; the first end holds. Must run inside a write transaction.
pub(in crate::store) fn delegation_end_in_tx(
    conn: &mut Conn,
    agency: Key,
    id: Key,
    at: At,
) -> Result<(), StoreError> {
    diesel::update(delegations::table.find((agency, id)).filter(delegations::ended_at.is_null()))
        .set(delegations::ended_at.eq(at))
        .execute(conn)?;
    Ok(())
}

/// What was decided in review at an agency, with what lists show of the case, when it bears no label above the
/// reader's clearance, by the instant of its recording: after an event, and no
/// later than an instant.
pub(in crate::store) fn reviewed_after(
    conn: &mut Conn,
    (agency, clearance): (Key, Sensitivity),
    (after, seq): (At, i64),
    until: At,
    limit: i64,
) -> Result<Vec<ReviewedRow>, StoreError> {
    let case =
        cases::table.on(cases::agency_id.eq(events::agency_id).and(cases::id.nullable().eq(events::case_id)));
    Ok(events::table
        .inner_join(case)
        .filter(holding(conn, agency, clearance)?.rows_of("events"))
        // In the words of the partial index: a bound parameter would not be known to be among them.
        .filter(sql::<Bool>("event_type IN ('reviewed', 'referral_answered')"))
        .filter(
            events::recorded_at.gt(after).or(events::recorded_at.eq(after).and(events::agency_seq.gt(seq))),
        )
        .filter(events::recorded_at.ge(after))
        .filter(events::recorded_at.le(until))
        .order((events::recorded_at.asc(), events::agency_seq.asc()))
        .limit(limit)
        .select(ReviewedRow::as_select())
        .load(conn)?)
}

pub(in crate::store) fn persons_by_id(conn: &mut Conn, ids: &[Key]) -> Result<Vec<PersonRow>, StoreError> {
    Ok(persons::table.filter(persons::id.eq_any(ids)).select(PersonRow::as_select()).load(conn)?)
}
