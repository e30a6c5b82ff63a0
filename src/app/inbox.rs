//! The inbox: what was received and is not yet registered, by the day of arrival, the oldest first.

use chrono::NaiveDate;

use super::App;
use super::error::AppError;
use super::queue::{light_of, reach};
use crate::domain::calendar::WorkingCalendar;
use crate::domain::policy::{Action, scope};
use crate::domain::role::Actor;
use crate::domain::time_limit::{Light, ObligationKind};
use crate::store::{CaseRow, InboxFilter, Key, QueueLine};

/// How old something is on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Age {
    /// Calendar days since the day of arrival, which is not counted.
    pub days: i64,
    /// Working days among them.
    pub working_days: i64,
}

impl Age {
    /// The age on `today` of what arrived on a day, both civil dates in the agency's zone.
    pub fn of(arrived_on: NaiveDate, today: NaiveDate, calendar: &WorkingCalendar) -> Self {
        Self {
            days: today.signed_duration_since(arrived_on).num_days(),
            working_days: calendar.working_days_between(arrived_on, today),
        }
    }
}

/// A case that waits to be registered.
#[derive(Clone, Debug)]
pub struct InboxCase {
    /// Its row.
    pub row: CaseRow,
    /// How long it has waited.
    pub age: Age,
    /// Its light today; `None` while its date of receipt awaits a confirmation.
    pub light: Option<Light>,
    /// The last day to ask for a correction (Art. 30), passed or not; `None` once one was asked for, and while the date
    /// of receipt awaits a confirmation.
    pub correction_notice_until: Option<NaiveDate>,
}

/// What arrived on one day; a day that does not fit on a page goes on with the next.
#[derive(Clone, Debug)]
pub struct InboxDay {
    /// The day.
    pub arrived_on: NaiveDate,
    /// How many arrived on it and still wait, those on other pages included.
    pub count: u64,
    /// Those on this page, by id.
    pub cases: Vec<InboxCase>,
}

/// A page of the inbox.
#[derive(Clone, Debug)]
pub struct InboxPage {
    /// The days, the oldest first.
    pub days: Vec<InboxDay>,
    /// How many wait, on all pages.
    pub total: u64,
    /// When the oldest of them arrived, and how old it is.
    pub oldest: Option<(NaiveDate, Age)>,
    /// Where the next page begins, when there is one.
    pub next: Option<(NaiveDate, Key)>,
    /// The day for which ages and lights hold.
    pub today: NaiveDate,
}

impl App {
    /// A page of the actor's agency's inbox, at most `limit` cases (1 to 200) after `after`, within his scope: who works
    /// for departments sees what these work on, which before registration is nothing.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] when he may see no cases at all.
    pub async fn inbox(
        &self,
        actor: &Actor,
        after: Option<(NaiveDate, Key)>,
        limit: u16,
    ) -> Result<InboxPage, AppError> {
        let reach = reach(actor, scope(actor, Action::ReadCase, actor.agency))?;
        let agency = self.agency(actor.agency).await?;
        let today = self.today(&agency);
        let filter =
            InboxFilter { agency: Key(agency.id.0), reach, after, limit: i64::from(limit).saturating_add(1) };
        let mut page = self.store.inbox_page(filter).await?;
        let more = page.lines.len() > usize::from(limit);
        page.lines.truncate(usize::from(limit));
        let last = page.lines.last().filter(|_| more);
        let next = last.map(|line| (line.row.arrived_on, line.row.id));
        let (_, calendar) = &Self::statute_on(&self.store.law(), &agency, today)?;
        let mut days: Vec<InboxDay> = Vec::new();
        for line in page.lines {
            let arrived_on = line.row.arrived_on;
            let case = self.inbox_case(line, today)?;
            match days.last_mut() {
                Some(day) if day.arrived_on == arrived_on => day.cases.push(case),
                Some(_) | None => {
                    let counted = page.days.iter().find(|(day, _)| *day == arrived_on);
                    let count = counted.map_or(0, |(_, count)| count.unsigned_abs());
                    days.push(InboxDay { arrived_on, count, cases: vec![case] });
                }
            }
        }
        let oldest = page.oldest.map(|arrived_on| (arrived_on, Age::of(arrived_on, today, calendar)));
        Ok(InboxPage { days, total: page.total.unsigned_abs(), oldest, next, today })
    }

    /// By the working days of the case's own statute.
    fn inbox_case(&self, line: QueueLine, today: NaiveDate) -> Result<InboxCase, AppError> {
        let (_, calendar) = &Self::statute_of_row(&self.store.law(), &line.row)?;
        let notice = line.owed.iter().find(|owed| owed.kind == ObligationKind::CorrectionNotice);
        Ok(InboxCase {
            age: Age::of(line.row.arrived_on, today, calendar),
            light: light_of(&line.row, today),
            correction_notice_until: notice.map(|owed| owed.due_on),
            row: line.row,
        })
    }
}
