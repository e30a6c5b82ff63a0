//! Sign-ins with the identity provider: whose account its word opens, and that each way back is used once.

use diesel::prelude::*;

use super::Conn;
use super::sessions::sessions_revoke_others_in_tx;
use crate::store::access::ProviderProof;
use crate::store::attempts::CameIn;
use crate::store::error::StoreError;
use crate::store::rows::{AccountRow, RefreshRow, SessionRow};
use crate::store::schema::{accounts, provider_bindings, provider_sign_ins, refresh_tokens, sessions};
use crate::store::types::{At, Key};

/// How long a way back is remembered: for longer than it could be used.
const REMEMBERED: chrono::TimeDelta = chrono::TimeDelta::hours(1);

/// The account that the provider's word about somebody opens.
pub(in crate::store) fn account_bound_to(
    conn: &mut Conn,
    subject: &[u8],
) -> Result<Option<AccountRow>, StoreError> {
    Ok(provider_bindings::table
        .inner_join(accounts::table.on(accounts::id.eq(provider_bindings::account_id)))
        .filter(provider_bindings::subject.eq(subject))
        .filter(accounts::disabled.eq(false))
        .select(AccountRow::as_select())
        .first(conn)
        .optional()?)
}

/// Whether an account is bound.
pub(in crate::store) fn account_is_bound(
    conn: &mut Conn,
    agency: Key,
    account: Key,
) -> Result<bool, StoreError> {
    let bound: i64 = provider_bindings::table.find((agency, account)).count().get_result(conn)?;
    Ok(bound > 0)
}

/// Begins a stay by the provider's word. What was true when it was given must still be: the account is bound so and not disabled, who has
/// a second factor has shown one, and this way back was not used. `false` when it is not, and nothing is written.
pub(in crate::store) fn provider_session_begin_in_tx(
    conn: &mut Conn,
    session: &SessionRow,
    refresh: &RefreshRow,
    (proof, came_in): (&ProviderProof, CameIn),
) -> Result<bool, StoreError> {
    let bound = account_bound_to(conn, &proof.subject)?;
    let open = bound.filter(|account| {
        account.id == session.account_id && (proof.multi_factor || account.totp_confirmed_at.is_none())
    });
    let Some(account) = open else { return Ok(false) };
    let long_ago = At(session.created_at.0.checked_sub_signed(REMEMBERED).unwrap_or_default());
    diesel::delete(provider_sign_ins::table.filter(provider_sign_ins::used_at.lt(long_ago))).execute(conn)?;
    let first = diesel::insert_into(provider_sign_ins::table)
        .values((provider_sign_ins::mark.eq(&proof.mark), provider_sign_ins::used_at.eq(session.created_at)))
        .on_conflict_do_nothing()
        .execute(conn)?;
    if first == 0 {
        return Ok(false);
    }
    diesel::update(accounts::table.find(account.id).filter(accounts::disabled.eq(false)))
        .set(accounts::active_at.eq(session.created_at))
        .execute(conn)?;
    diesel::insert_into(sessions::table).values(session).execute(conn)?;
    diesel::insert_into(refresh_tokens::table).values(refresh).execute(conn)?;
    super::attempts::came_in_in_tx(conn, session.created_at, came_in)?;
    Ok(true)
}

/// Binds an account in the place of what it was bound to, or to nothing; its stays end.
pub(in crate::store) fn bind_in_tx(
    conn: &mut Conn,
    (agency, account): (Key, Key),
    subject: Option<&[u8]>,
    now: At,
) -> Result<(), StoreError> {
    diesel::delete(provider_bindings::table.find((agency, account))).execute(conn)?;
    if let Some(subject) = subject {
        diesel::insert_into(provider_bindings::table)
            .values((
                provider_bindings::agency_id.eq(agency),
                provider_bindings::account_id.eq(account),
                provider_bindings::subject.eq(subject),
                provider_bindings::bound_at.eq(now),
            ))
            .execute(conn)?;
    }
    sessions_revoke_others_in_tx(conn, account, None, now)
}
