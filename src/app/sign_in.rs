//! Signing in, staying signed in, signing out. One answer for every kind of wrong sign-in, after the same work.

use chrono::{DateTime, TimeDelta, Utc};
use zeroize::Zeroizing;

use super::App;
use super::attempts::Door;
use super::error::{AppError, FieldError};
use super::second_factor::Shown;
use super::sign_in_guard::Attempt;
use crate::crypto::password::Password;
use crate::crypto::random;
use crate::crypto::token::RefreshToken;
use crate::domain::ids::{AccountId, AgencyId, DepartmentId, PersonId, SessionId};
use crate::domain::role::{Actor, Grant, Role};
use crate::domain::sensitivity::Sensitivity;
use crate::store::{
    AccountRow, At, GrantRow, Key, Proof, RefreshRow, Rotation, SessionRow, StoreError, WAY_PASSWORD,
    WAY_PROVIDER_MFA,
};

/// Wrong passwords in a row after which an account rests (GB/T 22239-2019, 8.1.4.1 b).
const MOST_FAILURES: i32 = 5;
/// How long it rests.
const REST: TimeDelta = TimeDelta::minutes(15);
/// Longer names are refused before anything is hashed, and longer passwords: 128 characters have so many bytes at most.
const LONGEST_NAME: usize = 256;
const LONGEST_PASSWORD: usize = 512;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who he is and what he may do.
    pub actor: Actor,
    /// His sign-in name.
    pub username: String,
    /// His stay.
    pub session: SessionId,
    /// When it began: when he last showed who he is.
    pub began_at: DateTime<Utc>,
    /// Whether he must set a password of his own before anything else: his first is not his own, or the one he has is too old.
    pub must_change_password: bool,
    /// Whether he must set a second factor before anything else.
    pub must_set_second_factor: bool,
    /// Whether he has one.
    pub second_factor: bool,
    /// From when on his password is too old.
    pub password_expires_at: Option<DateTime<Utc>>,
}

/// What a sign-in or a refresh hands out.
pub struct Tokens {
    /// For each request.
    pub access: String,
    /// Seconds until it expires.
    pub expires_in: i64,
    /// For the next refresh; good once.
    pub refresh: RefreshToken,
    /// Whether the password must be changed.
    pub must_change_password: bool,
}

impl App {
    /// Signs in, at a door. What limits attempts comes first, before any work, and looks at no account: see
    /// [`super::sign_in_guard`].
    ///
    /// # Errors
    /// [`AppError::LoginFailed`] for an unknown name, a wrong password, a wrong code, a locked and a disabled account alike;
    /// [`AppError::SecondFactorMissing`] when the password is right and a code is asked for, which counts as no failure;
    /// [`AppError::TooOften`] when the address, or the name, was tried too often; [`AppError::HasherBusy`] when too many sign-ins wait.
    pub async fn login(
        &self,
        door: &Door,
        username: String,
        password: Password,
        code: Option<Zeroizing<String>>,
    ) -> Result<Tokens, AppError> {
        if username.len() > LONGEST_NAME || password.expose().len() > LONGEST_PASSWORD {
            return Err(AppError::LoginFailed);
        }
        let attempt = Attempt::new(&username, door.address);
        let known = self.sign_ins.admit(&attempt).map_err(|seconds| AppError::TooOften { seconds })?;
        let now = self.clock.now();
        let account = self.store.account_by_username(username).await?;
        // The lock holds against strangers only: whoever causes it keeps nobody from an address that is known.
        let may_try = |account: &AccountRow| {
            let closed = account.disabled || self.first_password_over(account, now);
            !closed && (known || !is_locked(account, now))
        };
        let open = account.as_ref().filter(|account| may_try(account) && !self.is_dormant(account, now));
        // A name that does not exist, or rests, costs the same time as one that does.
        let right = self.hasher.verify(open.map(|account| account.password_hash.clone()), password).await?;
        let Some(account) = open else {
            match &account {
                Some(account) if self.is_dormant(account, now) => self.disable_dormant(account).await?,
                Some(_) | None => self.store.login_failed_nobody(At(now)).await?,
            }
            return Err(AppError::LoginFailed);
        };
        if !right {
            return self.refuse(account, &attempt, now).await;
        }
        let step = match self.second_factor_shown(account, code.as_ref()).await? {
            Shown::NotAsked => None,
            Shown::Right(step) => Some(step),
            Shown::Missing => return Err(AppError::SecondFactorMissing),
            Shown::Wrong => return self.refuse(account, &attempt, now).await,
        };
        let session = SessionId(random::new_id(now));
        let refresh = RefreshToken::generate();
        let expires_at = At(now.checked_add_signed(self.sessions.absolute).unwrap_or(now));
        let row = SessionRow {
            id: Key(session.0),
            account_id: account.id,
            created_at: At(now),
            last_used_at: At(now),
            expires_at,
            revoked_at: None,
            way: WAY_PASSWORD.to_owned(),
        };
        let (hash, session_id) = (refresh.hash().to_vec(), Key(session.0));
        let refresh_row = RefreshRow { hash, session_id, issued_at: At(now), used_at: None };
        // Others may have failed from here meanwhile.
        let through_lock = known && self.sign_ins.knows(&attempt);
        let proof = Proof { password_hash: account.password_hash.clone(), step, through_lock };
        let came_in = self.came_in((account.agency_id, account.id), door, now);
        if !self.store.session_begin(row, refresh_row, proof, came_in).await? {
            return Err(AppError::LoginFailed);
        }
        self.sign_ins.opened(attempt);
        Ok(self.tokens(AccountId(account.id.0), session, refresh, now, self.must_change(account, now)))
    }

    /// Counts a wrong sign-in.
    async fn refuse<T>(
        &self,
        account: &AccountRow,
        attempt: &Attempt,
        now: DateTime<Utc>,
    ) -> Result<T, AppError> {
        self.sign_ins.failed(attempt);
        self.count_failure(account, now).await?;
        Err(AppError::LoginFailed)
    }

    /// The fifth in a row locks the account for a while.
    pub(super) async fn count_failure(
        &self,
        account: &AccountRow,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let until = At(now.checked_add_signed(REST).unwrap_or(now));
        Ok(self.store.login_failed(AccountId(account.id.0), MOST_FAILURES, until).await?)
    }

    /// Asks for the password of somebody who is signed in, once more. A wrong one counts as at the sign-in, and while the account
    /// rests none is right: a stolen access token is no way to guess on.
    pub(super) async fn check_own_password(
        &self,
        account: &AccountRow,
        shown: Password,
    ) -> Result<(), AppError> {
        let now = self.clock.now();
        let open = shown.expose().len() <= LONGEST_PASSWORD && !is_locked(account, now);
        if open && self.hasher.verify(Some(account.password_hash.clone()), shown).await? {
            return Ok(());
        }
        if open {
            // Whoever guesses within a stay sits, as like as not, where the account is known.
            self.sign_ins.failed_within(&account.username);
            self.count_failure(account, now).await?;
        }
        let (zh, en) = ("当前密码不正确。", "The current password is wrong.");
        Err(AppError::Invalid(vec![FieldError::new("/current_password", "wrong", zh, en)]))
    }

    pub(super) fn tokens(
        &self,
        account: AccountId,
        session: SessionId,
        refresh: RefreshToken,
        now: DateTime<Utc>,
        must_change_password: bool,
    ) -> Tokens {
        let access = self.tokens.issue(account.0, session.0, now, self.sessions.access);
        Tokens { access, expires_in: self.sessions.access.num_seconds(), refresh, must_change_password }
    }

    /// Uses a refresh token once and hands out the next.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] when it is unknown, used (which ends its stay), or the stay has ended.
    pub async fn refresh(&self, shown: &str) -> Result<Tokens, AppError> {
        let shown = RefreshToken::parse(shown).map_err(|_| AppError::Unauthenticated)?;
        let now = self.clock.now();
        let next = RefreshToken::generate();
        let idle_since = At(self.idle_since(now));
        let rotation = self
            .store
            .refresh_rotate(shown.hash().to_vec(), next.hash().to_vec(), At(now), idle_since)
            .await?;
        match rotation {
            Rotation::Rotated { session, account, by_password } => {
                let row = self.store.account_by_id(account).await?.ok_or(AppError::Unauthenticated)?;
                let (account, session) = (AccountId(account.0), SessionId(session.0));
                Ok(self.tokens(account, session, next, now, by_password && self.must_change(&row, now)))
            }
            Rotation::Refused | Rotation::Reused => Err(AppError::Unauthenticated),
        }
    }

    /// Who shows this access token. The stay and the roles are read anew each time: a revoked stay and a role taken
    /// away count at once.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] for anything wrong with it.
    pub async fn authenticate(&self, token: &str) -> Result<SignedIn, AppError> {
        let now = self.clock.now();
        let claims = self.tokens.verify(token, now).map_err(|_| AppError::Unauthenticated)?;
        let found = self.store.session_actor(Key(claims.session), At(now)).await?;
        let (session, account, grants) = found.ok_or(AppError::Unauthenticated)?;
        if account.id.0 != claims.account {
            return Err(AppError::Unauthenticated);
        }
        let actor = actor(&account, &grants)?;
        // A portal has a secret: no password of its grows old. Nor does one that was not asked for.
        let has_password = !actor.holds(Role::Portal, actor.agency) && session.way == WAY_PASSWORD;
        Ok(SignedIn {
            must_set_second_factor: session.way != WAY_PROVIDER_MFA
                && self.must_set_second_factor(&account, &actor),
            second_factor: account.totp_confirmed_at.is_some(),
            actor,
            must_change_password: has_password && self.must_change(&account, now),
            password_expires_at: self.password_expires(&account).filter(|_| has_password),
            username: account.username,
            session: SessionId(session.id.0),
            began_at: session.created_at.0,
        })
    }

    /// Ends the stay.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn logout(&self, signed_in: &SignedIn) -> Result<(), AppError> {
        Ok(self.store.session_revoke(Key(signed_in.session.0), At(self.clock.now())).await?)
    }
}

/// Whether it rests after wrong passwords.
pub(super) fn is_locked(account: &AccountRow, now: DateTime<Utc>) -> bool {
    account.locked_until.is_some_and(|until| until.0 > now)
}

/// The actor that an account and its grants make.
///
/// # Errors
/// When a role is stored that this program does not know.
pub fn actor(account: &AccountRow, grants: &[GrantRow]) -> Result<Actor, AppError> {
    Ok(Actor {
        account: AccountId(account.id.0),
        person: PersonId(account.person_id.0),
        agency: AgencyId(account.agency_id.0),
        grants: grants_in(grants)?,
        clearance: clearance_of(account)?,
    })
}

/// Up to which label an account may read.
///
/// # Errors
/// When a level is stored that this program does not know.
pub(super) fn clearance_of(account: &AccountRow) -> Result<Sensitivity, AppError> {
    Sensitivity::of_level(account.clearance).ok_or_else(|| {
        AppError::Store(StoreError::Inconsistent {
            table: "accounts",
            row: account.id.0.to_string(),
            reason: format!("unknown clearance {}", account.clearance),
        })
    })
}

/// What some rows grant.
///
/// # Errors
/// When a role is stored that this program does not know.
pub(super) fn grants_in(rows: &[GrantRow]) -> Result<Vec<Grant>, AppError> {
    let grant = |row: &GrantRow| {
        let role = Role::parse(&row.role).ok_or_else(|| {
            AppError::Store(StoreError::Inconsistent {
                table: "role_grants",
                row: row.id.0.to_string(),
                reason: format!("unknown role {}", row.role),
            })
        })?;
        let agency = AgencyId(row.agency_id.0);
        Ok(Grant { role, agency, department: row.department_id.map(|id| DepartmentId(id.0)) })
    };
    rows.iter().map(grant).collect()
}
