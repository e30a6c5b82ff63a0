//! The second factor: one-time codes of an authenticator (RFC 6238). One's own is begun and confirmed by oneself, and taken away by
//! a security administrator when it is lost.

use zeroize::Zeroizing;

use super::App;
use super::directory::Agency;
use super::error::{AppError, FieldError};
use super::execute::by;
use super::sign_in::SignedIn;
use crate::crypto::column::Place;
use crate::crypto::password::Password;
use crate::crypto::totp::TotpSecret;
use crate::domain::agency_event::AgencyEvent;
use crate::domain::ids::{AccountId, AgencyId};
use crate::domain::policy::Action;
use crate::domain::role::Actor;
use crate::store::{AccessChange, AccountRow, Key};

/// What a code shown at a sign-in is worth.
pub(super) enum Shown {
    /// The account has no second factor.
    NotAsked,
    /// It has one, and no code was shown.
    Missing,
    /// The code is wrong, or of a step that was taken already.
    Wrong,
    /// The code is that of this step.
    Right(i64),
}

impl App {
    /// Begins a second factor of one's own: a new secret, which counts once a code of it was shown. It is handed out this once.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the password is wrong; [`AppError::SecondFactorSet`] when there is one: another administrator takes
    /// it away first.
    pub async fn begin_second_factor(
        &self,
        signed_in: &SignedIn,
        password: Password,
    ) -> Result<TotpSecret, AppError> {
        let account = self.own_account(signed_in).await?;
        self.check_own_password(&account, password).await?;
        let agency = self.agency(AgencyId(account.agency_id.0)).await?;
        let secret = TotpSecret::generate();
        let sealed = agency.keys.newest()?.seal(&place(&agency, AccountId(account.id.0)), secret.expose());
        if self.store.second_factor_begin(account.id, sealed).await? {
            Ok(secret)
        } else {
            Err(AppError::SecondFactorSet)
        }
    }

    /// Confirms it with a code. From now on every sign-in needs one; the account's other stays end.
    ///
    /// # Errors
    /// [`AppError::SecondFactorNotBegun`] when none was begun, [`AppError::SecondFactorSet`] when one is confirmed, [`AppError::Invalid`] for a
    /// wrong code, which counts like a wrong password.
    pub async fn confirm_second_factor(&self, signed_in: &SignedIn, code: &str) -> Result<(), AppError> {
        let account = self.own_account(signed_in).await?;
        let secret = account.totp_secret.clone().ok_or(AppError::SecondFactorNotBegun)?;
        if account.totp_confirmed_at.is_some() {
            return Err(AppError::SecondFactorSet);
        }
        let agency = self.agency(AgencyId(account.agency_id.0)).await?;
        let now = self.clock.now();
        let step = if super::sign_in::is_locked(&account, now) {
            None
        } else {
            secret_of(&agency, &account)?.and_then(|secret| secret.step_of(code, now))
        };
        let Some(step) = step else {
            self.count_failure(&account, now).await?;
            let (zh, en) = ("验证码不正确，或已过期。", "The code is wrong, or too old.");
            return Err(AppError::Invalid(vec![FieldError::new("/code", "wrong", zh, en)]));
        };
        let event = AgencyEvent::SecondFactorSet { account: AccountId(account.id.0) };
        let keep = Key(signed_in.session.0);
        let set = |secret| AccessChange::SecondFactorSet { secret, step, keep };
        let who = by(&signed_in.actor);
        match self.change_access(who, &account, event.clone(), set(secret)).await {
            Err(AppError::VersionStale) => {}
            done => return done,
        }
        // The same secret may have been encrypted anew meanwhile: then it counts.
        let now = self.own_account(signed_in).await?;
        let bytes = |account| Ok::<_, AppError>(secret_of(&agency, account)?.map(|it| it.expose().to_vec()));
        let same = now.totp_confirmed_at.is_none() && bytes(&now)? == bytes(&account)?;
        let Some(secret) = now.totp_secret.clone().filter(|_| same) else {
            return Err(AppError::SecondFactorSet);
        };
        match self.change_access(who, &now, event, set(secret)).await {
            Err(AppError::VersionStale) => Err(AppError::SecondFactorSet),
            done => done,
        }
    }

    /// Takes away the second factor of somebody else, who has lost it; his stays end. One who has none keeps none, and nothing is
    /// recorded.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such account, [`AppError::OwnAccount`] when it is the caller's own person.
    pub async fn reset_second_factor(&self, actor: &Actor, account: AccountId) -> Result<(), AppError> {
        let row = self.others_account(actor, Action::ResetSecondFactor, account).await?;
        if row.totp_secret.is_none() {
            return Ok(());
        }
        let event = AgencyEvent::SecondFactorReset { account };
        self.change_access(by(actor), &row, event, AccessChange::SecondFactorReset).await
    }

    /// What a code is worth to an account whose password was right.
    pub(super) async fn second_factor_shown(
        &self,
        account: &AccountRow,
        code: Option<&Zeroizing<String>>,
    ) -> Result<Shown, AppError> {
        if account.totp_confirmed_at.is_none() {
            return Ok(Shown::NotAsked);
        }
        let Some(code) = code else { return Ok(Shown::Missing) };
        let agency = self.agency(AgencyId(account.agency_id.0)).await?;
        let step = secret_of(&agency, account)?.and_then(|secret| secret.step_of(code, self.clock.now()));
        Ok(step.filter(|step| *step > account.totp_step).map_or(Shown::Wrong, Shown::Right))
    }

    /// Whether somebody must set a second factor before anything else.
    pub(super) fn must_set_second_factor(&self, account: &AccountRow, actor: &Actor) -> bool {
        self.identity.second_factor
            && account.totp_confirmed_at.is_none()
            && actor.grants.iter().any(|grant| grant.role.needs_second_factor())
    }

    pub(super) async fn own_account(&self, signed_in: &SignedIn) -> Result<AccountRow, AppError> {
        let account = self.store.account_by_id(Key(signed_in.actor.account.0)).await?;
        account.ok_or(AppError::Unauthenticated)
    }
}

/// The secret of an account, confirmed or not.
fn secret_of(agency: &Agency, account: &AccountRow) -> Result<Option<TotpSecret>, AppError> {
    let Some(sealed) = &account.totp_secret else { return Ok(None) };
    let keys = agency.keys.of_blob(sealed);
    let keys = keys.ok_or_else(|| AppError::Internal("a second factor under an unknown key".to_owned()))?;
    let opened = keys.open(&place(agency, AccountId(account.id.0)), sealed);
    let bytes = opened.map_err(|error| AppError::Internal(format!("a second factor: {error}")))?;
    Ok(Some(TotpSecret::from_bytes(bytes)))
}

pub(super) fn place<'a>(agency: &Agency, account: AccountId) -> Place<'a> {
    Place { table: "accounts", column: "totp_secret", row: account.0, agency: agency.id.0 }
}
