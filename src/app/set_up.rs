//! Setting up an office: agencies, departments, accounts, roles. Each change is an event in the agency's chain.

use chrono_tz::Tz;

use super::App;
use super::error::{AppError, FieldError};
use super::execute::by;
use super::retry::{Answer, RetryKey, seal_answer};
use super::sign_in::password_errors;
use crate::clock::civil_date;
use crate::crypto::password::Password;
use crate::crypto::random;
use crate::domain::agency_event::{AgencyEvent, RoleHeld};
use crate::domain::case::By;
use crate::domain::ids::{AccountId, AgencyId, DepartmentId, EventId, PersonId};
use crate::domain::numbering::NumberPattern;
use crate::domain::policy::{Action, Facts, Verdict, permits};
use crate::domain::role::{Actor, Role};
use crate::store::{
    AccountRow, AgencyKeyRow, AgencyRow, At, DepartmentRow, GrantRow, Key, Meta, PersonRow, Retry, SetUp,
    SetUpChange,
};

/// The statute new agencies work under unless they say otherwise.
const DEFAULT_STATUTE: &str = "cn-ogi-2019";
/// The zone of a Chinese office's civil dates.
const DEFAULT_ZONE: &str = "Asia/Shanghai";
/// How registration numbers are written unless the agency says otherwise.
const DEFAULT_PATTERN: &str = "公申〔{year}〕{seq}号";

/// An agency to be made.
#[derive(Clone, Debug, Default)]
pub struct NewAgency {
    /// Its code: 1 to 32 letters, digits, `-` or `_`.
    pub code: String,
    /// Its name, 1 to 100 characters.
    pub name: String,
    /// The code of its parent in the tree.
    pub parent: Option<String>,
    /// The zone of its civil dates.
    pub zone: Option<String>,
    /// How its registration numbers are written, with `{year}` and `{seq}`.
    pub number_pattern: Option<String>,
    /// The statute it works under.
    pub statute: Option<String>,
}

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
    /// The first password.
    pub password: Password,
    /// Whether the first password must be changed at the first sign-in.
    pub must_change: bool,
}

/// Writes the answer for what was made. Given by the interface.
pub type RenderMade<T> = fn(&T) -> Answer;

/// The parts of a change of set-up that are the same for all.
struct Change {
    agency: AgencyId,
    zone: Tz,
    by: By,
    events: Vec<AgencyEvent>,
    rows: SetUpChange,
    retry: Option<(Retry, Vec<u8>)>,
}

impl App {
    async fn change(&self, change: Change) -> Result<(), AppError> {
        let now = self.clock.now();
        let events = change.events.into_iter().map(|event| (EventId(random::new_id(now)), event)).collect();
        Ok(self
            .store
            .set_up(SetUp {
                agency: change.agency,
                events,
                meta: Meta { at: now, by: change.by, origin: self.origin },
                on: civil_date(now, change.zone),
                change: change.rows,
                retry: change.retry,
            })
            .await?)
    }

    /// Makes an agency with keys of its own.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with every wrong field, [`AppError::Taken`] when the code is.
    pub async fn create_agency(&self, by: By, new: NewAgency) -> Result<AgencyRow, AppError> {
        let parent = match &new.parent {
            None => None,
            Some(code) => Some(self.store.agency_by_code(code.clone()).await?.ok_or_else(|| {
                invalid("/parent", "unknown", "没有这个上级机关。", "There is no agency with this code.")
            })?),
        };
        let (row, zone) = self.agency_row(new, parent.map(|parent| parent.id))?;
        let id = AgencyId(row.id.0);
        let (keys, wrapped) = self.directory.new_keys(id);
        let key_row = AgencyKeyRow {
            agency_id: row.id,
            key_id: Key(keys.key_id()),
            wrapped,
            created_at: row.created_at,
        };
        let event = AgencyEvent::AgencyCreated {
            code: row.code.clone(),
            parent: row.parent_id.map(|parent| AgencyId(parent.0)),
            statute: row.statute.clone(),
            number_pattern: row.number_pattern.clone(),
        };
        let rows = SetUpChange::Agency(row.clone(), key_row);
        self.change(Change { agency: id, zone, by, events: vec![event], rows, retry: None }).await?;
        Ok(row)
    }

    fn agency_row(&self, new: NewAgency, parent_id: Option<Key>) -> Result<(AgencyRow, Tz), AppError> {
        let mut wrong = Vec::new();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if new.code.is_empty() || new.code.len() > 32 || !new.code.chars().all(plain) {
            wrong.push(FieldError::new(
                "/code",
                "pattern",
                "机关代码为 1–32 个字母、数字、“-”或“_”。",
                "A code is 1 to 32 letters, digits, '-' or '_'.",
            ));
        }
        wrong.extend(name_error("/name", &new.name, 100));
        let zone_name = new.zone.unwrap_or_else(|| DEFAULT_ZONE.to_owned());
        let zone = zone_name.parse::<Tz>().ok();
        if zone.is_none() {
            wrong.push(FieldError::new(
                "/zone",
                "unknown",
                "没有这个时区，例如 Asia/Shanghai。",
                "There is no such time zone; for example Asia/Shanghai.",
            ));
        }
        let number_pattern = new.number_pattern.unwrap_or_else(|| DEFAULT_PATTERN.to_owned());
        if let Err(error) = NumberPattern::parse(&number_pattern) {
            wrong.push(FieldError::new(
                "/number_pattern",
                "pattern",
                "编号格式须各含一次 {year} 和 {seq}，例如 ×公申〔{year}〕{seq}号。",
                format!("{error}; for example 公申〔{{year}}〕{{seq}}号."),
            ));
        }
        let statute = new.statute.unwrap_or_else(|| DEFAULT_STATUTE.to_owned());
        if self.statute(&statute).is_err() {
            wrong.push(FieldError::new(
                "/statute",
                "unknown",
                "没有这部法规。",
                "There is no such statute pack.",
            ));
        }
        match zone {
            Some(zone) if wrong.is_empty() => {
                let now = self.clock.now();
                let row = AgencyRow {
                    id: Key(random::new_id(now)),
                    code: new.code,
                    name: new.name.trim().to_owned(),
                    parent_id,
                    zone: zone_name,
                    statute,
                    number_pattern,
                    created_at: At(now),
                };
                Ok((row, zone))
            }
            Some(_) | None => Err(AppError::Invalid(wrong)),
        }
    }

    /// Makes a department.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the name is empty or too long, [`AppError::Taken`] when the agency has it already.
    pub async fn create_department(
        &self,
        by: By,
        agency: AgencyId,
        name: &str,
        kept: Option<(AccountId, RetryKey, RenderMade<DepartmentRow>)>,
    ) -> Result<DepartmentRow, AppError> {
        if let Some(error) = name_error("/name", name, 100) {
            return Err(AppError::Invalid(vec![error]));
        }
        let agency = self.agency(agency).await?;
        let now = self.clock.now();
        let row = DepartmentRow {
            agency_id: Key(agency.id.0),
            id: Key(random::new_id(now)),
            name: name.trim().to_owned(),
            created_at: At(now),
        };
        let event = AgencyEvent::DepartmentCreated { department: DepartmentId(row.id.0) };
        let retry = kept
            .map(|(account, key, render)| {
                seal_answer(&agency, account, &render(&row)).map(|answer| (key.of(account), answer))
            })
            .transpose()?;
        let rows = SetUpChange::Departments(vec![row.clone()]);
        self.change(Change { agency: agency.id, zone: agency.zone, by, events: vec![event], rows, retry })
            .await?;
        Ok(row)
    }

    /// Makes an account.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with every wrong field, [`AppError::Taken`] when the username is,
    /// [`AppError::OneAdministrator`] when the person would hold two of the three administrators' roles.
    pub async fn create_account(&self, by: By, new: NewAccount) -> Result<AccountRow, AppError> {
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
        kept: Option<(&super::directory::Agency, AccountId, RetryKey, RenderMade<AccountRow>)>,
    ) -> Result<AccountRow, AppError> {
        let agency = self.agency(new.agency).await?;
        let mut wrong = account_errors(&new);
        wrong.extend(self.role_errors(new.agency, &new.roles).await?);
        if !wrong.is_empty() {
            return Err(AppError::Invalid(wrong));
        }
        let now = self.clock.now();
        let (person, person_row) = self.person(new.person, now).await?;
        self.one_administrator(person, &new.roles, None).await?;
        let account = AccountRow {
            agency_id: Key(new.agency.0),
            id: Key(random::new_id(now)),
            person_id: Key(person.0),
            username: new.username,
            password_hash: self.hasher.hash(new.password).await?,
            must_change_password: new.must_change,
            failed_logins: 0,
            locked_until: None,
            disabled: false,
            created_at: At(now),
        };
        let id = AccountId(account.id.0);
        let event = AgencyEvent::AccountCreated { account: id, person, roles: held(&new.roles) };
        let retry = kept
            .map(|(home, caller, key, render)| {
                seal_answer(home, caller, &render(&account)).map(|answer| (key.of(caller), answer))
            })
            .transpose()?;
        let grants = grant_rows(new.agency, id, person, &new.roles, At(now));
        let rows = SetUpChange::Account(account.clone(), person_row, grants);
        self.change(Change { agency: agency.id, zone: agency.zone, by, events: vec![event], rows, retry })
            .await?;
        Ok(account)
    }

    /// The person with this reference, or a new one.
    async fn person(
        &self,
        reference: Option<String>,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<(PersonId, Option<PersonRow>), AppError> {
        if let Some(reference) = &reference
            && let Some(known) = self.store.person_by_reference(reference.clone()).await?
        {
            return Ok((PersonId(known.id.0), None));
        }
        let id = random::new_id(now);
        let reference = reference.unwrap_or_else(|| format!("person-{id}"));
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
        let wrong = self.role_errors(agency.id, &roles).await?;
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

    /// Makes a department, or gives the first answer to a retry.
    ///
    /// # Errors
    /// As [`App::create_department`], and when the retry key was used otherwise.
    pub async fn create_department_answered(
        &self,
        actor: &Actor,
        agency: AgencyId,
        name: &str,
        retry: Option<RetryKey>,
        render: RenderMade<DepartmentRow>,
    ) -> Result<Answer, AppError> {
        let home = self.agency(actor.agency).await?;
        if let Some(first) = self.first_answer(&home, actor.account, retry.as_ref()).await? {
            return Ok(first);
        }
        let kept = retry.clone().map(|key| (actor.account, key, render));
        let made = self.create_department(by(actor), agency, name, kept).await.map(|row| render(&row));
        self.after_race(made, &home, actor, retry.as_ref()).await
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
        render: RenderMade<AccountRow>,
    ) -> Result<Answer, AppError> {
        let home = self.agency(actor.agency).await?;
        if let Some(first) = self.first_answer(&home, actor.account, retry.as_ref()).await? {
            return Ok(first);
        }
        let kept = retry.clone().map(|key| (&*home, actor.account, key, render));
        let made = self.create_account_kept(by(actor), new, kept).await.map(|row| render(&row));
        self.after_race(made, &home, actor, retry.as_ref()).await
    }

    /// The agencies at which somebody holds a role, by code.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn agencies_of(&self, actor: &Actor) -> Result<Vec<AgencyRow>, AppError> {
        let held = |row: &AgencyRow| {
            row.id == Key(actor.agency.0) || actor.grants.iter().any(|grant| row.id == Key(grant.agency.0))
        };
        Ok(self.store.agencies_all().await?.into_iter().filter(held).collect())
    }

    /// Whether the actor may do this at an agency, or holds the right role at one above it (a supervisor sees its
    /// subtree).
    ///
    /// # Errors
    /// As [`App::allowed`].
    pub async fn allowed_in_tree(
        &self,
        actor: &Actor,
        action: Action,
        agency: AgencyId,
    ) -> Result<(), AppError> {
        let here = self.allowed(actor, action, agency);
        if here.is_ok() {
            return Ok(());
        }
        let all = self.store.agencies_all().await?;
        let parent_of = |id: Key| all.iter().find(|row| row.id == id).and_then(|row| row.parent_id);
        let mut above = parent_of(Key(agency.0));
        // A tree of agencies is no deeper than the state: a cycle in the table must not hang a request.
        for _ in 0..16 {
            let Some(ancestor) = above else { break };
            if actor.holds(Role::Supervisor, AgencyId(ancestor.0)) {
                return Ok(());
            }
            above = parent_of(ancestor);
        }
        here
    }

    /// Whether the actor may do this at an agency.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] at his own, [`AppError::NotFound`] elsewhere.
    pub fn allowed(&self, actor: &Actor, action: Action, agency: AgencyId) -> Result<(), AppError> {
        match permits(actor, action, &Facts { agency, departments: &[], task_of: None }) {
            Verdict::Allow => Ok(()),
            Verdict::Forbidden => Err(AppError::Forbidden),
            Verdict::Hidden => Err(AppError::NotFound),
        }
    }
}

fn invalid(pointer: &str, code: &'static str, zh: &str, en: &str) -> AppError {
    AppError::Invalid(vec![FieldError::new(pointer, code, zh, en)])
}

fn name_error(pointer: &str, name: &str, most: usize) -> Option<FieldError> {
    let length = name.trim().chars().count();
    (length == 0 || length > most || name.chars().any(char::is_control)).then(|| {
        FieldError::new(
            pointer,
            "length",
            format!("名称为 1–{most} 个字符，不得有控制字符。"),
            format!("A name has 1 to {most} characters and no control characters."),
        )
    })
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
    }
    wrong.extend(password_errors("/password", &new.password, &new.username));
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
