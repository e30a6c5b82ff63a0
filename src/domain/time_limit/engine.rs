//! From facts to the timeline: the period that runs, its stretches, what other readings would give, and how it stands today.

use super::fact::{ConsultationKind, CorrectionGround, Fact, FactKind};
use super::fault::{FactFault, Fault};
use super::history::{Extension, History};
use super::light::Light;
use super::obligations::{Ground, hold_until, obligations, reply_left_on};
use super::periods::{Period, Room, Trace};
use super::segments::{day_list, segments};
use super::timeline::{ClockState, DateOf, DayEntry, Differing, Note, ObligationKind, Timeline};
use super::view::{Exclusion, View};
use crate::domain::calendar::{CalendarError, WorkingCalendar};
use crate::domain::channel::Channel;
use crate::domain::outcome::Outcome;
use crate::domain::remedy::{Procedure, RemedyKind};
use crate::domain::statute::{LightThresholds, Point, Reading, Readings, StatutePack};
use chrono::NaiveDate;

/// By what rules facts are read.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// The statute.
    pub pack: &'a StatutePack,
    /// The working days.
    pub calendar: &'a WorkingCalendar,
    /// The readings in force.
    pub readings: Readings,
    /// When the light changes.
    pub lights: LightThresholds,
}

impl<'a> Rules<'a> {
    /// The statute's own readings and thresholds.
    pub fn of(pack: &'a StatutePack, calendar: &'a WorkingCalendar) -> Self {
        Self { pack, calendar, readings: pack.readings, lights: pack.lights }
    }

    fn view(&self, readings: Readings) -> View<'a> {
        View::new(&self.pack.limits, readings, self.calendar)
    }
}

/// The timeline of an application, as of a civil date in the agency's zone. The facts come in any order.
///
/// # Errors
/// The first fact that is wrong: it precedes what it depends on, or its days are not what the statute allows.
pub fn timeline<'a>(
    facts: &'a [Fact],
    rules: &Rules<'a>,
    as_of: NaiveDate,
) -> Result<Timeline<'a>, FactFault> {
    computed(facts, rules, as_of).map(|(timeline, _)| timeline)
}

/// The same with each calendar day from day 0 through the due date (or through the end, while there is none).
///
/// # Errors
/// As [`timeline`].
pub fn timeline_with_days<'a>(
    facts: &'a [Fact],
    rules: &Rules<'a>,
    as_of: NaiveDate,
) -> Result<(Timeline<'a>, Vec<DayEntry<'a>>), FactFault> {
    let (timeline, base) = computed(facts, rules, as_of)?;
    let days = day_list(&timeline, base, rules.calendar, &rules.view(rules.readings));
    Ok((timeline, days))
}

/// The last day of our answer to whoever examines a reply, and its article; `None` where the statute sets no period. `received_on`
/// is the day on which the papers reached the agency.
///
/// # Errors
/// When the calendar does not reach so far.
pub fn remedy_answer<'a>(
    (remedy, procedure): (RemedyKind, Procedure),
    received_on: NaiveDate,
    rules: &Rules<'a>,
) -> Result<Option<(NaiveDate, &'a str)>, CalendarError> {
    let Some(limit) = remedy.answer_limit(procedure, &rules.pack.limits) else { return Ok(None) };
    let due_on = rules.view(rules.readings).end_of(limit, received_on)?;
    Ok(Some((due_on, limit.article.as_str())))
}

/// The timeline, and the day before the first countable day of its period.
fn computed<'a>(
    facts: &'a [Fact],
    rules: &Rules<'a>,
    as_of: NaiveDate,
) -> Result<(Timeline<'a>, NaiveDate), FactFault> {
    let history = History::of(facts, rules.pack)?;
    let receipt = history.receipt.index;
    within_coverage(&history, rules.calendar)
        .and_then(|()| assembled(&history, rules, as_of))
        .map_err(|error| FactFault { index: receipt, field: "on", fault: Fault::Calendar(error) })
}

fn within_coverage(history: &History, calendar: &WorkingCalendar) -> Result<(), CalendarError> {
    let receipt = &history.receipt;
    let earliest = receipt.arrived_on.map_or(receipt.on, |arrived| arrived.min(receipt.on));
    match calendar.first_day() {
        Some(first) if earliest < first => Err(CalendarError::BeforeCoverage { first }),
        Some(_) | None => Ok(()),
    }
}

fn assembled<'a>(
    history: &History<'a>,
    rules: &Rules<'a>,
    as_of: NaiveDate,
) -> Result<(Timeline<'a>, NaiveDate), CalendarError> {
    let view = rules.view(rules.readings);
    let mut trace = Trace::default();
    let mut room = Room::default();
    let period = view.period(history, Some(&mut trace), &mut room)?;
    let Room { exclusions, causes, .. } = room;
    let received_on = view.received_on(history)?;
    let ended = ended(history, &view, &period);
    let ground = Ground { history, view: &view, pack: rules.pack, calendar: rules.calendar, as_of };
    let obligations = obligations(&ground, &period, &exclusions, received_on, ended)?;
    let points = differing(&ground, rules, &period, &trace)?;
    let prudent_due_on = points
        .iter()
        .filter(|point| point.of == DateOf::DueOn)
        .filter_map(|point| point.there)
        .chain(period.due_on)
        .min();
    let counts = counts(&view, &period, &exclusions, ended, as_of);
    let with_left = |days: u16| period.due_on.map(|_| counts.day_with_left(days)).transpose();
    let (yellow_on, red_on) = (with_left(rules.lights.yellow)?, with_left(rules.lights.red)?);
    let light = match (period.due_on, yellow_on, red_on) {
        (Some(due), Some(yellow), Some(red)) if ended.is_none() => Some(Light::on(as_of, due, yellow, red)),
        (Some(_) | None, _, _) => None,
    };
    let mut notes = trace.notes;
    let in_force_from = rules.pack.in_force_from;
    if received_on < in_force_from {
        notes.push(Note::BeforeInForce { in_force_from });
    }
    if rules.readings.is(Point::DisclosureHold, Reading::Wait) {
        notes.extend(hold_until(&ground)?.map(|until| Note::HoldUntil { until }));
    }
    let timeline = Timeline {
        as_of,
        received_on,
        counted_from: period.day0,
        due_on: period.due_on,
        prudent_due_on,
        yellow_on,
        red_on,
        points,
        provisional: period.due_on.and_then(|due| rules.calendar.provisional(period.day0, due)),
        state: state(&period, &exclusions, &trace.awaiting, received_on, ended, as_of),
        working_days_total: counts.total,
        working_days_used: counts.used,
        working_days_left: counts.left.filter(|_| ended.is_none()),
        working_days_excluded: counts.excluded,
        light,
        segments: segments(&view, rules.pack, &period, (&exclusions, &causes), &trace.superseded, as_of)?,
        obligations,
        notes,
        ended,
    };
    Ok((timeline, period.base))
}

/// How and when the clock ended: the earliest of lapse, withdrawal, and the day the reply left.
fn ended(history: &History, view: &View, period: &Period) -> Option<(FactKind, NaiveDate)> {
    let left = history.replied.as_ref().and_then(|replied| reply_left_on(replied, view.readings));
    let reply = left.map(|on| (FactKind::Replied, on));
    let withdrawn = history.withdrawn_on.map(|on| (FactKind::Withdrawn, on));
    [period.lapsed, withdrawn, reply].into_iter().flatten().min_by_key(|(_, on)| *on)
}

fn state(
    period: &Period,
    exclusions: &[Exclusion],
    awaiting: &[(NaiveDate, NaiveDate)],
    received_on: NaiveDate,
    ended: Option<(FactKind, NaiveDate)>,
    as_of: NaiveDate,
) -> ClockState {
    if as_of < received_on {
        return ClockState::NotStarted;
    }
    if ended.is_some_and(|(_, on)| on <= as_of) {
        return ClockState::Stopped;
    }
    let excluded = exclusions.iter().any(|one| (one.from..=one.to).contains(&as_of));
    let within_period = period.due_on.is_none_or(|due| as_of <= due);
    let answered = awaiting.iter().any(|(from, to)| *from < as_of && as_of <= *to);
    let awaited = period.awaited.is_some_and(|(from, _)| from < as_of);
    if (excluded && within_period) || answered || awaited {
        ClockState::Suspended
    } else {
        ClockState::Running
    }
}

struct Counts<'c, 'a> {
    view: &'c View<'a>,
    period: &'c Period,
    exclusions: &'c [Exclusion],
    total: i64,
    used: i64,
    left: Option<i64>,
    excluded: i64,
}

impl Counts<'_, '_> {
    /// The first day on which so many working days or fewer are left.
    fn day_with_left(&self, days: u16) -> Result<NaiveDate, CalendarError> {
        let (view, period) = (self.view, self.period);
        let ordinal = self.total - i64::from(days);
        let of_period = i64::from(view.limits.reply.length).saturating_add(period.added);
        if ordinal <= 0 {
            Ok(period.day0)
        } else if ordinal <= of_period {
            view.count(period.base, ordinal, self.exclusions)
        } else {
            let last = view.count(period.base, of_period, self.exclusions)?;
            view.days.after(last, ordinal - of_period)
        }
    }
}

fn counts<'c, 'a>(
    view: &'c View<'a>,
    period: &'c Period,
    exclusions: &'c [Exclusion],
    ended: Option<(FactKind, NaiveDate)>,
    as_of: NaiveDate,
) -> Counts<'c, 'a> {
    let base = period.base;
    let counted = |after: NaiveDate, through: NaiveDate| {
        view.days.between(after, through) - view.excluded_between(after, through, exclusions)
    };
    let stopped = period.awaited.map(|(from, _)| from);
    let today = ended.map_or(as_of, |(_, on)| on.min(as_of)).min(stopped.unwrap_or(as_of));
    let through = period.due_on.map_or(today, |due| today.min(due));
    let used = if through > base { counted(base, through) } else { 0 };
    let (total, left, last) = match period.due_on {
        None => (i64::from(view.limits.reply.length).saturating_add(period.added), None, today.max(base)),
        Some(due) => {
            let total = counted(base, due);
            let left = if as_of <= due { total - used } else { -view.days.between(due, as_of).max(1) };
            (total, Some(left), due)
        }
    };
    let excluded = view.excluded_between(base, last, exclusions);
    Counts { view, period, exclusions, total, used, left, excluded }
}

/// Every other reading that gives another date. Only points that the facts touch are tried.
fn differing(
    ground: &Ground,
    rules: &Rules,
    period: &Period,
    trace: &Trace,
) -> Result<Vec<Differing>, CalendarError> {
    let history = ground.history;
    let (mut found, mut room) = (Vec::new(), Room::default());
    for point in Point::ALL.iter().copied().filter(|point| touches(*point, ground, trace)) {
        let reading = rules.readings.of(point);
        for other in point.readings().iter().copied().filter(|other| *other != reading) {
            let readings = rules.readings.other(point, other);
            let view = rules.view(readings);
            let (of, here, there) = match point {
                Point::ElectronicReply => {
                    let left =
                        |readings| history.replied.as_ref().and_then(|one| reply_left_on(one, readings));
                    (DateOf::ReplyMetOn, left(rules.readings), left(readings))
                }
                Point::DisclosureHold => {
                    let hold = |readings: Readings| {
                        let waits = readings.is(Point::DisclosureHold, Reading::Wait);
                        if waits { hold_until(ground) } else { Ok(None) }
                    };
                    (DateOf::HoldUntil, hold(rules.readings)?, hold(readings)?)
                }
                Point::AdministrativeQuery | Point::Silence => {
                    let suit = |view: &View| -> Result<Option<NaiveDate>, CalendarError> {
                        let ground = Ground { view, ..*ground };
                        let owed = super::obligations::remedies(&ground, period)?;
                        let suit = owed.iter().find(|owed| owed.kind == ObligationKind::Litigation);
                        Ok(suit.map(|owed| owed.due_on))
                    };
                    (DateOf::LitigationDueOn, suit(ground.view)?, suit(&view)?)
                }
                Point::FirstDay
                | Point::InternetReceipt
                | Point::RestDayReceipt
                | Point::UnsignedMail
                | Point::CorrectionGround
                | Point::LateCorrectionNotice
                | Point::FurtherCorrection
                | Point::LateExtensionNotice
                | Point::SeveralExtensions
                | Point::ConsultationInterval
                | Point::OtherOrgan
                | Point::ReasonsRequest
                | Point::FeeClock
                | Point::AfterHours
                | Point::MakeUpWorkdays
                | Point::EmailReceipt
                | Point::AnnualReportDay => {
                    (DateOf::DueOn, period.due_on, view.period(history, None, &mut room)?.due_on)
                }
            };
            if here != there {
                let provisional = there.and_then(|there| rules.calendar.provisional(period.day0, there));
                found.push(Differing { point, reading, other, of, here, there, provisional });
            }
        }
    }
    Ok(found)
}

/// Whether a point can make a difference for these facts: what is untouched need not be computed again. `trace` is of the
/// readings in force.
fn touches(point: Point, ground: &Ground, trace: &Trace) -> bool {
    let Ground { history, view, .. } = *ground;
    let receipt = &history.receipt;
    let channel = |wanted: &[Channel]| receipt.channel.is_some_and(|channel| wanted.contains(&channel));
    match point {
        // A make-up day may lie anywhere.
        Point::FirstDay | Point::MakeUpWorkdays => true,
        Point::RestDayReceipt => [Some(receipt.on), receipt.arrived_on, receipt.confirmed_on]
            .into_iter()
            .flatten()
            .any(|on| !view.days.is_working(on)),
        Point::InternetReceipt => channel(&[Channel::Online]),
        Point::EmailReceipt => channel(&[Channel::Email]),
        Point::UnsignedMail => channel(&[Channel::OrdinaryPost, Channel::Fax]),
        Point::AfterHours => receipt.after_hours,
        Point::CorrectionGround => {
            history.corrections.iter().any(|stop| stop.ground != CorrectionGround::UnclearContent)
        }
        // The first request that is late is late by either reading.
        Point::LateCorrectionNotice => {
            trace.notes.iter().any(|note| matches!(note, Note::CorrectionLate { .. }))
        }
        Point::FurtherCorrection => history.corrections.len() > 1,
        // Approved on the day of its notice, it is in time or late by either reading.
        Point::LateExtensionNotice => {
            let differs = |one: &Extension| one.approved_on.is_some_and(|approved| approved != one.on);
            history.extensions.iter().any(differs)
        }
        Point::SeveralExtensions => history.extensions.len() > 1,
        Point::ConsultationInterval => !history.consultations.is_empty(),
        Point::OtherOrgan => {
            history.consultations.iter().any(|letter| letter.kind == ConsultationKind::OtherOrgan)
        }
        Point::ReasonsRequest => !history.reasons.is_empty(),
        Point::FeeClock => !history.fees.is_empty(),
        Point::DisclosureHold | Point::ElectronicReply => history.replied.is_some(),
        Point::AdministrativeQuery => {
            history.replied.is_some_and(|replied| replied.outcome == Some(Outcome::DeniedAdministrativeQuery))
        }
        Point::Silence => history.replied.is_none(),
        // The annual report is no part of a case.
        Point::AnnualReportDay => false,
    }
}
