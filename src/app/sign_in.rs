//! Signing in, staying signed in, signing out. One answer for every kind of wrong sign-in, after the same work.

use chrono::{DateTime, TimeDelta, Utc};

use super::App;
use super::error::{AppError, FieldError};
use crate::crypto::password::{Password, check_new_password};
use crate::crypto::random;
use crate::crypto::token::RefreshToken;
use crate::domain::agency_event::AgencyEvent;
use crate::domain::ids::{AccountId, AgencyId, DepartmentId, EventId, PersonId, SessionId};
use crate::domain::role::{Actor, Grant, Role};
use crate::store::{
    AccountRow, At, GrantRow, Key, Meta, RefreshRow, Rotation, SessionRow, SetUp, SetUpChange, StoreError,
};

use super::execute::by;

/// Wrong passwords in a row after which an account rests (GB/T 22239-2019, 8.1.4.1 b).
const MOST_FAILURES: i32 = 5;
/// How long it rests.
const REST: TimeDelta = TimeDelta::minutes(15);
/// Longer names and passwords are refused before anything is hashed.
const LONGEST: usize = 256;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who he is and what he may do.
    pub actor: Actor,
    /// His sign-in name.
    pub username: String,
    /// His stay.
    pub session: SessionId,
    /// Whether he must set a password of his own before anything else.
    pub must_change_password: bool,
}

/// What a sign-in or a refresh hands out.
pub struct Tokens {
    /// For each request.
    pub access: String,
    /// Seconds until it expires.
    pub expires_in: i64,
    /// For the next refresh; good once.
    pub refresh: RefreshToken,
    /// Whether the first password must be changed.
    pub must_change_password: bool,
}

impl App {
    /// Signs in.
    ///
    /// # Errors
    /// [`AppError::LoginFailed`] for an unknown name, a wrong password, a locked and a disabled account alike;
    /// [`AppError::HasherBusy`] when too many sign-ins wait.
    pub async fn login(&self, username: String, password: Password) -> Result<Tokens, AppError> {
        if username.len() > LONGEST || password.expose().len() > LONGEST {
            return Err(AppError::LoginFailed);
        }
        let now = self.clock.now();
        let account = self.store.account_by_username(username).await?;
        let open = account.as_ref().filter(|account| may_try(account, now));
        // A name that does not exist, or rests, costs the same time as one that does.
        let right = self.hasher.verify(open.map(|account| account.password_hash.clone()), password).await?;
        let Some(account) = open else { return Err(AppError::LoginFailed) };
        if !right {
            let until = At(now.checked_add_signed(REST).unwrap_or(now));
            self.store.login_failed(AccountId(account.id.0), MOST_FAILURES, until).await?;
            return Err(AppError::LoginFailed);
        }
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
        };
        self.store
            .session_begin(
                row,
                RefreshRow {
                    hash: refresh.hash().to_vec(),
                    session_id: Key(session.0),
                    issued_at: At(now),
                    used_at: None,
                },
            )
            .await?;
        Ok(self.tokens(AccountId(account.id.0), session, refresh, now, account.must_change_password))
    }

    fn tokens(
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
        let idle_since = At(now.checked_sub_signed(self.sessions.idle).unwrap_or(now));
        let rotation = self
            .store
            .refresh_rotate(shown.hash().to_vec(), next.hash().to_vec(), At(now), idle_since)
            .await?;
        match rotation {
            Rotation::Rotated { session, account } => {
                let row = self.store.account_by_id(account).await?.ok_or(AppError::Unauthenticated)?;
                let (account, session) = (AccountId(account.0), SessionId(session.0));
                Ok(self.tokens(account, session, next, now, row.must_change_password))
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
        Ok(SignedIn {
            actor: actor(&account, &grants)?,
            username: account.username,
            session: SessionId(session.id.0),
            must_change_password: account.must_change_password,
        })
    }

    /// Ends the stay.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn logout(&self, signed_in: &SignedIn) -> Result<(), AppError> {
        Ok(self.store.session_revoke(Key(signed_in.session.0), At(self.clock.now())).await?)
    }

    /// Sets a password of one's own. Every other stay of the account ends.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the current password is wrong or the new one is too weak.
    pub async fn change_password(
        &self,
        signed_in: &SignedIn,
        current: Password,
        new: Password,
    ) -> Result<(), AppError> {
        let account = self.store.account_by_id(Key(signed_in.actor.account.0)).await?;
        let account = account.ok_or(AppError::Unauthenticated)?;
        let same = current.expose() == new.expose();
        if !self.hasher.verify(Some(account.password_hash), current).await? {
            return Err(AppError::Invalid(vec![FieldError::new(
                "/current_password",
                "wrong",
                "当前密码不正确。",
                "The current password is wrong.",
            )]));
        }
        let mut wrong = password_errors("/new_password", &new, &signed_in.username);
        if same {
            wrong.push(FieldError::new(
                "/new_password",
                "unchanged",
                "新密码不得与当前密码相同。",
                "The new password must differ from the current one.",
            ));
        }
        if !wrong.is_empty() {
            return Err(AppError::Invalid(wrong));
        }
        let hash = self.hasher.hash(new).await?;
        let now = self.clock.now();
        let agency = self.agency(signed_in.actor.agency).await?;
        let account = signed_in.actor.account;
        let change = SetUp {
            agency: agency.id,
            events: vec![(EventId(random::new_id(now)), AgencyEvent::PasswordChanged { account })],
            meta: Meta { at: now, by: by(&signed_in.actor), origin: self.origin },
            on: crate::clock::civil_date(now, agency.zone),
            change: SetUpChange::Password { account, hash, keep: signed_in.session.0 },
            retry: None,
        };
        Ok(self.store.set_up(change).await?)
    }
}

/// What is wrong with a new password, for a person.
pub(super) fn password_errors(pointer: &str, password: &Password, username: &str) -> Vec<FieldError> {
    use crate::crypto::password::PasswordProblem as Problem;
    let Err(problems) = check_new_password(password, username) else { return Vec::new() };
    problems
        .into_iter()
        .map(|problem| {
            let (zh, en) = match problem {
                Problem::TooShort => ("密码至少 12 个字符。", "A password has at least 12 characters."),
                Problem::TooLong => ("密码最多 128 个字符。", "A password has at most 128 characters."),
                Problem::LikeUsername => {
                    ("密码不得与用户名相近。", "A password may not be like the username.")
                }
                Problem::Common => ("这个密码太常见。", "This password is among the commonest."),
                Problem::Monotonous => {
                    ("密码过于简单（重复或连续字符）。", "A password may not be a repetition or a sequence.")
                }
            };
            FieldError::new(pointer, problem.code(), zh, en)
        })
        .collect()
}

fn may_try(account: &AccountRow, now: DateTime<Utc>) -> bool {
    !account.disabled && account.locked_until.is_none_or(|until| until.0 <= now)
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
