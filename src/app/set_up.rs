//! Setting up an office: agencies, departments, accounts, roles. Each change is an event in the agency's chain.

use std::sync::Arc;

use chrono_tz::Tz;

pub use super::accounts::{AccountMade, NewAccount};

use super::App;
use super::error::{AppError, FieldError};
use super::execute::by;
use super::retry::{Answer, RetryKey, kept_answer};
use crate::clock::civil_date;
use crate::crypto::random;
use crate::domain::agency_event::AgencyEvent;
use crate::domain::case::By;
use crate::domain::ids::{AccountId, AgencyId, DepartmentId, EventId};
use crate::domain::numbering::NumberPattern;
use crate::domain::policy::{Action, Facts, Verdict, permits};
use crate::domain::role::{Actor, Role};
use crate::store::{AgencyKeyRow, AgencyRow, At, DepartmentRow, Key, Meta, Retry, SetUp, SetUpChange};

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
    /// A calendar of its own: a region's, that extends the statute's.
    pub calendar: Option<String>,
}

/// Writes the answer for what was made. Given by the interface.
pub type RenderMade<T> = fn(&T) -> Answer;

/// The parts of a change of set-up that are the same for all.
pub(super) struct Change {
    pub agency: AgencyId,
    pub zone: Tz,
    pub by: By,
    pub events: Vec<AgencyEvent>,
    pub rows: SetUpChange,
    pub retry: Option<(Retry, Vec<u8>)>,
}

impl App {
    pub(super) async fn change(&self, change: Change) -> Result<(), AppError> {
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
            retired_at: None,
        };
        let event = AgencyEvent::AgencyCreated {
            code: row.code.clone(),
            parent: row.parent_id.map(|parent| AgencyId(parent.0)),
            statute: row.statute.clone(),
            number_pattern: row.number_pattern.clone(),
            calendar: row.calendar.clone(),
        };
        self.store.seals().know(id, vec![(row.created_at.0, Arc::new(keys))]);
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
        let calendar = self.own_calendar(&statute, new.calendar).unwrap_or_else(|error| {
            wrong.push(error);
            None
        });
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
                    calendar,
                    merged_into_id: None,
                    merged_on: None,
                };
                Ok((row, zone))
            }
            Some(_) | None => Err(AppError::Invalid(wrong)),
        }
    }

    /// A calendar of the agency's own: the statute's (then it has none) or one that extends it.
    fn own_calendar(&self, statute: &str, calendar: Option<String>) -> Result<Option<String>, FieldError> {
        let (Some(calendar), law) = (calendar, self.store.law()) else { return Ok(None) };
        match law.pack(statute) {
            Some(pack) if pack.calendar == calendar => Ok(None),
            Some(pack) if law.follows(&calendar, &pack.calendar) => Ok(Some(calendar)),
            Some(_) | None => Err(FieldError::new(
                "/calendar",
                "unknown",
                "没有这个工作日历，或者它不是该法规日历的地区日历。",
                "There is no such calendar, or it does not extend the one of the statute.",
            )),
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
            .map(|(account, key, render)| kept_answer(&agency, key.of(account), &render(&row)))
            .transpose()?;
        let rows = SetUpChange::Departments(vec![row.clone()]);
        self.change(Change { agency: agency.id, zone: agency.zone, by, events: vec![event], rows, retry })
            .await?;
        Ok(row)
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
        match permits(actor, action, &Facts::of_agency(agency)) {
            Verdict::Allow => Ok(()),
            Verdict::Forbidden => Err(AppError::Forbidden),
            Verdict::Hidden => Err(AppError::NotFound),
        }
    }
}

fn invalid(pointer: &str, code: &'static str, zh: &str, en: &str) -> AppError {
    AppError::Invalid(vec![FieldError::new(pointer, code, zh, en)])
}

pub(super) fn name_error(pointer: &str, name: &str, most: usize) -> Option<FieldError> {
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
