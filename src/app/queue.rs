//! The queue: pages of cases within the actor's scope.

use chrono::NaiveDate;

use super::App;
use super::error::AppError;
use crate::domain::case::projection::OpenObligation;
use crate::domain::case::{Stage, Status};
use crate::domain::channel::Channel;
use crate::domain::ids::{AccountId, DepartmentId};
use crate::domain::outcome::Outcome;
use crate::domain::policy::{Action, Scope, scope};
use crate::domain::role::Actor;
use crate::domain::search::Query;
use crate::domain::time_limit::{ClockState, Light, ObligationKind};
use crate::store::{CaseRow, Key, Owed, QueueFilter, QueueLine, Reach, Sort};

/// What a caller asks of the queue; `None` does not limit.
#[derive(Clone, Debug, Default)]
pub struct QueueQuery {
    /// The stage.
    pub stage: Option<Stage>,
    /// The status.
    pub status: Option<Status>,
    /// The light as it shows today.
    pub light: Option<Light>,
    /// How the clock stands, whatever the day.
    pub clock: Option<ClockState>,
    /// What is owed and not met; a chance (to ask for a correction, to extend) counts through its last day.
    pub obligation: Option<ObligationKind>,
    /// Something is owed (of that kind, when one is asked for) that is due on or after this day.
    pub obligation_due_from: Option<NaiveDate>,
    /// Something is owed (of that kind, when one is asked for) that is due on or before this day.
    pub obligation_due_before: Option<NaiveDate>,
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
    /// The words that must be found in the subject, the numbers or the documents asked for.
    pub search: Option<Query>,
    /// The order.
    pub sort: Sort,
    /// Where the page before ended.
    pub after: Option<(NaiveDate, Key)>,
    /// How many rows, 1 to 200.
    pub limit: u16,
}

impl QueueQuery {
    /// What must be owed, as of today; `None` when nothing is asked about it. Its order asks for anything.
    fn owed(&self, today: NaiveDate) -> Option<Owed> {
        let (kind, from, to) = (self.obligation, self.obligation_due_from, self.obligation_due_before);
        let asked = kind.is_some() || from.is_some() || to.is_some() || self.sort == Sort::ObligationDueOn;
        asked.then_some(Owed { kind, from, to, today })
    }
}

/// A case of the queue, as it stands today.
#[derive(Clone, Debug)]
pub struct QueueItem {
    /// Its row.
    pub row: CaseRow,
    /// Its light.
    pub light: Option<Light>,
    /// What is to be done, or waited for, first.
    pub next: Option<OpenObligation>,
}

impl QueueItem {
    pub(super) fn of(line: QueueLine, today: NaiveDate) -> Self {
        Self {
            light: light_of(&line.row, today),
            next: OpenObligation::next(&line.owed, today).cloned(),
            row: line.row,
        }
    }
}

/// A page of the queue.
#[derive(Clone, Debug)]
pub struct QueuePage {
    /// The cases.
    pub items: Vec<QueueItem>,
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
        let reach = reach(actor, scope(actor, Action::ReadCase, actor.agency))?;
        let agency = self.agency(actor.agency).await?;
        let today = self.today(&agency);
        let limit = usize::from(query.limit);
        let owed = query.owed(today);
        let mut lines = self
            .store
            .cases_page(QueueFilter {
                agency: Key(agency.id.0),
                reach,
                stage: query.stage,
                status: query.status,
                light: query.light.map(|light| (light, today)),
                clock: query.clock,
                owed,
                department: query.department.map(|department| Key(department.0)),
                assignee: query.assignee.map(|assignee| Key(assignee.0)),
                channel: query.channel,
                outcome: query.outcome,
                due_before: query.due_before,
                received_from: query.received_from,
                received_to: query.received_to,
                number: query.number,
                search: query.search,
                sort: query.sort,
                after: query.after,
                limit: i64::from(query.limit).saturating_add(1),
            })
            .await?;
        let more = lines.len() > limit;
        lines.truncate(limit);
        let last = lines.last().filter(|_| more);
        let next = last.map(|line| (sort_day(line, query.sort, owed.as_ref()), line.row.id));
        let items = lines.into_iter().map(|line| QueueItem::of(line, today)).collect();
        Ok(QueuePage { items, next, today })
    }
}

/// How far the actor sees in a list of this scope.
///
/// # Errors
/// [`AppError::Forbidden`] when he may see nothing at all.
pub(super) fn reach(actor: &Actor, scope: Scope) -> Result<Reach, AppError> {
    let departments = match scope {
        Scope::Nothing => return Err(AppError::Forbidden),
        Scope::Agency => None,
        Scope::Departments(departments) => {
            Some(departments.into_iter().map(|department| Key(department.0)).collect())
        }
    };
    Ok(Reach { departments, clearance: actor.clearance })
}

/// The day by which a line stands where it stands.
fn sort_day(line: &QueueLine, sort: Sort, owed: Option<&Owed>) -> NaiveDate {
    match sort {
        Sort::DueOn | Sort::DueOnDescending => line.row.due_sort,
        Sort::ReceivedOn | Sort::ReceivedOnDescending => line.row.received_sort,
        Sort::ObligationDueOn => {
            let found = line.owed.iter().filter(|open| owed.is_some_and(|owed| asked_for(open, owed)));
            found.map(|open| open.due_on).min().unwrap_or(line.row.due_sort)
        }
    }
}

/// Whether something owed is what was asked for: the condition by which the store finds it.
fn asked_for(open: &OpenObligation, owed: &Owed) -> bool {
    owed.kind.is_none_or(|kind| open.kind == kind)
        && owed.from.is_none_or(|from| from <= open.due_on)
        && owed.to.is_none_or(|to| open.due_on <= to)
        && open.is_open_on(owed.today)
}
