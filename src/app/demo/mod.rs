//! 演示: a sample office with a year of cases in every stage and light, none of them a real person's. Everything goes
//! through the use cases like any other entry, on a clock that is moved through the year, so that the rules, the
//! record and the figures are the real ones.

mod basis;
mod cases;
mod days;
mod matters;
mod office;
mod script;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use self::office::{Account, CODE, NAME};

use self::days::Days;
use self::office::{Office, Who};
use self::script::{Deed, Entry};
use super::App;
use super::case_view::CaseDetail;
use super::error::AppError;
use super::execute::{Expected, Order, Request};
use super::progress::{Phase, Progress, Step};
use super::retry::Answer;
use crate::domain::case::event::Digest;
use crate::domain::ids::CaseId;
use crate::domain::review::{self, Checklist};

/// What the database remembers when a demonstration was begun, and when it was finished: an agency alone could have
/// been made by somebody under the same code.
const BEGUN: &str = "demo_begun";
const MADE: &str = "demo_made";

/// What a database holds, as far as a demonstration is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// No agency and no account.
    Nothing,
    /// A demonstration whose making was broken off: its passwords were never told.
    Unfinished,
    /// A demonstration and nothing else.
    Demo,
    /// A demonstration, and agencies that somebody made beside it.
    DemoAndMore,
    /// Something else.
    Other,
}

impl App {
    /// What the database holds.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn demo_found(&self) -> Result<Found, AppError> {
        let roots: Vec<String> = self
            .store
            .agencies_all()
            .await?
            .into_iter()
            .filter(|row| row.parent_id.is_none())
            .map(|row| row.code)
            .collect();
        let ours = roots.iter().filter(|code| *code == CODE).count();
        let begun = self.store.meta_get(BEGUN).await?.is_some();
        let made = self.store.meta_get(MADE).await?.is_some();
        Ok(match (begun, made) {
            (false, _) if roots.is_empty() && self.store.accounts_count().await? == 0 => Found::Nothing,
            (true, false) if roots.len() == ours => Found::Unfinished,
            (true, true) if ours == 1 && roots.len() == 1 => Found::Demo,
            (true, true) if ours == 1 => Found::DemoAndMore,
            (_, _) => Found::Other,
        })
    }

    /// Makes the sample office and its year of cases, which ends at `now`, in an empty database. Answers with the
    /// accounts and their one-time passwords, which are kept nowhere in clear.
    ///
    /// # Errors
    /// When the database fails, or the application's clock cannot be set.
    pub async fn demo_make(
        self: &Arc<Self>,
        now: DateTime<Utc>,
        progress: &Progress,
    ) -> Result<Vec<Account>, AppError> {
        self.store.meta_put_once(BEGUN, now.to_rfc3339()).await?;
        let days = self.demo_days(now)?;
        self.demo_at(days.opening())?;
        let (office, accounts) = Office::make(self).await?;
        let entries = cases::entries(&days);
        let total = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        let mut known = BTreeMap::new();
        for (done, entry) in (1..).zip(entries) {
            Box::pin(self.demo_enter(&office, &mut known, entry)).await?;
            progress(Step { phase: Phase::Demonstrating, done, total });
        }
        self.demo_at(now)?;
        self.store.accounts_used(crate::store::At(now)).await?;
        self.store.meta_put_once(MADE, now.to_rfc3339()).await?;
        Ok(accounts)
    }

    fn demo_days(&self, now: DateTime<Utc>) -> Result<Days, AppError> {
        let (_, calendar) = self.statute(office::STATUTE)?;
        Days::of_the_year_before(now, office::ZONE, &calendar)
            .ok_or_else(|| AppError::Internal("the calendar has no working day in a whole year".to_owned()))
    }

    fn demo_at(&self, instant: DateTime<Utc>) -> Result<(), AppError> {
        self.clock.set(instant);
        if self.clock.now() == instant {
            Ok(())
        } else {
            Err(AppError::Internal("a demonstration needs a clock that can be set".to_owned()))
        }
    }

    /// Makes one entry, at its instant.
    async fn demo_enter(
        self: &Arc<Self>,
        office: &Office,
        known: &mut BTreeMap<u32, Known>,
        entry: Entry,
    ) -> Result<(), AppError> {
        self.demo_at(entry.at)?;
        let actor = office.actor(entry.who)?.clone();
        let before = known.get(&entry.case).copied();
        let order = match (entry.deed, before) {
            (Deed::Receive(reception), _) => {
                let answer = Box::pin(self.receive(&actor, *reception, None, render)).await?;
                known.insert(entry.case, read(&answer)?);
                return Ok(());
            }
            (Deed::Give(order), _) => *order,
            (Deed::Assign { kind, department, by_name }, _) => {
                let assignee =
                    if by_name { Some(office.actor(Who::Handler(department))?.account) } else { None };
                Order::Assign { kind, department: office.department(department)?, assignee, note: None }
            }
            (Deed::Review { step, decision, opinion }, Some(Known { content: Some(content), .. })) => {
                let checklist =
                    (step == review::Step::Secrecy && decision.passes()).then_some(Checklist::CLEAR);
                Order::Review { step, decision, content, opinion, acting_for: None, checklist }
            }
            (Deed::Issue, Some(Known { content: Some(content), .. })) => {
                Order::Issue { content, number: None }
            }
            (Deed::Review { .. } | Deed::Issue, _) => return Err(unscripted(entry.case)),
        };
        let Some(Known { case, .. }) = before else { return Err(unscripted(entry.case)) };
        let (on, expected) = (entry.on, Expected::Any);
        let answer = self.execute(Request { actor, case, order, on, expected, retry: None, render }).await?;
        known.insert(entry.case, read(&answer)?);
        Ok(())
    }
}

/// What later entries of a case need of the earlier ones' answers.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Known {
    case: CaseId,
    content: Option<Digest>,
}

fn render(detail: &CaseDetail) -> Answer {
    let content = detail.case.state.content();
    let body = serde_json::to_string(&Known { case: detail.case.id, content }).unwrap_or_default();
    Answer { status: 200, etag: None, location: None, body }
}

fn read(answer: &Answer) -> Result<Known, AppError> {
    serde_json::from_str(&answer.body).map_err(|error| AppError::Internal(error.to_string()))
}

fn unscripted(case: u32) -> AppError {
    AppError::Internal(format!("the demonstration's case {case} has an entry before what it rests on"))
}
