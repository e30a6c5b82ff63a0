//! 说明理由与延迟答复 (Art. 35): who asks for clearly too much may be asked why; where the reasons are good and the period is too
//! short, a reasonable one is fixed, once, and told within the period.

use chrono::NaiveDate;

use super::standing::{known, outside};
use super::{Situation, in_first_round, next, period_start, the};
use crate::domain::case::clock_record::Reasons;
use crate::domain::case::event::{Asked, DelayedReplySet, Event, TextRef};
use crate::domain::case::refusal::{ClockRefusal, Item};
use crate::domain::case::state::Case;

pub(super) fn may_ask(situation: &Situation) -> Result<(), ClockRefusal> {
    known(situation.context.pack.limits.delayed_reply.as_ref(), Item::Reasons)?;
    in_first_round(situation, Item::Reasons)?;
    match situation.case.clock.reasons.iter().find(|it| it.given_on.is_none()) {
        Some(open) => Err(ClockRefusal::ReasonsOpen { requested_on: open.requested_on }),
        None => Ok(()),
    }
}

pub(super) fn request(situation: &Situation, text: TextRef) -> Result<Event, ClockRefusal> {
    may_ask(situation)?;
    Ok(Event::ReasonsRequested(Asked { n: next(&situation.case.clock.reasons), text }))
}

pub(super) fn may_record(reasons: &Reasons) -> Result<(), ClockRefusal> {
    match reasons.given_on {
        Some(_) => Err(ClockRefusal::AlreadyAnswered(Item::Reasons, reasons.n)),
        None => Ok(()),
    }
}

pub(super) fn record(situation: &Situation, n: u32, text: TextRef) -> Result<Event, ClockRefusal> {
    may_record(the(&situation.case.clock.reasons, Item::Reasons, n)?)?;
    Ok(Event::ReasonsGiven(Asked { n, text }))
}

/// The first day on which a delayed reply can have been told: after the reasons, and in the period now running.
pub(super) fn tellable(case: &Case, reasons: &Reasons) -> NaiveDate {
    reasons.given_on.unwrap_or(reasons.requested_on).max(period_start(case))
}

/// The due date that may be delayed.
pub(super) fn may_delay(
    situation: &Situation,
    reasons: &Reasons,
    on: NaiveDate,
) -> Result<NaiveDate, ClockRefusal> {
    if reasons.given_on.is_none() {
        return Err(ClockRefusal::ReasonsMissing(reasons.n));
    }
    let start = period_start(situation.case);
    let mut delayed = situation.case.clock.reasons.iter().filter_map(|it| it.delayed);
    if let Some((_, until)) = delayed.rfind(|(told_on, _)| *told_on >= start) {
        return Err(ClockRefusal::DelaySet { until });
    }
    situation.in_period(Item::Reasons, on)
}

/// The last day is a working day after the due date, no further away than the statute pack lets an office promise.
pub(super) fn delay(
    situation: &Situation,
    n: u32,
    until: NaiveDate,
    text: TextRef,
    on: NaiveDate,
) -> Result<Event, ClockRefusal> {
    let due_on = may_delay(situation, the(&situation.case.clock.reasons, Item::Reasons, n)?, on)?;
    let most = known(situation.context.pack.limits.delayed_reply.as_ref(), Item::Reasons)?;
    let earliest = situation.context.calendar.add_working_days(due_on, 1).map_err(outside)?;
    let latest = situation.context.calendar.add_working_days(due_on, most).map_err(outside)?;
    if !(earliest..=latest).contains(&until) || !situation.context.calendar.is_working_day(until) {
        return Err(ClockRefusal::DelayWrong { until, earliest, latest });
    }
    Ok(Event::DelayedReplySet(DelayedReplySet { n, until, text }))
}
