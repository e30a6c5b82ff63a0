//! Who may sign in and stay: changes of an account that are not its roles, and what is asked of its stays.

use super::{
    AccountRow, At, Backend, CameIn, Key, RefreshRow, SessionRow, Store, StoreError, postgres, sqlite,
};
use crate::domain::sensitivity::Sensitivity;

/// What somebody has shown to begin a stay, all of which must still be so when it begins.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The hash that his password had.
    pub password_hash: String,
    /// The step of the one-time code, where the account has a second factor: newer than any that was taken.
    pub step: Option<i64>,
    /// Whether he comes from where he is known: the lock that others caused does not hold there, and stays.
    pub through_lock: bool,
}

/// What the identity provider's word says, all of which must still open the account when the stay begins.
#[derive(Clone, Debug)]
pub struct ProviderProof {
    /// The keyed hash of what it calls its holder.
    pub subject: Vec<u8>,
    /// The digest of the way back, which is good once.
    pub mark: Vec<u8>,
    /// Whether it saw more than one factor.
    pub multi_factor: bool,
}

/// A change of the way into an account, or of what it may read. Its stays end with each but [`AccessChange::Enabled`] and
/// [`AccessChange::Cleared`].
#[derive(Clone, Debug)]
pub enum AccessChange {
    /// Nothing but the end of its stays.
    SessionsEnded,
    /// It may no longer sign in.
    Disabled,
    /// The same, unless it has been used since an instant: then nothing is written.
    Dormant {
        /// The instant.
        unused_since: At,
    },
    /// Its second factor was confirmed with the code of this step; a stay goes on.
    SecondFactorSet {
        /// The encrypted secret that was confirmed.
        secret: Vec<u8>,
        /// The code's step.
        step: i64,
        /// The stay.
        keep: Key,
    },
    /// Its password is a one-time password from now on, and a rest after wrong ones ends; unless it is disabled meanwhile, or has no
    /// second factor where it must have one.
    PasswordReset {
        /// The hash of that password.
        hash: String,
        /// Whether it must have a second factor.
        with_second_factor: bool,
    },
    /// It has no second factor any more.
    SecondFactorReset,
    /// It is bound to what the identity provider calls its holder.
    Bound {
        /// Its agency.
        agency: Key,
        /// The keyed hash of that.
        subject: Vec<u8>,
    },
    /// It is bound to nobody there any more.
    Unbound {
        /// Its agency.
        agency: Key,
    },
    /// It may read up to this level; its stays go on, and count it at once.
    Cleared(i32),
    /// It may sign in again: a rest after wrong passwords ends, too.
    Enabled,
}

impl Store {
    /// Whether an agency has a clerk for all its cases, not disabled, who may read what bears this label.
    pub async fn has_cleared_clerk(&self, agency: Key, label: Sensitivity) -> Result<bool, StoreError> {
        read!(self, |conn, q| q::sessions::has_cleared_clerk(conn, agency, label.level()))
    }

    /// The stays of an account that are alive: not ended, not over, used since an instant. The newest first, a bounded number.
    pub async fn sessions_live(
        &self,
        account: Key,
        now: At,
        idle_since: At,
    ) -> Result<Vec<SessionRow>, StoreError> {
        read!(self, |conn, q| q::sessions::sessions_live(conn, account, now, idle_since))
    }

    /// Ends one of an account's own stays; whether there is such a stay, ended or not.
    pub async fn session_end_own(&self, account: Key, session: Key, now: At) -> Result<bool, StoreError> {
        write_tx!(self, |conn, q| q::sessions::session_end_own_in_tx(conn, account, session, now))
    }

    /// Ends every stay of an account but one.
    pub async fn sessions_end_others(&self, account: Key, keep: Key, now: At) -> Result<(), StoreError> {
        write_tx!(self, |conn, q| q::sessions::sessions_revoke_others_in_tx(conn, account, Some(keep), now))
    }

    /// Begins a stay, unless the account's password is another one by now, or it was disabled or locked meanwhile.
    pub async fn session_begin(
        &self,
        session: SessionRow,
        refresh: RefreshRow,
        proof: Proof,
        came_in: CameIn,
    ) -> Result<bool, StoreError> {
        write_tx!(self, |conn, q| q::sessions::session_begin_in_tx(
            conn,
            &session,
            &refresh,
            (&proof, came_in)
        ))
    }

    /// The account, which may sign in, that the identity provider's word about somebody opens.
    pub async fn account_bound_to(&self, subject: Vec<u8>) -> Result<Option<AccountRow>, StoreError> {
        read!(self, |conn, q| q::provider::account_bound_to(conn, &subject))
    }

    /// Whether an account is bound to somebody at the identity provider.
    pub async fn account_is_bound(&self, agency: Key, account: Key) -> Result<bool, StoreError> {
        read!(self, |conn, q| q::provider::account_is_bound(conn, agency, account))
    }

    /// Begins a stay by the identity provider's word, unless it does not open the account any more, or was used.
    pub async fn provider_session_begin(
        &self,
        session: SessionRow,
        refresh: RefreshRow,
        proof: ProviderProof,
        came_in: CameIn,
    ) -> Result<bool, StoreError> {
        write_tx!(self, |conn, q| q::provider::provider_session_begin_in_tx(
            conn,
            &session,
            &refresh,
            (&proof, came_in)
        ))
    }

    /// Keeps the encrypted secret of a second factor that is to be confirmed; whether none was confirmed before.
    pub async fn second_factor_begin(&self, account: Key, secret: Vec<u8>) -> Result<bool, StoreError> {
        write_tx!(self, |conn, q| q::sessions::second_factor_begin_in_tx(conn, account, &secret))
    }

    /// Writes as much as [`Store::login_failed`] does, about nobody: a name that does not exist costs the same time as one that
    /// does.
    pub async fn login_failed_nobody(&self, now: At) -> Result<(), StoreError> {
        write_tx!(self, |conn, q| q::sessions::login_failed_nobody_in_tx(conn, now))
    }

    /// The hashes of an account's passwords before the one that holds, the newest first.
    pub async fn passwords_before(&self, account: AccountRow) -> Result<Vec<String>, StoreError> {
        read!(self, |conn, q| q::passwords::passwords_before(conn, &account))
    }

    /// Accounts that may sign in and that nobody has used since an instant.
    pub async fn accounts_unused(&self, since: At, limit: i64) -> Result<Vec<AccountRow>, StoreError> {
        read!(self, |conn, q| q::passwords::accounts_unused(conn, since, limit))
    }

    /// Counts every account as used now, and its password as set now: those of a sample office, which was made as of a year ago.
    pub async fn accounts_used(&self, now: At) -> Result<(), StoreError> {
        write_tx!(self, |conn, q| q::passwords::accounts_used_in_tx(conn, now))
    }
}
