//! Passwords of one's own: what is asked of a new one, how long it holds, and accounts that nobody has used for long.

use chrono::{DateTime, TimeDelta, Utc};

use super::App;
use super::error::{AppError, FieldError};
use super::execute::by;
use super::sign_in::SignedIn;
use crate::crypto::password::{
    NewPassword, Password, PasswordProblem as Problem, PasswordProfile, check_new_password,
};
use crate::crypto::random;
use crate::domain::agency_event::{AgencyEvent, DisabledWhy};
use crate::domain::case::By;
use crate::domain::ids::{AccountId, EventId};
use crate::store::{AccessChange, AccountRow, AgencyRow, At, Meta, SetUp, SetUpChange};

/// So many accounts are disabled in one go.
const DORMANT_PAGE: i64 = 100;

impl App {
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
        let account = self.own_account(signed_in).await?;
        let same = current.expose() == new.expose();
        self.check_own_password(&account, current).await?;
        let agency = self.agency(signed_in.actor.agency).await?;
        let mut wrong = self.password_errors("/new_password", &new, &signed_in.username, &agency.row).await?;
        if same {
            wrong.push(FieldError::new(
                "/new_password",
                "unchanged",
                "新密码不得与当前密码相同。",
                "The new password must differ from the current one.",
            ));
        }
        if wrong.is_empty() && self.had_before(&account, &new).await? {
            wrong.push(FieldError::new(
                "/new_password",
                "used_before",
                "不得使用最近五次用过的密码。",
                "None of the last five passwords may be used again.",
            ));
        }
        if !wrong.is_empty() {
            return Err(AppError::Invalid(wrong));
        }
        let hash = self.hasher.hash(new).await?;
        let now = self.clock.now();
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

    /// Whether it was one of the account's last passwords, when the profile asks.
    async fn had_before(&self, account: &AccountRow, new: &Password) -> Result<bool, AppError> {
        if !self.identity.passwords.remembers() {
            return Ok(false);
        }
        for hash in self.store.passwords_before(account.clone()).await? {
            if self.hasher.verify(Some(hash), new.clone()).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// From when on an account's password is too old. Example: in the profile `dengbao` 90 times 24 hours after it was set. One that is
    /// not his own opens nothing any more by then.
    pub(super) fn password_expires(&self, account: &AccountRow) -> Option<DateTime<Utc>> {
        if account.must_change_password {
            return Some(self.first_password_until(account.password_set_at.0));
        }
        account.password_set_at.0.checked_add_signed(self.identity.passwords.lasts()?)
    }

    /// Whether a password must be changed before anything else: a first one, or one that is too old.
    pub(super) fn must_change(&self, account: &AccountRow, now: DateTime<Utc>) -> bool {
        account.must_change_password || self.password_expires(account).is_some_and(|expires| expires <= now)
    }

    /// Until when an account must have been used not to be disabled.
    fn unused_since(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let days = i64::from(self.identity.dormant_days);
        if days == 0 { None } else { now.checked_sub_signed(TimeDelta::try_days(days)?) }
    }

    /// Whether nobody has used an account that is open for longer than the setting allows.
    pub(super) fn is_dormant(&self, account: &AccountRow, now: DateTime<Utc>) -> bool {
        !account.disabled && self.unused_since(now).is_some_and(|since| account.active_at.0 < since)
    }

    /// Disables an account that nobody has used for long, unless somebody just did.
    pub(super) async fn disable_dormant(&self, account: &AccountRow) -> Result<(), AppError> {
        let Some(unused_since) = self.unused_since(self.clock.now()).map(At) else { return Ok(()) };
        let why = DisabledWhy::Dormant;
        let event = AgencyEvent::AccountDisabled { account: AccountId(account.id.0), why };
        let change = AccessChange::Dormant { unused_since };
        match self.change_access(By::Operator, account, event, change).await {
            Err(AppError::VersionStale) => Ok(()),
            done => done,
        }
    }

    /// Disables every account that nobody has used for longer than the setting allows (GB/T 22239-2019, 8.1.4.2 c); how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn disable_dormant_accounts(&self) -> Result<usize, AppError> {
        let mut disabled = 0_usize;
        while let Some(since) = self.unused_since(self.clock.now()).map(At) {
            let page = self.store.accounts_unused(since, DORMANT_PAGE).await?;
            for account in &page {
                self.disable_dormant(account).await?;
            }
            disabled = disabled.saturating_add(page.len());
            if page.is_empty() {
                break;
            }
        }
        Ok(disabled)
    }

    /// What is wrong with a new password, for a person. One that fails the rules is not looked for in the list of those that became
    /// known.
    pub(super) async fn password_errors(
        &self,
        pointer: &str,
        password: &Password,
        username: &str,
        agency: &AgencyRow,
    ) -> Result<Vec<FieldError>, AppError> {
        let profile = self.identity.passwords;
        let asked = NewPassword { profile, username, agency: &[&agency.code, &agency.name] };
        match check_new_password(password, &asked) {
            Err(problems) => Ok(told(pointer, profile, problems)),
            Ok(()) if self.became_known(password).await? => Ok(vec![FieldError::new(
                pointer,
                "breached",
                "这个密码曾经泄露，请另设一个。",
                "This password became known to others: choose another.",
            )]),
            Ok(()) => Ok(Vec::new()),
        }
    }

    /// Whether it stands in the office's list. What cannot be looked up is not taken.
    async fn became_known(&self, password: &Password) -> Result<bool, AppError> {
        let Some(list) = self.blocklist.clone() else { return Ok(false) };
        let password = password.clone();
        let found = tokio::task::spawn_blocking(move || list.holds(password.expose())).await;
        let told = |error: String| AppError::Internal(format!("the list of known passwords: {error}"));
        found.map_err(|error| told(error.to_string()))?.map_err(|error| told(error.to_string()))
    }
}

fn told(pointer: &str, profile: PasswordProfile, problems: Vec<Problem>) -> Vec<FieldError> {
    problems
        .into_iter()
        .map(|problem| {
            let (zh, en) = match problem {
                Problem::TooShort => return too_short(pointer, profile),
                Problem::TooPlain => (
                    "密码须含大写字母、小写字母、数字、其他字符中的三种。",
                    "A password has three of these: capital letters, small letters, digits, other characters.",
                ),
                Problem::LikeContext => (
                    "密码不得与机关名称、代码或“公开”“政府”等词相近。",
                    "A password may not be like the agency's name or code, or words such as `gongkai`.",
                ),
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

fn too_short(pointer: &str, profile: PasswordProfile) -> FieldError {
    let least = profile.least();
    FieldError::new(
        pointer,
        Problem::TooShort.code(),
        format!("密码至少 {least} 个字符。"),
        format!("A password has at least {least} characters."),
    )
}
