//! Sign-in: accounts by name, stays, refresh tokens, and who somebody is on each request.

use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::Conn;
use super::provider::bind_in_tx;
use crate::domain::role::Role;
use crate::store::access::{AccessChange, Proof};
use crate::store::answers::Rotation;
use crate::store::attempts::CameIn;
use crate::store::error::StoreError;
use crate::store::rows::{AccountRow, GrantRow, RefreshRow, SessionRow, WAY_PASSWORD};
use crate::store::schema::{accounts, meta, refresh_tokens, role_grants, sessions};
use crate::store::types::{At, Key};

/// So many stays of an account are listed at most.
const MOST_SESSIONS: i64 = 200;

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

/// What a refused sign-in of nobody is written to.
const REFUSED_SIGN_IN: &str = "refused_sign_in";

/// A write of the size of [`login_failed_in_tx`], about nobody: it would be told from one by the time of a commit otherwise.
pub(in crate::store) fn login_failed_nobody_in_tx(conn: &mut Conn, now: At) -> Result<(), StoreError> {
    let value = now.0.timestamp_micros().to_string();
    diesel::insert_into(meta::table)
        .values((meta::key.eq(REFUSED_SIGN_IN), meta::value.eq(&value)))
        .on_conflict(meta::key)
        .do_update()
        .set(meta::value.eq(&value))
        .execute(conn)?;
    Ok(())
}

/// Begins a stay. What was true when the password was hashed must still be: the password is the same, nobody disabled the
/// account, no other wrong password locked it (or the lock does not hold for him). `false` when it is not, and nothing is written. A
/// lock that holds still stays as it is, with what was counted.
pub(in crate::store) fn session_begin_in_tx(
    conn: &mut Conn,
    session: &SessionRow,
    refresh: &RefreshRow,
    (proof, came_in): (&Proof, CameIn),
) -> Result<bool, StoreError> {
    let rested = || {
        accounts::locked_until.is_null().or(accounts::locked_until.le(session.created_at).assume_not_null())
    };
    let still = accounts::table
        .find(session.account_id)
        .filter(accounts::password_hash.eq(&proof.password_hash))
        .filter(accounts::disabled.eq(false))
        .filter(rested().or(proof.through_lock.into_sql::<Bool>()));
    let active = accounts::active_at.eq(session.created_at);
    // A code is taken once, and none of an earlier step after it; who has set a second factor meanwhile must show it.
    let open = match proof.step {
        Some(step) => diesel::update(still.filter(accounts::totp_step.lt(step)))
            .set((active, accounts::totp_step.eq(step)))
            .execute(conn)?,
        None => {
            diesel::update(still.filter(accounts::totp_confirmed_at.is_null())).set(active).execute(conn)?
        }
    };
    if open == 0 {
        return Ok(false);
    }
    diesel::update(accounts::table.find(session.account_id).filter(rested()))
        .set((accounts::failed_logins.eq(0), accounts::locked_until.eq(None::<At>)))
        .execute(conn)?;
    diesel::insert_into(sessions::table).values(session).execute(conn)?;
    diesel::insert_into(refresh_tokens::table).values(refresh).execute(conn)?;
    super::attempts::came_in_in_tx(conn, session.created_at, came_in)?;
    Ok(true)
}

/// An account's stays that are alive, the newest first.
pub(in crate::store) fn sessions_live(
    conn: &mut Conn,
    account: Key,
    now: At,
    idle_since: At,
) -> Result<Vec<SessionRow>, StoreError> {
    Ok(sessions::table
        .filter(sessions::account_id.eq(account))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::last_used_at.ge(idle_since))
        .order((sessions::created_at.desc(), sessions::id.desc()))
        .limit(MOST_SESSIONS)
        .select(SessionRow::as_select())
        .load(conn)?)
}

/// Ends one of an account's own stays; whether there is such a stay.
pub(in crate::store) fn session_end_own_in_tx(
    conn: &mut Conn,
    account: Key,
    session: Key,
    now: At,
) -> Result<bool, StoreError> {
    let own = sessions::table.find(session).filter(sessions::account_id.eq(account));
    let there: i64 = own.count().get_result(conn)?;
    if there > 0 {
        session_revoke_in_tx(conn, session, now)?;
    }
    Ok(there > 0)
}

/// Whether an agency has a clerk for all its cases who may sign in and read what stands at this level.
pub(in crate::store) fn has_cleared_clerk(
    conn: &mut Conn,
    agency: Key,
    level: i32,
) -> Result<bool, StoreError> {
    let clerks = role_grants::table
        .inner_join(accounts::table.on(accounts::id.eq(role_grants::account_id)))
        .filter(role_grants::agency_id.eq(agency))
        .filter(role_grants::role.eq(Role::Clerk.code()))
        .filter(role_grants::department_id.is_null())
        .filter(accounts::disabled.eq(false))
        .filter(accounts::clearance.ge(level));
    Ok(diesel::select(diesel::dsl::exists(clerks)).get_result(conn)?)
}

/// Carries out a change of the way into an account.
pub(in crate::store) fn access_in_tx(
    conn: &mut Conn,
    account: Key,
    change: &AccessChange,
    now: At,
) -> Result<(), StoreError> {
    let row = accounts::table.find(account);
    match change {
        AccessChange::SessionsEnded => {}
        AccessChange::Disabled => {
            diesel::update(row).set(accounts::disabled.eq(true)).execute(conn)?;
        }
        AccessChange::Dormant { unused_since } => {
            let unused =
                row.filter(accounts::disabled.eq(false)).filter(accounts::active_at.lt(*unused_since));
            if diesel::update(unused).set(accounts::disabled.eq(true)).execute(conn)? == 0 {
                return Err(StoreError::VersionConflict);
            }
        }
        AccessChange::SecondFactorSet { secret, step, keep } => {
            let begun =
                row.filter(accounts::totp_secret.eq(secret)).filter(accounts::totp_confirmed_at.is_null());
            let set = (accounts::totp_confirmed_at.eq(Some(now)), accounts::totp_step.eq(*step));
            if diesel::update(begun).set(set).execute(conn)? == 0 {
                return Err(StoreError::VersionConflict);
            }
            return sessions_revoke_others_in_tx(conn, account, Some(*keep), now);
        }
        AccessChange::PasswordReset { hash, with_second_factor } => {
            super::passwords::password_reset_in_tx(conn, account, (hash, *with_second_factor), now)?;
        }
        AccessChange::SecondFactorReset => {
            let none =
                (accounts::totp_secret.eq(None::<Vec<u8>>), accounts::totp_confirmed_at.eq(None::<At>));
            diesel::update(row).set(none).execute(conn)?;
        }
        AccessChange::Bound { agency, subject } => {
            return bind_in_tx(conn, (*agency, account), Some(subject), now);
        }
        AccessChange::Unbound { agency } => return bind_in_tx(conn, (*agency, account), None, now),
        AccessChange::Cleared(level) => {
            diesel::update(row).set(accounts::clearance.eq(*level)).execute(conn)?;
            return Ok(());
        }
        AccessChange::Enabled => {
            diesel::update(row)
                .set((
                    accounts::disabled.eq(false),
                    accounts::failed_logins.eq(0),
                    accounts::locked_until.eq(None::<At>),
                    accounts::active_at.eq(now),
                ))
                .execute(conn)?;
            return Ok(());
        }
    }
    sessions_revoke_others_in_tx(conn, account, None, now)
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
    let by_password = session.way == WAY_PASSWORD;
    Ok(Rotation::Rotated { session: session.id, account: account.id, by_password })
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

/// Keeps the secret of a second factor that is to be confirmed, in the place of one that never was.
pub(in crate::store) fn second_factor_begin_in_tx(
    conn: &mut Conn,
    account: Key,
    secret: &[u8],
) -> Result<bool, StoreError> {
    let open = accounts::table.find(account).filter(accounts::totp_confirmed_at.is_null());
    Ok(diesel::update(open).set(accounts::totp_secret.eq(Some(secret.to_vec()))).execute(conn)? > 0)
}
