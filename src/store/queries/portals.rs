//! Portals: their secrets, their stays, their requests.

use diesel::prelude::*;

use super::Conn;
use crate::domain::time_limit::ObligationKind;
use crate::store::attempts::CameIn;
use crate::store::error::StoreError;
use crate::store::portals::{PortalLine, PortalRequestLine, PortalRequestRow, PortalRow, PortalSecretRow};
use crate::store::rows::{AccountRow, CaseObligationRow, CaseRow, GrantRow, PersonRow, SessionRow};
use crate::store::schema::{
    accounts, case_obligations, cases, persons, portal_requests, portal_secrets, portals, role_grants,
    sessions,
};
use crate::store::types::{At, Key};

/// Secrets that are good at an instant.
macro_rules! good {
    ($now:expr) => {
        portal_secrets::expires_at.is_null().or(portal_secrets::expires_at.gt($now)).assume_not_null()
    };
}

pub(in crate::store) fn portals_of(
    conn: &mut Conn,
    agency: Key,
    now: At,
) -> Result<Vec<PortalLine>, StoreError> {
    let rows: Vec<PortalRow> = portals::table
        .filter(portals::agency_id.eq(agency))
        .order(portals::name.asc())
        .select(PortalRow::as_select())
        .load(conn)?;
    let secrets: Vec<PortalSecretRow> = portal_secrets::table
        .filter(portal_secrets::agency_id.eq(agency))
        .filter(good!(now))
        .order(portal_secrets::n.asc())
        .select(PortalSecretRow::as_select())
        .load(conn)?;
    let line = |row: PortalRow| {
        let own = secrets.iter().filter(|secret| secret.portal_id == row.id).cloned().collect();
        (row, own)
    };
    Ok(rows.into_iter().map(line).collect())
}

pub(in crate::store) fn portal_signing_in(
    conn: &mut Conn,
    portal: Key,
    hash: &[u8],
    now: At,
) -> Result<Option<(PortalRow, bool)>, StoreError> {
    let found: Option<PortalRow> = portals::table
        .inner_join(accounts::table.on(accounts::id.eq(portals::account_id)))
        .filter(portals::id.eq(portal))
        .filter(portals::closed_at.is_null())
        .filter(accounts::disabled.eq(false))
        .select(PortalRow::as_select())
        .first(conn)
        .optional()?;
    let Some(row) = found else { return Ok(None) };
    let good: i64 = portal_secrets::table
        .filter(portal_secrets::agency_id.eq(row.agency_id))
        .filter(portal_secrets::portal_id.eq(row.id))
        .filter(portal_secrets::hash.eq(hash))
        .filter(good!(now))
        .count()
        .get_result(conn)?;
    Ok(Some((row, good == 1)))
}

pub(in crate::store) fn portal_last_secret(
    conn: &mut Conn,
    agency: Key,
    portal: Key,
) -> Result<i32, StoreError> {
    let last: Option<i32> = portal_secrets::table
        .filter(portal_secrets::agency_id.eq(agency))
        .filter(portal_secrets::portal_id.eq(portal))
        .order(portal_secrets::n.desc())
        .select(portal_secrets::n)
        .first(conn)
        .optional()?;
    Ok(last.unwrap_or(0))
}

/// Begins a stay; its account counts as used. Must run inside a write transaction.
pub(in crate::store) fn portal_session_begin_in_tx(
    conn: &mut Conn,
    session: &SessionRow,
    came_in: CameIn,
) -> Result<(), StoreError> {
    let over = sessions::account_id.eq(session.account_id).and(sessions::expires_at.lt(session.created_at));
    diesel::delete(sessions::table.filter(over)).execute(conn)?;
    let used = accounts::table.find(session.account_id);
    diesel::update(used).set(accounts::active_at.eq(session.created_at)).execute(conn)?;
    diesel::insert_into(sessions::table).values(session).execute(conn)?;
    super::attempts::came_in_in_tx(conn, session.created_at, came_in)
}

pub(in crate::store) fn portal_of_account(
    conn: &mut Conn,
    account: Key,
) -> Result<Option<PortalRow>, StoreError> {
    Ok(portals::table
        .filter(portals::account_id.eq(account))
        .select(PortalRow::as_select())
        .first(conn)
        .optional()?)
}

pub(in crate::store) fn portal_requests_page(
    conn: &mut Conn,
    (agency, portal): (Key, Key),
    request: Option<&str>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<PortalRequestLine>, StoreError> {
    let mut query =
        portal_requests::table
            .inner_join(cases::table.on(
                cases::agency_id.eq(portal_requests::agency_id).and(cases::id.eq(portal_requests::case_id)),
            ))
            .filter(portal_requests::agency_id.eq(agency))
            .filter(portal_requests::portal_id.eq(portal))
            .order(portal_requests::request.asc())
            .limit(limit)
            .select((PortalRequestRow::as_select(), CaseRow::as_select()))
            .into_boxed();
    if let Some(request) = request {
        query = query.filter(portal_requests::request.eq(request));
    }
    if let Some(after) = after {
        query = query.filter(portal_requests::request.gt(after));
    }
    let rows: Vec<(PortalRequestRow, CaseRow)> = query.load(conn)?;
    let ids: Vec<Key> = rows.iter().map(|(_, case)| case.id).collect();
    let his = [ObligationKind::CorrectionResponse, ObligationKind::FeePayment].map(ObligationKind::code);
    let owed: Vec<CaseObligationRow> = case_obligations::table
        .filter(case_obligations::agency_id.eq(agency))
        .filter(case_obligations::case_id.eq_any(ids))
        .filter(case_obligations::kind.eq_any(his))
        .select(CaseObligationRow::as_select())
        .load(conn)?;
    let line = |(request, case): (PortalRequestRow, CaseRow)| {
        let own = owed.iter().filter(|row| row.case_id == case.id).cloned().collect();
        (request, case, own)
    };
    Ok(rows.into_iter().map(line).collect())
}

/// A new portal with its account and its first secret. Must run inside a write transaction.
pub(in crate::store) fn portal_insert_in_tx(
    conn: &mut Conn,
    (portal, secret): (&PortalRow, &PortalSecretRow),
    (person, account, grant): (&PersonRow, &AccountRow, &GrantRow),
) -> Result<(), StoreError> {
    diesel::insert_into(persons::table).values(person).execute(conn)?;
    diesel::insert_into(accounts::table).values(account).execute(conn)?;
    diesel::insert_into(role_grants::table).values(grant).execute(conn)?;
    diesel::insert_into(portals::table).values(portal).execute(conn)?;
    diesel::insert_into(portal_secrets::table).values(secret).execute(conn)?;
    Ok(())
}

/// A further secret; those before end at an instant, or when they would have ended anyway. [`StoreError::VersionConflict`] when there is one of its
/// number. Must run inside a write transaction.
pub(in crate::store) fn portal_secret_insert_in_tx(
    conn: &mut Conn,
    secret: &PortalSecretRow,
    others_until: At,
) -> Result<(), StoreError> {
    let last = portal_last_secret(conn, secret.agency_id, secret.portal_id)?;
    if last.saturating_add(1) != secret.n {
        return Err(StoreError::VersionConflict);
    }
    let longer = portal_secrets::expires_at.is_null().or(portal_secrets::expires_at.gt(others_until));
    let lasting = portal_secrets::table
        .filter(portal_secrets::agency_id.eq(secret.agency_id))
        .filter(portal_secrets::portal_id.eq(secret.portal_id))
        .filter(longer.assume_not_null());
    diesel::update(lasting).set(portal_secrets::expires_at.eq(Some(others_until))).execute(conn)?;
    diesel::insert_into(portal_secrets::table).values(secret).execute(conn)?;
    if others_until <= secret.created_at {
        // The secret before may be in wrong hands: what was begun with it ends too.
        let account = portals::table.find((secret.agency_id, secret.portal_id)).select(portals::account_id);
        let account: Key = account.first(conn)?;
        end_stays(conn, account, secret.created_at)?;
    }
    Ok(())
}

fn end_stays(conn: &mut Conn, account: Key, now: At) -> Result<(), StoreError> {
    let of_it = sessions::account_id.eq(account).and(sessions::revoked_at.is_null());
    diesel::update(sessions::table.filter(of_it)).set(sessions::revoked_at.eq(Some(now))).execute(conn)?;
    Ok(())
}

/// Closes a portal: nothing of it is good any more. Must run inside a write transaction.
pub(in crate::store) fn portal_close_in_tx(
    conn: &mut Conn,
    portal: &PortalRow,
    now: At,
) -> Result<(), StoreError> {
    diesel::update(portals::table.find((portal.agency_id, portal.id)))
        .set(portals::closed_at.eq(Some(now)))
        .execute(conn)?;
    diesel::update(accounts::table.find(portal.account_id)).set(accounts::disabled.eq(true)).execute(conn)?;
    end_stays(conn, portal.account_id, now)
}

/// Remembers which case came of a request of a portal. Must run inside a write transaction.
pub(in crate::store) fn portal_request_insert_in_tx(
    conn: &mut Conn,
    row: &PortalRequestRow,
) -> Result<(), StoreError> {
    diesel::insert_into(portal_requests::table).values(row).execute(conn)?;
    Ok(())
}
