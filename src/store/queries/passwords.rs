//! Passwords: set, remembered, and accounts that nobody has used for long.

use diesel::prelude::*;

use super::Conn;
use crate::store::error::StoreError;
use crate::store::rows::AccountRow;
use crate::store::schema::{accounts, password_history};
use crate::store::types::{At, Key};

/// So many passwords of an account are remembered beside the one that holds.
const REMEMBERED: i64 = 5;

/// Sets a one-time password, which must be changed at the next sign-in.
pub(in crate::store) fn password_reset_in_tx(
    conn: &mut Conn,
    account: Key,
    (hash, with_second_factor): (&str, bool),
    now: At,
) -> Result<(), StoreError> {
    password_set_in_tx(conn, account, hash, now)?;
    let row = accounts::table.find(account).filter(accounts::disabled.eq(false));
    let reset = (
        accounts::must_change_password.eq(true),
        accounts::failed_logins.eq(0),
        accounts::locked_until.eq(None::<At>),
    );
    let done = if with_second_factor {
        diesel::update(row.filter(accounts::totp_confirmed_at.is_not_null())).set(reset).execute(conn)?
    } else {
        diesel::update(row).set(reset).execute(conn)?
    };
    if done == 0 { Err(StoreError::VersionConflict) } else { Ok(()) }
}

/// Sets a password: the one before goes into the history, whose oldest entries go.
pub(in crate::store) fn password_set_in_tx(
    conn: &mut Conn,
    account: Key,
    hash: &str,
    now: At,
) -> Result<(), StoreError> {
    use password_history as old;
    let row: AccountRow = accounts::table.find(account).select(AccountRow::as_select()).first(conn)?;
    diesel::insert_into(old::table)
        .values((
            old::agency_id.eq(row.agency_id),
            old::account_id.eq(account),
            old::set_at.eq(row.password_set_at),
            old::password_hash.eq(row.password_hash),
        ))
        .execute(conn)?;
    let own = old::table.filter(old::agency_id.eq(row.agency_id)).filter(old::account_id.eq(account));
    let forgotten: Option<At> =
        own.order(old::set_at.desc()).offset(REMEMBERED).select(old::set_at).first(conn).optional()?;
    if let Some(forgotten) = forgotten {
        let gone = old::table
            .filter(old::agency_id.eq(row.agency_id))
            .filter(old::account_id.eq(account))
            .filter(old::set_at.le(forgotten));
        diesel::delete(gone).execute(conn)?;
    }
    diesel::update(accounts::table.find(account))
        .set((
            accounts::password_hash.eq(hash),
            accounts::must_change_password.eq(false),
            accounts::password_set_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// The hashes of an account's passwords before the one that holds, the newest first.
pub(in crate::store) fn passwords_before(
    conn: &mut Conn,
    account: &AccountRow,
) -> Result<Vec<String>, StoreError> {
    use password_history as old;
    Ok(old::table
        .filter(old::agency_id.eq(account.agency_id))
        .filter(old::account_id.eq(account.id))
        .order(old::set_at.desc())
        .limit(REMEMBERED)
        .select(old::password_hash)
        .load(conn)?)
}

/// Accounts that may sign in and that nobody has used since an instant, those unused for longest first.
pub(in crate::store) fn accounts_unused(
    conn: &mut Conn,
    since: At,
    limit: i64,
) -> Result<Vec<AccountRow>, StoreError> {
    Ok(accounts::table
        .filter(accounts::disabled.eq(false))
        .filter(accounts::active_at.lt(since))
        .order((accounts::active_at.asc(), accounts::id.asc()))
        .limit(limit)
        .select(AccountRow::as_select())
        .load(conn)?)
}

/// Counts every account as used now, and its password as set now: those of a sample office, which was made as of a year ago.
pub(in crate::store) fn accounts_used_in_tx(conn: &mut Conn, now: At) -> Result<(), StoreError> {
    diesel::update(accounts::table)
        .set((accounts::active_at.eq(now), accounts::password_set_at.eq(now)))
        .execute(conn)?;
    Ok(())
}
