//! Stays and the way into an account: listed and ended by oneself, ended by an administrator, who also disables and enables
//! accounts. What an administrator does is an event in the agency's chain; what somebody does with his own stays is not.

use chrono::{DateTime, TimeDelta, Utc};

use super::App;
use super::error::AppError;
use super::execute::by;
use super::set_up::Change;
use super::sign_in::{SignedIn, clearance_of};
use crate::domain::agency_event::{AgencyEvent, DisabledWhy};
use crate::domain::case::By;
use crate::domain::ids::{AccountId, AgencyId, SessionId};
use crate::domain::policy::Action;
use crate::domain::role::Actor;
use crate::domain::sensitivity::Sensitivity;
use crate::store::{AccessChange, AccountRow, At, Key, SessionRow, SetUpChange};

/// For how long after a sign-in other stays may be ended without another one (OWASP ASVS 7.5.2).
const FRESH: TimeDelta = TimeDelta::minutes(10);

impl App {
    /// The caller's stays that are alive, the newest first, at most 200.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn own_sessions(&self, signed_in: &SignedIn) -> Result<Vec<SessionRow>, AppError> {
        let now = self.clock.now();
        let account = Key(signed_in.actor.account.0);
        Ok(self.store.sessions_live(account, At(now), At(self.idle_since(now))).await?)
    }

    /// Until when a stay must have been used to be alive.
    pub(super) fn idle_since(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now.checked_sub_signed(self.sessions.idle).unwrap_or(now)
    }

    /// Ends one of the caller's stays. One that has ended stays so. A stay other than this one is ended by whoever has just shown
    /// who he is: somebody with a stolen token throws nobody out.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is none of his, [`AppError::SignInAgain`] when his own began too long ago.
    pub async fn end_own_session(&self, signed_in: &SignedIn, session: SessionId) -> Result<(), AppError> {
        if session != signed_in.session {
            self.must_be_fresh(signed_in)?;
        }
        let (account, now) = (Key(signed_in.actor.account.0), At(self.clock.now()));
        let own = self.store.session_end_own(account, Key(session.0), now).await?;
        if own { Ok(()) } else { Err(AppError::NotFound) }
    }

    /// Ends every stay of the caller but this one.
    ///
    /// # Errors
    /// [`AppError::SignInAgain`] when this one began too long ago.
    pub async fn end_other_sessions(&self, signed_in: &SignedIn) -> Result<(), AppError> {
        self.must_be_fresh(signed_in)?;
        let (account, now) = (Key(signed_in.actor.account.0), At(self.clock.now()));
        Ok(self.store.sessions_end_others(account, Key(signed_in.session.0), now).await?)
    }

    /// Whether he has shown who he is lately: at a sign-in, whichever way, since a renewal shows nothing anew.
    fn must_be_fresh(&self, signed_in: &SignedIn) -> Result<(), AppError> {
        let until = signed_in.began_at.checked_add_signed(FRESH);
        if until.is_some_and(|until| self.clock.now() < until) { Ok(()) } else { Err(AppError::SignInAgain) }
    }

    /// Ends every stay of somebody else's account.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such account, [`AppError::OwnAccount`] when it is the caller's own person.
    pub async fn end_sessions_of(&self, actor: &Actor, account: AccountId) -> Result<(), AppError> {
        let row = self.others_account(actor, Action::ManageAccounts, account).await?;
        self.change_access(
            by(actor),
            &row,
            AgencyEvent::SessionsEnded { account },
            AccessChange::SessionsEnded,
        )
        .await
    }

    /// Disables somebody else's account, with its stays, or enables it. One that is so already stays so, and nothing is recorded.
    ///
    /// # Errors
    /// As [`App::end_sessions_of`].
    pub async fn set_disabled(
        &self,
        actor: &Actor,
        account: AccountId,
        disabled: bool,
    ) -> Result<(), AppError> {
        let row = self.others_account(actor, Action::ManageAccounts, account).await?;
        self.set_disabled_by(by(actor), &row, disabled).await
    }

    /// The same by whoever may: an administrator, or the command line, which opens an office that has locked itself out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_disabled_by(&self, by: By, row: &AccountRow, disabled: bool) -> Result<(), AppError> {
        if row.disabled == disabled {
            return Ok(());
        }
        let account = AccountId(row.id.0);
        let (event, change) = if disabled {
            let why = DisabledWhy::Administrator;
            (AgencyEvent::AccountDisabled { account, why }, AccessChange::Disabled)
        } else {
            (AgencyEvent::AccountEnabled { account }, AccessChange::Enabled)
        };
        self.change_access(by, row, event, change).await
    }

    /// Sets up to which security label somebody else's account may read. One that may already stays so, and nothing is recorded.
    ///
    /// # Errors
    /// As [`App::end_sessions_of`].
    pub async fn set_clearance(
        &self,
        actor: &Actor,
        account: AccountId,
        to: Sensitivity,
    ) -> Result<(), AppError> {
        let row = self.others_account(actor, Action::SetClearance, account).await?;
        let from = clearance_of(&row)?;
        if from == to {
            return Ok(());
        }
        let event = AgencyEvent::ClearanceSet { account, from, to };
        self.change_access(by(actor), &row, event, AccessChange::Cleared(to.level())).await
    }

    /// An account on which somebody may do this, and which is not his own person's.
    pub(super) async fn others_account(
        &self,
        actor: &Actor,
        action: Action,
        account: AccountId,
    ) -> Result<AccountRow, AppError> {
        let row = self.store.account_by_id(Key(account.0)).await?.ok_or(AppError::NotFound)?;
        self.allowed(actor, action, AgencyId(row.agency_id.0))?;
        if row.person_id == Key(actor.person.0) { Err(AppError::OwnAccount) } else { Ok(row) }
    }

    pub(super) async fn change_access(
        &self,
        by: By,
        row: &AccountRow,
        event: AgencyEvent,
        change: AccessChange,
    ) -> Result<(), AppError> {
        let agency = self.agency(AgencyId(row.agency_id.0)).await?;
        let rows = SetUpChange::Access(AccountId(row.id.0), change);
        let (agency, zone) = (agency.id, agency.zone);
        self.change(Change { agency, zone, by, events: vec![event], rows, retry: None }).await
    }
}
