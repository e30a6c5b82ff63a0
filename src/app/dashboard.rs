//! The dashboard: how much there is, how pressing, and where. Each figure of cases is the length of a list that the queue
//! gives.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::App;
use super::error::AppError;
use super::inbox::Age;
use super::notice_view::NoticeLoad;
use super::queue::reach;
use crate::domain::case::event::AssignmentKind;
use crate::domain::case::projection::OpenObligation;
use crate::domain::case::{Stage, Status};
use crate::domain::ids::{AgencyId, DepartmentId};
use crate::domain::policy::{Action, Scope, scope};
use crate::domain::role::Actor;
use crate::domain::sensitivity::Sensitivity;
use crate::domain::time_limit::{Light, ObligationKind};
use crate::store::{DashboardCounts, DashboardFilter, Key, StoreError};

/// "Soon" is this many working days ahead, the last one included: the default threshold of the yellow light.
const SOON: u16 = 5;

/// The figures of one agency, or of some departments of it.
#[derive(Clone, Debug)]
pub struct Dashboard {
    /// The agency.
    pub agency: AgencyId,
    /// The civil date, in the agency's zone, as of which it was counted.
    pub as_of: NaiveDate,
    /// The last day of what is due soon.
    pub soon: NaiveDate,
    /// Cases by status; every status is there.
    pub statuses: BTreeMap<Status, u64>,
    /// Cases that owe a reply, by light; every light is there.
    pub lights: BTreeMap<Light, u64>,
    /// Open cases: neither answered nor withdrawn.
    pub open: u64,
    /// Open cases without a leading department.
    pub unassigned: u64,
    /// Open cases by department, by name: all of the agency's, or those of the caller's scope.
    pub departments: Vec<DepartmentLoad>,
    /// What is owed; every kind that is anybody's task is there.
    pub obligations: BTreeMap<ObligationKind, Owing>,
    /// When the oldest case arrived that is not yet registered, and how old it is.
    pub inbox_oldest: Option<(NaiveDate, Age)>,
    /// The supervision notices that the caller sees; none when he sees no notices there.
    pub notices: Option<NoticeLoad>,
}

/// The open cases of a department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepartmentLoad {
    /// The department.
    pub department: DepartmentId,
    /// Its name.
    pub name: String,
    /// Those it works on, leading or helping.
    pub open: u64,
    /// Those it leads.
    pub leading: u64,
}

/// How much is owed of one kind. A case that asked two third parties is owed two answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Owing {
    /// Whenever it is due. A chance (to ask for a correction, to extend) counts through its last day.
    pub open: u64,
    /// Its last day has passed; a chance is never overdue.
    pub overdue: u64,
    /// Due today.
    pub due_today: u64,
    /// Due today or within five working days.
    pub due_soon: u64,
}

impl Dashboard {
    /// Cases by stage; every stage is there.
    pub fn stages(&self) -> BTreeMap<Stage, u64> {
        let mut stages: BTreeMap<Stage, u64> = Stage::ALL.iter().map(|stage| (*stage, 0)).collect();
        for (status, count) in &self.statuses {
            let sum = stages.entry(status.stage()).or_default();
            *sum = sum.saturating_add(*count);
        }
        stages
    }

    /// All cases.
    pub fn total(&self) -> u64 {
        self.statuses.values().sum()
    }

    /// Cases that are received and not yet registered.
    pub fn inbox(&self) -> u64 {
        self.stages().get(&Stage::Receive).copied().unwrap_or(0)
    }
}

impl App {
    /// Counts an agency's cases, in one snapshot.
    ///
    /// Who may read the annual report sees the figures of the whole agency (a supervisor those of the agencies below
    /// his, too); who may read cases sees the figures of just these, such as those of his department. With days, both
    /// inclusive, only cases received from or to them count.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] when he may see neither, [`AppError::NotFound`] for an agency that is none of his.
    pub async fn dashboard(
        &self,
        actor: &Actor,
        agency: AgencyId,
        (received_from, received_to): (Option<NaiveDate>, Option<NaiveDate>),
    ) -> Result<Dashboard, AppError> {
        let counted = match self.allowed_in_tree(actor, Action::ReadReports, agency).await {
            Ok(()) => Scope::Agency,
            Err(AppError::Forbidden) => scope(actor, Action::ReadCase, agency),
            Err(other) => return Err(other),
        };
        let mut reach = reach(actor, counted)?;
        if scope(actor, Action::ReadCase, agency) == Scope::Nothing {
            // Who reads figures only is told the agency's own; who reads cases counts what his lists show.
            reach.clearance = Sensitivity::HIGHEST;
        }
        let departments = reach.departments.clone();
        let known = self.agency(agency).await?;
        let today = self.today(&known);
        let (_, calendar) = &Self::statute_on(&self.store.law(), &known, today)?;
        // No clock shows a day so early, or so late, that there is no fifth working day after it.
        let soon = calendar.add_working_days(today, SOON).unwrap_or(today);
        let filter = DashboardFilter { agency: Key(agency.0), reach, received_from, received_to };
        let counts = self.store.dashboard_counts(filter).await?;
        let mut shown = self.store.departments_of(Key(agency.0)).await?;
        shown.retain(|row| departments.as_ref().is_none_or(|scope| scope.contains(&row.id)));
        let names = shown.into_iter().map(|row| (DepartmentId(row.id.0), row.name)).collect();
        let statuses = statuses(&counts)?;
        let unassigned = counts.departments.iter().filter(|(department, ..)| department.is_none());
        Ok(Dashboard {
            agency,
            as_of: today,
            soon,
            open: statuses.iter().filter(|(status, _)| status.is_open()).map(|(_, count)| count).sum(),
            statuses,
            lights: lights(&counts, today),
            unassigned: unassigned.map(|(.., count)| count.unsigned_abs()).sum(),
            departments: loads(names, &counts),
            obligations: owing(&counts.owed, today, soon)?,
            inbox_oldest: counts.oldest.map(|day| (day, Age::of(day, today, calendar))),
            notices: self.notices_count(actor, agency, today).await?,
        })
    }
}

fn unknown(table: &'static str, code: &str) -> AppError {
    AppError::Store(StoreError::Inconsistent {
        table,
        row: code.to_owned(),
        reason: "a word that this program never writes".to_owned(),
    })
}

/// What is neither open nor waits for the archive is archived.
fn statuses(counts: &DashboardCounts) -> Result<BTreeMap<Status, u64>, AppError> {
    let mut statuses: BTreeMap<Status, u64> = Status::ALL.iter().map(|status| (*status, 0)).collect();
    let mut archived = counts.total.unsigned_abs();
    for (code, count) in &counts.statuses {
        let status = Status::parse(code).ok_or_else(|| unknown("cases", code))?;
        // Of one status some may be concluded and others not: a case that is answered anew is in process once more.
        let sum = statuses.entry(status).or_default();
        *sum = sum.saturating_add(count.unsigned_abs());
        archived = archived.saturating_sub(count.unsigned_abs());
    }
    statuses.insert(Status::Archived, archived);
    Ok(statuses)
}

fn lights(counts: &DashboardCounts, today: NaiveDate) -> BTreeMap<Light, u64> {
    let mut lights: BTreeMap<Light, u64> = Light::ALL.iter().map(|light| (*light, 0)).collect();
    for (due, yellow, red, count) in &counts.limits {
        let (Some(due), Some(yellow), Some(red)) = (due, yellow, red) else { continue };
        let sum = lights.entry(Light::on(today, *due, *yellow, *red)).or_default();
        *sum = sum.saturating_add(count.unsigned_abs());
    }
    lights
}

fn loads(names: Vec<(DepartmentId, String)>, counts: &DashboardCounts) -> Vec<DepartmentLoad> {
    let load = |(department, name): (DepartmentId, String)| {
        let own = counts.departments.iter().filter(|(id, ..)| *id == Some(Key(department.0)));
        let (mut open, mut leading) = (0_u64, 0_u64);
        for (_, kind, count) in own {
            open = open.saturating_add(count.unsigned_abs());
            if kind.as_deref() == Some(AssignmentKind::Lead.code()) {
                leading = leading.saturating_add(count.unsigned_abs());
            }
        }
        DepartmentLoad { department, name, open, leading }
    };
    names.into_iter().map(load).collect()
}

fn owing(
    counts: &[(String, NaiveDate, i64)],
    today: NaiveDate,
    soon: NaiveDate,
) -> Result<BTreeMap<ObligationKind, Owing>, AppError> {
    let kinds = ObligationKind::ALL.iter().copied().filter(|kind| !kind.is_the_applicants_remedy());
    let mut owing: BTreeMap<ObligationKind, Owing> = kinds.map(|kind| (kind, Owing::default())).collect();
    for (code, due_on, count) in counts {
        let (due_on, count) = (*due_on, count.unsigned_abs());
        let kind = ObligationKind::parse(code).ok_or_else(|| unknown("case_obligations", code))?;
        if !(OpenObligation { kind, n: 1, due_on }).is_open_on(today) {
            continue;
        }
        let sums = owing.entry(kind).or_default();
        let add = |sum: &mut u64, counts: bool| *sum = sum.saturating_add(if counts { count } else { 0 });
        add(&mut sums.open, true);
        add(&mut sums.overdue, due_on < today);
        add(&mut sums.due_today, due_on == today);
        add(&mut sums.due_soon, (today..=soon).contains(&due_on));
    }
    Ok(owing)
}
