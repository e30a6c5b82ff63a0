//! A forgotten password, reset: the account gets a one-time password, which whoever asks for it hands over. It opens nothing but its
//! own change, and only for a while; a second factor stays in force. Each reset is an event in the agency's chain.

use chrono::{DateTime, TimeDelta, Utc};

use super::App;
use super::error::AppError;
use super::execute::by;
use super::retry::{Answer, RetryKey, kept_answer};
use super::set_up::RenderMade;
use crate::clock::civil_date;
use crate::crypto::password::Password;
use crate::crypto::random;
use crate::domain::agency_event::AgencyEvent;
use crate::domain::case::By;
use crate::domain::ids::{AccountId, AgencyId, EventId};
use crate::domain::password_reset::Standing;
use crate::domain::policy::Action;
use crate::domain::role::{Actor, Role};
use crate::store::{AccessChange, AccountRow, Meta, Retry, SetUp, SetUpChange, StoreError};

/// A password that was drawn, for the one answer that hands it out.
pub struct PasswordReset {
    /// Whose it is.
    pub account: AccountId,
    /// The password; none in what is kept for retries, since it is shown once.
    pub password: Option<Password>,
    /// Until when it opens the account.
    pub valid_until: DateTime<Utc>,
}

impl App {
    /// Gives somebody else's account a one-time password, and ends its stays; or says to a retry that it was done.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such account, [`AppError::OwnAccount`] when it is the caller's own person,
    /// [`AppError::PasswordReset`] when the rules refuse.
    pub async fn reset_password(
        &self,
        actor: &Actor,
        account: AccountId,
        retry: Option<RetryKey>,
        render: RenderMade<PasswordReset>,
    ) -> Result<Answer, AppError> {
        let row = self.others_account(actor, Action::ManageAccounts, account).await?;
        let home = self.agency(actor.agency).await?;
        if let Some(first) = self.first_answer(&home, actor.account, retry.as_ref()).await? {
            return Ok(first);
        }
        let key = retry.as_ref().map(|key| key.of(actor.account));
        let keep = |reset: &PasswordReset| {
            // The password itself is kept nowhere, not even encrypted.
            let shown = PasswordReset { account, password: None, valid_until: reset.valid_until };
            key.map(|key| kept_answer(&home, key, &render(&shown))).transpose()
        };
        let reset = self.reset_by(by(actor), &row, keep).await.map(|reset| render(&reset));
        self.after_race(reset, &home, actor, retry.as_ref()).await
    }

    /// The same by the operator, on the machine, for whom there are no retries: it opens an office that has locked itself out.
    ///
    /// # Errors
    /// [`AppError::PasswordReset`] when the rules refuse.
    pub async fn reset_password_by_operator(&self, row: &AccountRow) -> Result<PasswordReset, AppError> {
        self.reset_by(By::Operator, row, |_| Ok(None)).await
    }

    async fn reset_by(
        &self,
        by: By,
        row: &AccountRow,
        keep: impl FnOnce(&PasswordReset) -> Result<Option<(Retry, Vec<u8>)>, AppError>,
    ) -> Result<PasswordReset, AppError> {
        let standing = self.standing(by, row).await?;
        if let Some(refusal) = standing.refused() {
            return Err(AppError::PasswordReset(refusal));
        }
        let (agency, account) = (self.agency(AgencyId(row.agency_id.0)).await?, AccountId(row.id.0));
        let password = Password::from(random::one_time_password());
        let hash = self.hasher.hash(password.clone()).await?;
        let now = self.clock.now();
        let valid_until = self.first_password_until(now);
        let reset = PasswordReset { account, password: Some(password), valid_until };
        let access = AccessChange::PasswordReset { hash, with_second_factor: standing.needs_second_factor() };
        let change = SetUp {
            agency: agency.id,
            events: vec![(EventId(random::new_id(now)), AgencyEvent::PasswordReset { account })],
            meta: Meta { at: now, by, origin: self.origin },
            on: civil_date(now, agency.zone),
            change: SetUpChange::Access(account, access),
            retry: keep(&reset)?,
        };
        match self.store.set_up(change).await {
            Ok(()) => Ok(reset),
            // It was disabled, or lost its second factor, meanwhile: the next try is told.
            Err(StoreError::VersionConflict) => Err(AppError::Store(StoreError::Busy)),
            Err(error) => Err(error.into()),
        }
    }

    async fn standing(&self, by: By, row: &AccountRow) -> Result<Standing, AppError> {
        let dormant = self.is_dormant(row, self.clock.now());
        if dormant {
            self.disable_dormant(row).await?;
        }
        let grants = self.store.grants_of_person(row.person_id).await?;
        let of_account = grants.iter().filter(|grant| grant.account_id == row.id);
        Ok(Standing {
            disabled: row.disabled || dormant,
            portal: self.store.portal_of_account(row.id).await?.is_some(),
            administrator: of_account
                .filter_map(|grant| Role::parse(&grant.role))
                .any(Role::is_administrator),
            second_factor: row.totp_confirmed_at.is_some(),
            by_operator: matches!(by, By::Operator),
        })
    }

    /// Until when a first or one-time password that is set now opens its account.
    pub(super) fn first_password_until(&self, set_at: DateTime<Utc>) -> DateTime<Utc> {
        let lasts = TimeDelta::hours(i64::from(self.identity.first_password_hours));
        set_at.checked_add_signed(lasts).unwrap_or(set_at)
    }

    /// Whether nobody has changed a first or one-time password in its time: it opens nothing any more.
    pub(super) fn first_password_over(&self, account: &AccountRow, now: DateTime<Utc>) -> bool {
        account.must_change_password && self.first_password_until(account.password_set_at.0) <= now
    }
}
