//! The queue columns of a case: everything that lists, filters and figures read, derived from the state alone.
//! A light is not stored: the dates on which it changes are, so that it is a comparison with today.

use chrono::NaiveDate;

use super::event::AssignmentKind;
use super::state::{Case, Stage, Status};
use crate::domain::applicant::ApplicantKind;
use crate::domain::calendar::{Provisional, WorkingCalendar};
use crate::domain::channel::Channel;
use crate::domain::ids::{AccountId, DepartmentId};
use crate::domain::outcome::Outcome;
use crate::domain::statute::StatutePack;
use crate::domain::time_limit::{ReplyLimit, reply_limit};

/// One row of the queue, without the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Projection {
    /// The stage.
    pub stage: Stage,
    /// The status.
    pub status: Status,
    /// The registration number.
    pub number: Option<String>,
    /// The channel.
    pub channel: Channel,
    /// The applicant's column in the annual report.
    pub applicant_kind: ApplicantKind,
    /// The day of arrival.
    pub arrived_on: NaiveDate,
    /// The date of receipt.
    pub received_on: Option<NaiveDate>,
    /// The day of registration.
    pub registered_on: Option<NaiveDate>,
    /// The limit, while the reply is owed.
    pub limit: Option<ReplyLimit>,
    /// The leading department.
    pub department: Option<DepartmentId>,
    /// Who works on it there.
    pub assignee: Option<AccountId>,
    /// Every department that works on it, the lead first.
    pub departments: Vec<(DepartmentId, AssignmentKind)>,
    /// What was answered.
    pub outcome: Option<Outcome>,
    /// When it was concluded: the reply issued, or the request withdrawn.
    pub concluded_on: Option<NaiveDate>,
    /// When it was archived.
    pub archived_on: Option<NaiveDate>,
}

/// Derives the queue columns of a case.
///
/// The limit is shown while the reply is owed; a concluded case has none (its history still explains it). A date
/// of receipt before the calendar begins has no limit either: `decide` refuses one.
pub fn project(case: &Case, pack: &StatutePack, calendar: &WorkingCalendar) -> Projection {
    let conclusion = case.state.conclusion();
    let limit = case
        .receipt
        .received_on
        .filter(|_| conclusion.is_none())
        .and_then(|received_on| reply_limit(received_on, pack, calendar).ok());
    let registration = case.state.registration();
    let work = case.state.work();
    let departments = work.map_or_else(Vec::new, |work| {
        std::iter::once(&work.lead)
            .chain(&work.helpers)
            .map(|assignment| (assignment.department, assignment.kind))
            .collect()
    });
    let status = case.state.status();
    Projection {
        stage: status.stage(),
        status,
        number: registration.map(|registration| registration.number.clone()),
        channel: case.receipt.channel,
        applicant_kind: case.applicant.kind,
        arrived_on: case.receipt.arrived_on,
        received_on: case.receipt.received_on,
        registered_on: registration.map(|registration| registration.registered_on),
        limit,
        department: work.map(|work| work.lead.department),
        assignee: work.and_then(|work| work.lead.assignee),
        departments,
        outcome: conclusion.as_ref().map(super::state::Conclusion::outcome),
        concluded_on: conclusion.as_ref().map(super::state::Conclusion::concluded_on),
        archived_on: case.state.archived_on(),
    }
}

/// The reason why a date is provisional, as a word for the API.
pub fn provisional_code(provisional: &Provisional) -> &'static str {
    match provisional {
        Provisional::YearWithoutNotice { .. } => "year_without_notice",
        Provisional::LastDaysOfLastYear { .. } => "last_days_of_last_year",
    }
}
