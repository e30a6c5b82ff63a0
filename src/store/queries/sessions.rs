//! Sign-in: accounts by name, stays, refresh tokens, and who somebody is on each request.

use diesel::prelude::*;

use super::Conn;
use crate::store::answers::Rotation;
use crate::store::error::StoreError;
use crate::store::rows::{AccountRow, GrantRow, RefreshRow, SessionRow};
use crate::store::schema::{accounts, refresh_tokens, role_grants, sessions};
use crate::store::types::{At, Key};

pub(in crate::store) fn account_by_username(
    conn: &mut Conn,
    username: &str,
) -> Result<Option<AccountRow>, StoreError> {
    Ok(accounts::table
        .filter(accounts::username.eq(username))
        .select(AccountRow::as_select())
        .first(conn)
        .optional()?)
}

pub(in crate::store) fn account_by_id(conn: &mut Conn, id: Key) -> Result<Option<AccountRow>, StoreError> {
    Ok(accounts::table.find(id).select(AccountRow::as_select()).first(conn).optional()?)
}

/// Who a live session belongs to: its account and roles. `None` when the session ended or the account is disabled.
pub(in crate::store) fn session_actor(
    conn: &mut Conn,
    session: Key,
    now: At,
) -> Result<Option<(SessionRow, AccountRow, Vec<GrantRow>)>, StoreError> {
    let found = sessions::table
        .inner_join(accounts::table.on(accounts::id.eq(sessions::account_id)))
        .filter(sessions::id.eq(session))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .filter(accounts::disabled.eq(false))
        .select((SessionRow::as_select(), AccountRow::as_select()))
        .first::<(SessionRow, AccountRow)>(conn)
        .optional()?;
    let Some((session, account)) = found else { return Ok(None) };
    let grants = grants_of(conn, account.id)?;
    Ok(Some((session, account, grants)))
}

pub(in crate::store) fn grants_of(conn: &mut Conn, account: Key) -> Result<Vec<GrantRow>, StoreError> {
    Ok(role_grants::table
        .filter(role_grants::account_id.eq(account))
        .order(role_grants::id.asc())
        .select(GrantRow::as_select())
        .load(conn)?)
}

/// Records a wrong password; from the `most`-th on the account is locked until `until`.
pub(in crate::store) fn login_failed_in_tx(
    conn: &mut Conn,
    account: Key,
    most: i32,
    until: At,
) -> Result<(), StoreError> {
    let failed: i32 = diesel::update(accounts::table.find(account))
        .set(accounts::failed_logins.eq(accounts::failed_logins + 1))
        .returning(accounts::failed_logins)
        .get_result(conn)?;
    if failed >= most {
        diesel::update(accounts::table.find(account))
            .set((accounts::failed_logins.eq(0), accounts::locked_until.eq(Some(until))))
            .execute(conn)?;
    }
    Ok(())
}

/// Begins a stay.
pub(in crate::store) fn session_begin_in_tx(
    conn: &mut Conn,
    session: &SessionRow,
    refresh: &RefreshRow,
) -> Result<(), StoreError> {
    diesel::update(accounts::table.find(session.account_id))
        .set((accounts::failed_logins.eq(0), accounts::locked_until.eq(None::<At>)))
        .execute(conn)?;
    diesel::insert_into(sessions::table).values(session).execute(conn)?;
    diesel::insert_into(refresh_tokens::table).values(refresh).execute(conn)?;
    Ok(())
}

/// Uses a refresh token once and stores its successor. A token shown twice ends its session (RFC 9700, 4.14.2).
pub(in crate::store) fn refresh_rotate_in_tx(
    conn: &mut Conn,
    shown: &[u8],
    next: &[u8],
    now: At,
    idle_since: At,
) -> Result<Rotation, StoreError> {
    let used =
        diesel::update(refresh_tokens::table.find(shown.to_vec()).filter(refresh_tokens::used_at.is_null()))
            .set(refresh_tokens::used_at.eq(Some(now)))
            .execute(conn)?;
    let token: Option<RefreshRow> =
        refresh_tokens::table.find(shown.to_vec()).select(RefreshRow::as_select()).first(conn).optional()?;
    let Some(token) = token else { return Ok(Rotation::Refused) };
    if used == 0 {
        session_revoke_in_tx(conn, token.session_id, now)?;
        return Ok(Rotation::Reused);
    }
    let Some((session, account, _)) = session_actor(conn, token.session_id, now)? else {
        return Ok(Rotation::Refused);
    };
    if session.last_used_at < idle_since {
        session_revoke_in_tx(conn, token.session_id, now)?;
        return Ok(Rotation::Refused);
    }
    diesel::insert_into(refresh_tokens::table)
        .values(RefreshRow { hash: next.to_vec(), session_id: session.id, issued_at: now, used_at: None })
        .execute(conn)?;
    diesel::update(sessions::table.find(session.id)).set(sessions::last_used_at.eq(now)).execute(conn)?;
    Ok(Rotation::Rotated { session: session.id, account: account.id })
}

/// Ends a stay.
pub(in crate::store) fn session_revoke_in_tx(
    conn: &mut Conn,
    session: Key,
    now: At,
) -> Result<(), StoreError> {
    diesel::update(sessions::table.find(session).filter(sessions::revoked_at.is_null()))
        .set(sessions::revoked_at.eq(Some(now)))
        .execute(conn)?;
    Ok(())
}

/// Ends every stay of an account but one.
pub(in crate::store) fn sessions_revoke_others_in_tx(
    conn: &mut Conn,
    account: Key,
    keep: Option<Key>,
    now: At,
) -> Result<(), StoreError> {
    let others =
        sessions::table.filter(sessions::account_id.eq(account)).filter(sessions::revoked_at.is_null());
    match keep {
        Some(keep) => diesel::update(others.filter(sessions::id.ne(keep)))
            .set(sessions::revoked_at.eq(Some(now)))
            .execute(conn)?,
        None => diesel::update(others).set(sessions::revoked_at.eq(Some(now))).execute(conn)?,
    };
    Ok(())
}
