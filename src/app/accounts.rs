//! Accounts and roles: who signs in, who he is, what he may be. Each change is an event in the agency's chain.

use chrono::{DateTime, Utc};
use unicode_normalization::UnicodeNormalization as _;

use super::App;
use super::error::{AppError, FieldError};
use super::execute::by;
use super::retry::{Answer, RetryKey, kept_answer};
use super::set_up::{Change, RenderMade, name_error};
use crate::crypto::password::Password;
use crate::crypto::random;
use crate::domain::agency_event::{AgencyEvent, RoleHeld};
use crate::domain::case::By;
use crate::domain::ids::{AccountId, AgencyId, DepartmentId, PersonId};
use crate::domain::policy::Action;
use crate::domain::role::{Actor, Role};
use crate::domain::sensitivity::Sensitivity;
use crate::store::{AccountRow, At, GrantRow, Key, PersonRow, SetUpChange};

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Its home.
    pub agency: AgencyId,
    /// The sign-in name: 2 to 64 letters, digits, `.`, `-`, `_` or Chinese characters.
    pub username: String,
    /// Who it is, as the office names the person (a staff number): the same reference is the same person. A new
    /// person when not said.
    pub person: Option<String>,
    /// The roles it begins with, each at the whole agency or at one department.
    pub roles: Vec<(Role, Option<DepartmentId>)>,
    /// The first password; one is drawn when none is given.
    pub password: Option<Password>,
    /// Whether the first password must be changed at the first sign-in. One that was drawn must be.
    pub must_change: bool,
}

/// An account that was made.
pub struct AccountMade {
    /// The account.
    pub row: AccountRow,
    /// The password that was drawn for it, for the one answer that hands it out; none in what is kept for retries.
    pub drawn: Option<Password>,
    /// Until when the first password opens the account; none when it need not be changed.
    pub first_password_until: Option<DateTime<Utc>>,
}

impl App {
    /// Makes an account.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with every wrong field, [`AppError::Taken`] when the username is,
    /// [`AppError::OneAdministrator`] when the person would hold two of the three administrators' roles.
    pub async fn create_account(&self, by: By, new: NewAccount) -> Result<AccountMade, AppError> {
        self.create_account_kept(by, new, None).await
    }

    /// The same, keeping the answer for retries.
    ///
    /// # Errors
    /// As [`App::create_account`].
    pub async fn create_account_kept(
        &self,
        by: By,
        new: NewAccount,
        kept: Option<(&super::directory::Agency, AccountId, RetryKey, RenderMade<AccountMade>)>,
    ) -> Result<AccountMade, AppError> {
        let agency = self.agency(new.agency).await?;
        let mut wrong = account_errors(&new);
        if let Some(typed) = &new.password {
            wrong.extend(self.password_errors("/password", typed, &new.username, &agency.row).await?);
        }
        wrong.extend(self.role_errors(new.agency, &new.roles).await?);
        if !wrong.is_empty() {
            return Err(AppError::Invalid(wrong));
        }
        let now = self.clock.now();
        let (person, person_row) = self.person(new.person, now).await?;
        self.one_administrator(person, &new.roles, None).await?;
        let must_change_password = new.must_change || new.password.is_none();
        let (password, drawn) = typed_or_drawn(new.password);
        let account = AccountRow {
            agency_id: Key(new.agency.0),
            id: Key(random::new_id(now)),
            person_id: Key(person.0),
            username: new.username,
            password_hash: self.hasher.hash(password).await?,
            must_change_password,
            failed_logins: 0,
            locked_until: None,
            disabled: false,
            created_at: At(now),
            password_set_at: At(now),
            active_at: At(now),
            totp_secret: None,
            totp_confirmed_at: None,
            totp_step: 0,
            clearance: Sensitivity::Ordinary.level(),
        };
        let id = AccountId(account.id.0);
        let event = AgencyEvent::AccountCreated { account: id, person, roles: held(&new.roles) };
        let first_password_until = must_change_password.then(|| self.first_password_until(now));
        let made = AccountMade { row: account.clone(), drawn: None, first_password_until };
        // What is kept for retries has no password, not even encrypted: it is shown once.
        let retry = kept
            .map(|(home, caller, key, render)| kept_answer(home, key.of(caller), &render(&made)))
            .transpose()?;
        let grants = grant_rows(new.agency, id, person, &new.roles, At(now));
        let rows = SetUpChange::Account(account, person_row, grants);
        self.change(Change { agency: agency.id, zone: agency.zone, by, events: vec![event], rows, retry })
            .await?;
        Ok(AccountMade { drawn, ..made })
    }

    /// The person with this reference, or a new one. However the reference is spelt, it is the same person; one that was kept as it
    /// was spelt is found by that spelling, too.
    async fn person(
        &self,
        reference: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<(PersonId, Option<PersonRow>), AppError> {
        let spelt = reference.as_deref().map(plain_reference);
        for known in [&reference, &spelt].into_iter().flatten() {
            if let Some(known) = self.store.person_by_reference(known.clone()).await? {
                return Ok((PersonId(known.id.0), None));
            }
        }
        let id = random::new_id(now);
        let reference = spelt.unwrap_or_else(|| format!("person-{id}"));
        Ok((PersonId(id), Some(PersonRow { id: Key(id), reference, created_at: At(now) })))
    }

    /// 三员分立: no person holds two of the three administrators' roles. The schema says so too, for races.
    async fn one_administrator(
        &self,
        person: PersonId,
        roles: &[(Role, Option<DepartmentId>)],
        replacing: Option<(AccountId, AgencyId)>,
    ) -> Result<(), AppError> {
        let new = roles.iter().filter(|(role, _)| role.is_administrator()).count();
        if new == 0 {
            return Ok(());
        }
        let others = self.store.grants_of_person(Key(person.0)).await?.into_iter().filter(|grant| {
            let replaced = replacing.is_some_and(|(account, agency)| {
                grant.account_id == Key(account.0) && grant.agency_id == Key(agency.0)
            });
            !replaced && Role::parse(&grant.role).is_some_and(Role::is_administrator)
        });
        if new > 1 || others.count() > 0 { Err(AppError::OneAdministrator) } else { Ok(()) }
    }

    async fn role_errors(
        &self,
        agency: AgencyId,
        roles: &[(Role, Option<DepartmentId>)],
    ) -> Result<Vec<FieldError>, AppError> {
        let known = self.store.departments_of(Key(agency.0)).await?;
        let unknown = |(n, (_, department)): (usize, &(Role, Option<DepartmentId>))| {
            let department = (*department)?;
            (!known.iter().any(|row| row.id.0 == department.0)).then(|| {
                FieldError::new(
                    format!("/roles/{n}/department_id"),
                    "unknown",
                    "没有这个部门。",
                    "There is no such department of this agency.",
                )
            })
        };
        let mut wrong: Vec<FieldError> = roles.iter().enumerate().filter_map(unknown).collect();
        for (n, _) in roles.iter().enumerate().filter(|(_, (role, _))| *role == Role::Portal) {
            wrong.push(FieldError::new(
                format!("/roles/{n}/role"),
                "not_allowed",
                "门户账号在开通门户时设立，不能另行授予。",
                "A portal gets its account when it is opened: the role is not granted otherwise.",
            ));
        }
        for (n, role) in roles.iter().enumerate() {
            if roles.iter().take(n).any(|earlier| earlier == role) {
                wrong.push(FieldError::new(
                    format!("/roles/{n}"),
                    "duplicate",
                    "角色重复。",
                    "The role is given twice.",
                ));
            }
        }
        Ok(wrong)
    }

    /// Replaces an account's roles at its agency.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such account, [`AppError::OwnRoles`] when it is the caller's own
    /// person, [`AppError::OneAdministrator`] as for a new account.
    pub async fn set_roles(
        &self,
        actor: &Actor,
        account: AccountId,
        roles: Vec<(Role, Option<DepartmentId>)>,
    ) -> Result<(), AppError> {
        let row = self.store.account_by_id(Key(account.0)).await?.ok_or(AppError::NotFound)?;
        let agency = self.agency(AgencyId(row.agency_id.0)).await?;
        self.allowed(actor, Action::GrantRoles, agency.id)?;
        if row.person_id == Key(actor.person.0) {
            return Err(AppError::OwnRoles);
        }
        let mut wrong = self.role_errors(agency.id, &roles).await?;
        if self.store.portal_of_account(row.id).await?.is_some() {
            wrong.push(FieldError::new(
                "/roles",
                "not_allowed",
                "该账号属于门户，其角色不能变更；不再使用的，请关闭该门户。",
                "The account is a portal's, whose role stays: close the portal when it is used no more.",
            ));
        }
        if !wrong.is_empty() {
            return Err(AppError::Invalid(wrong));
        }
        let person = PersonId(row.person_id.0);
        self.one_administrator(person, &roles, Some((account, agency.id))).await?;
        let now = self.clock.now();
        let grants = grant_rows(agency.id, account, person, &roles, At(now));
        let event = AgencyEvent::RolesChanged { account, roles: held(&roles) };
        let rows = SetUpChange::Grants(account, grants);
        let (by, zone) = (by(actor), agency.zone);
        self.change(Change { agency: agency.id, zone, by, events: vec![event], rows, retry: None }).await
    }

    /// Makes an account, or gives the first answer to a retry.
    ///
    /// # Errors
    /// As [`App::create_account`], and when the retry key was used otherwise.
    pub async fn create_account_answered(
        &self,
        actor: &Actor,
        new: NewAccount,
        retry: Option<RetryKey>,
        render: RenderMade<AccountMade>,
    ) -> Result<Answer, AppError> {
        let home = self.agency(actor.agency).await?;
        if let Some(first) = self.first_answer(&home, actor.account, retry.as_ref()).await? {
            return Ok(first);
        }
        let kept = retry.clone().map(|key| (&*home, actor.account, key, render));
        let made = self.create_account_kept(by(actor), new, kept).await.map(|made| render(&made));
        self.after_race(made, &home, actor, retry.as_ref()).await
    }
}

/// A staff number without what only its spelling says: spaces, full-width characters, capital letters.
fn plain_reference(reference: &str) -> String {
    reference.nfkc().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase()
}

/// Whether a staff number is of characters that everybody can tell apart. Others look like none, or like another, and would make two
/// persons of one: of somebody who then reviews his own reply, or holds two of the three administrators' roles.
fn is_plain_reference(reference: &str) -> bool {
    let han =
        |c: char| matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}');
    plain_reference(reference).chars().all(|c| c.is_ascii_alphanumeric() || "-_./@".contains(c) || han(c))
}

/// The password that was typed, or one drawn at random, which must be told.
fn typed_or_drawn(typed: Option<Password>) -> (Password, Option<Password>) {
    typed.map_or_else(
        || {
            let drawn = Password::from(random::one_time_password());
            (drawn.clone(), Some(drawn))
        },
        |typed| (typed, None),
    )
}

fn account_errors(new: &NewAccount) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    let length = new.username.chars().count();
    if !(2..=64).contains(&length) || !new.username.chars().all(plain) {
        wrong.push(FieldError::new(
            "/username",
            "pattern",
            "用户名为 2–64 个字母、数字、汉字、“.”、“-”或“_”。",
            "A username is 2 to 64 letters, digits, '.', '-' or '_'.",
        ));
    }
    if let Some(person) = &new.person {
        wrong.extend(name_error("/person", person, 64));
        if !is_plain_reference(person) {
            wrong.push(FieldError::new(
                "/person",
                "pattern",
                "人员编号由汉字、英文字母、数字和“-”“_”“.”“/”“@”组成。",
                "A staff number is of Chinese characters, English letters, digits, '-', '_', '.', '/' and '@'.",
            ));
        }
    }
    wrong
}

fn held(roles: &[(Role, Option<DepartmentId>)]) -> Vec<RoleHeld> {
    roles.iter().map(|(role, department)| RoleHeld { role: *role, department: *department }).collect()
}

fn grant_rows(
    agency: AgencyId,
    account: AccountId,
    person: PersonId,
    roles: &[(Role, Option<DepartmentId>)],
    now: At,
) -> Vec<GrantRow> {
    roles
        .iter()
        .map(|(role, department)| GrantRow {
            id: Key(random::new_id(now.0)),
            agency_id: Key(agency.0),
            account_id: Key(account.0),
            person_id: Key(person.0),
            role: role.code().to_owned(),
            department_id: department.map(|department| Key(department.0)),
            granted_at: now,
        })
        .collect()
}
