//! The queue columns of a case: everything that lists, filters and figures read, derived from the state alone.
//! A light is not stored: the dates on which it changes are, so that it is a comparison with today.

use chrono::NaiveDate;

use super::archive_record::{Kept, kept};
use super::event::{AssignmentKind, Filed};
use super::state::{Case, Conclusion, Stage, State, Status};
use crate::domain::applicant::ApplicantKind;
use crate::domain::calendar::{Provisional, WorkingCalendar};
use crate::domain::case::clock::{case_timeline, facts};
use crate::domain::channel::Channel;
use crate::domain::ids::{AccountId, DepartmentId};
use crate::domain::outcome::Outcome;
use crate::domain::reply::ReplyNumber;
use crate::domain::statute::StatutePack;
use crate::domain::time_limit::{ClockState, Fact, FactKind, Light, ObligationKind, Rules, Timeline};

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
    /// How the clock stands, whatever the day: running while its state depends on the day only.
    pub clock: ClockState,
    /// The limit, while the reply is owed and has a date.
    pub limit: Option<ReplyLimit>,
    /// The date to keep under every reading, while the reply is owed: also known while a correction is awaited.
    pub prudent_due_on: Option<NaiveDate>,
    /// What is owed and not met, remedies aside.
    pub obligations: Vec<OpenObligation>,
    /// The leading department.
    pub department: Option<DepartmentId>,
    /// Who works on it there.
    pub assignee: Option<AccountId>,
    /// Every department that works on it, the lead first.
    pub departments: Vec<(DepartmentId, AssignmentKind)>,
    /// What was answered; of a case that is answered anew, first: what the annual report counts.
    pub outcome: Option<Outcome>,
    /// When it was concluded: the reply issued, or the request withdrawn; of a case that is answered anew, first.
    pub concluded_on: Option<NaiveDate>,
    /// When it was archived.
    pub archived_on: Option<NaiveDate>,
    /// The archival code (档号).
    pub archival_code: Option<String>,
    /// How long the file is kept, once it is archived.
    pub kept: Option<Kept>,
    /// Whether a hold stands: nothing is disposed of until it is lifted.
    pub on_hold: bool,
    /// The day on which the file was disposed of.
    pub disposed_on: Option<NaiveDate>,
    /// The numbers of its replies, the oldest first.
    pub reply_numbers: Vec<ReplyNumber>,
}

/// The limit of a reply that is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyLimit {
    /// The last day on which the reply is in time; a working day.
    pub due_on: NaiveDate,
    /// The first day of the yellow light.
    pub yellow_on: NaiveDate,
    /// The first day of the red light.
    pub red_on: NaiveDate,
    /// The article that sets the limit, such as `33(2)`.
    pub article: String,
    /// Why the dates may still change; `None` if they are final.
    pub provisional: Option<Provisional>,
}

impl ReplyLimit {
    /// The light of a case that is still open on `today`, a civil date in the agency's zone.
    pub fn light(&self, today: NaiveDate) -> Light {
        Light::on(today, self.due_on, self.yellow_on, self.red_on)
    }
}

/// Something owed and not met, by whomever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenObligation {
    /// What.
    pub kind: ObligationKind,
    /// Which one of its kind, from 1.
    pub n: u32,
    /// Its last day.
    pub due_on: NaiveDate,
}

impl OpenObligation {
    /// Whether it is still something to do or to wait for on `today`, a civil date in the agency's zone: a duty until it
    /// is met, a chance through its last day.
    pub fn is_open_on(&self, today: NaiveDate) -> bool {
        !self.kind.is_option() || today <= self.due_on
    }

    /// What comes first on `today`: by day; of one day a duty before a chance.
    pub fn next(open: &[Self], today: NaiveDate) -> Option<&Self> {
        let still = open.iter().filter(|owed| owed.is_open_on(today));
        still.min_by_key(|owed| (owed.due_on, owed.kind.is_option(), owed.kind, owed.n))
    }
}

/// What the queue keeps of a case's clock. Does not depend on today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockColumns {
    /// See [`Projection::clock`].
    pub clock: ClockState,
    /// See [`Projection::limit`].
    pub limit: Option<ReplyLimit>,
    /// See [`Projection::prudent_due_on`].
    pub prudent_due_on: Option<NaiveDate>,
    /// See [`Projection::obligations`].
    pub obligations: Vec<OpenObligation>,
}

/// The queue's columns of a case's facts and the timeline that follows from them; those of a case without one, for `None`.
///
/// Once the reply is decided upon, that it leaves is all that is owed: nobody need be asked, nor told of an extension. Answers to
/// whoever examines it are owed at any time.
pub fn clock_columns(facts: &[Fact], timeline: Option<&Timeline>) -> ClockColumns {
    let Some(timeline) = timeline else {
        return ClockColumns {
            clock: ClockState::NotStarted,
            limit: None,
            prudent_due_on: None,
            obligations: Vec::new(),
        };
    };
    let owed = timeline.ended.is_none();
    let article =
        timeline.obligations.iter().find(|open| open.kind == ObligationKind::Reply).map(|open| open.article);
    let limit = match (timeline.due_on, timeline.yellow_on, timeline.red_on) {
        (Some(due_on), Some(yellow_on), Some(red_on)) if owed => {
            let article = article.unwrap_or_default().to_owned();
            Some(ReplyLimit { due_on, yellow_on, red_on, article, provisional: timeline.provisional })
        }
        (Some(_) | None, _, _) => None,
    };
    let clock = match (owed, timeline.due_on) {
        (false, _) => ClockState::Stopped,
        (true, Some(_)) => ClockState::Running,
        (true, None) => ClockState::Suspended,
    };
    let decided = facts.iter().any(|fact| fact.what.kind() == FactKind::Replied);
    let mut obligations: Vec<OpenObligation> = Vec::new();
    for open in timeline.obligations.iter().filter(|owed| owed.met_on.is_none()) {
        let of_reply = owed && (!decided || open.kind == ObligationKind::Reply);
        if open.kind.is_the_applicants_remedy() || !(of_reply || open.kind.is_remedy_answer()) {
            continue;
        }
        let before = obligations.iter().filter(|other| other.kind == open.kind).count();
        let n = u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1);
        obligations.push(OpenObligation { kind: open.kind, n, due_on: open.due_on });
    }
    let prudent_due_on = timeline.prudent_due_on.filter(|_| owed);
    ClockColumns { clock, limit, prudent_due_on, obligations }
}

/// Derives the queue columns of a case.
///
/// The limit is shown while the reply is owed, that is until it has left; a concluded case has none (its timeline still
/// explains it). A date of receipt before the calendar begins has no limit either: `decide` refuses one.
pub fn project(case: &Case, pack: &StatutePack, calendar: &WorkingCalendar) -> Projection {
    let conclusion = case.remedies.first_conclusion().or_else(|| case.state.conclusion());
    let facts = facts(case);
    let timeline = case_timeline(&facts, &Rules::of(pack, calendar), case.latest_on).ok().flatten();
    let ClockColumns { clock, limit, prudent_due_on, obligations } = clock_columns(&facts, timeline.as_ref());
    // Withdrawn before its receipt was confirmed: nothing will ever run.
    let clock = if facts.is_empty() && conclusion.is_some() { ClockState::Stopped } else { clock };
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
        clock,
        limit,
        prudent_due_on,
        obligations,
        department: work.map(|work| work.lead.department),
        assignee: work.and_then(|work| work.lead.assignee),
        departments,
        outcome: conclusion.as_ref().map(Conclusion::outcome),
        concluded_on: conclusion.as_ref().map(Conclusion::concluded_on),
        archived_on: case.state.archived_on(),
        archival_code: case.archive.file.as_ref().and_then(Filed::code),
        kept: kept(case, &pack.retention),
        on_hold: case.archive.is_held(),
        disposed_on: case.archive.disposed_on,
        reply_numbers: reply_numbers(case),
    }
}

/// The numbers of the replies of every round.
fn reply_numbers(case: &Case) -> Vec<ReplyNumber> {
    let rounds = case.remedies.rounds.iter().map(|round| &round.state);
    let ended = rounds.chain(std::iter::once(&case.state)).filter_map(State::conclusion);
    ended.filter_map(|conclusion| conclusion.reply_number().cloned()).collect()
}

/// The reason why a date is provisional, as a word for the API.
pub fn provisional_code(provisional: &Provisional) -> &'static str {
    match provisional {
        Provisional::YearWithoutNotice { .. } => "year_without_notice",
        Provisional::LastDaysOfLastYear { .. } => "last_days_of_last_year",
    }
}
