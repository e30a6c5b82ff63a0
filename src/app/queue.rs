//! The queue: pages of cases within the actor's scope.

use chrono::NaiveDate;

use super::App;
use super::error::AppError;
use crate::domain::case::{Stage, Status};
use crate::domain::channel::Channel;
use crate::domain::ids::{AccountId, DepartmentId};
use crate::domain::outcome::Outcome;
use crate::domain::policy::{Action, Scope, scope};
use crate::domain::role::Actor;
use crate::domain::time_limit::Light;
use crate::store::{CaseRow, Key, QueueFilter, Sort};

/// What a caller asks of the queue; `None` does not limit.
#[derive(Clone, Debug, Default)]
pub struct QueueQuery {
    /// The stage.
    pub stage: Option<Stage>,
    /// The status.
    pub status: Option<Status>,
    /// The light as it shows today.
    pub light: Option<Light>,
    /// A department at work.
    pub department: Option<DepartmentId>,
    /// Whose work it is.
    pub assignee: Option<AccountId>,
    /// The channel.
    pub channel: Option<Channel>,
    /// The outcome.
    pub outcome: Option<Outcome>,
    /// Due on or before this day.
    pub due_before: Option<NaiveDate>,
    /// Received on or after this day.
    pub received_from: Option<NaiveDate>,
    /// Received on or before this day.
    pub received_to: Option<NaiveDate>,
    /// The registration number, whole.
    pub number: Option<String>,
    /// The order.
    pub sort: Sort,
    /// Where the page before ended.
    pub after: Option<(NaiveDate, Key)>,
    /// How many rows, 1 to 200.
    pub limit: u16,
}

/// A page of the queue.
#[derive(Clone, Debug)]
pub struct QueuePage {
    /// The rows, each with its light today.
    pub rows: Vec<(CaseRow, Option<Light>)>,
    /// Where the next page begins, when there is one.
    pub next: Option<(NaiveDate, Key)>,
    /// The day for which the lights hold.
    pub today: NaiveDate,
}

/// The light of a queue row on a day: the comparison for which its dates are stored.
pub fn light_of(row: &CaseRow, today: NaiveDate) -> Option<Light> {
    let (due, yellow, red) = (row.due_on?, row.yellow_on?, row.red_on?);
    Some(Light::on(today, due, yellow, red))
}

impl App {
    /// A page of the actor's agency's cases, within his scope.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] when he may see no cases at all.
    pub async fn queue(&self, actor: &Actor, query: QueueQuery) -> Result<QueuePage, AppError> {
        let departments = match scope(actor, Action::ReadCase, actor.agency) {
            Scope::Nothing => return Err(AppError::Forbidden),
            Scope::Agency => None,
            Scope::Departments(departments) => {
                Some(departments.into_iter().map(|department| Key(department.0)).collect())
            }
        };
        let agency = self.agency(actor.agency).await?;
        let today = self.today(&agency);
        let limit = usize::from(query.limit);
        let mut rows = self
            .store
            .cases_page(QueueFilter {
                agency: Key(agency.id.0),
                departments,
                stage: query.stage,
                status: query.status,
                light: query.light.map(|light| (light, today)),
                department: query.department.map(|department| Key(department.0)),
                assignee: query.assignee.map(|assignee| Key(assignee.0)),
                channel: query.channel,
                outcome: query.outcome,
                due_before: query.due_before,
                received_from: query.received_from,
                received_to: query.received_to,
                number: query.number,
                sort: query.sort,
                after: query.after,
                limit: i64::from(query.limit).saturating_add(1),
            })
            .await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| (sort_day(row, query.sort), row.id));
        let rows = rows.into_iter().map(|row| (light_of(&row, today), row)).map(|(light, row)| (row, light));
        Ok(QueuePage { rows: rows.collect(), next, today })
    }
}

fn sort_day(row: &CaseRow, sort: Sort) -> NaiveDate {
    match sort {
        Sort::DueOn | Sort::DueOnDescending => row.due_sort,
        Sort::ReceivedOn | Sort::ReceivedOnDescending => row.received_sort,
    }
}
