//! 延期 (Art. 33(2)): proposed, approved by the head of the disclosure office, and told to the applicant, all within the
//! period. It counts from the day the notice was dispatched.

use chrono::NaiveDate;

use super::standing::known;
use super::{Situation, next, period_start, the};
use crate::domain::case::clock_record::Extension;
use crate::domain::case::event::{Decided, Event, ExtensionProposed, Proved, TextRef};
use crate::domain::case::refusal::{ClockRefusal, Item};
use crate::domain::case::state::Case;
use crate::domain::statute::{Point, Reading};

/// One extension, of no more days than the statute allows; where point 9 is read so, several of these days in all.
pub(super) fn may_propose(
    situation: &Situation,
    working_days: u16,
    on: NaiveDate,
) -> Result<(), ClockRefusal> {
    let most = known(situation.context.pack.limits.extension.as_ref(), Item::Extension)?;
    if situation.case.remedies.order.is_some_and(|order| order.until.is_some()) {
        return Err(ClockRefusal::AnsweredAnew(Item::Extension));
    }
    let several = situation.context.pack.readings.is(Point::SeveralExtensions, Reading::Split);
    let given = || situation.case.clock.extensions.iter().filter(|it| !it.is_refused());
    let used = given().fold(0_u16, |used, it| used.saturating_add(it.working_days));
    let left = most.saturating_sub(used);
    let barred = given().find(|it| !several || it.notified_on.is_none() || left == 0);
    if let Some(extension) = barred {
        return Err(ClockRefusal::ExtensionOnce { n: extension.n });
    }
    if working_days == 0 || working_days > left {
        return Err(ClockRefusal::ExtensionTooLong { left });
    }
    situation.in_period(Item::Extension, on).map(|_| ())
}

pub(super) fn propose(
    situation: &Situation,
    working_days: u16,
    reason: TextRef,
    on: NaiveDate,
) -> Result<Event, ClockRefusal> {
    may_propose(situation, working_days, on)?;
    let n = next(&situation.case.clock.extensions);
    Ok(Event::ExtensionProposed(ExtensionProposed { n, working_days, reason }))
}

pub(super) fn may_decide(extension: &Extension) -> Result<(), ClockRefusal> {
    match extension.decided {
        Some(_) => Err(ClockRefusal::AlreadyDecided(Item::Extension, extension.n)),
        None => Ok(()),
    }
}

/// A refusal is possible at any time; an approval while there is time to tell the applicant.
pub(super) fn decide(
    situation: &Situation,
    n: u32,
    approve: bool,
    opinion: Option<TextRef>,
    on: NaiveDate,
) -> Result<Event, ClockRefusal> {
    may_decide(the(&situation.case.clock.extensions, Item::Extension, n)?)?;
    if approve {
        situation.in_period(Item::Extension, on)?;
    }
    Ok(Event::ExtensionDecided(Decided { n, approve, opinion }))
}

/// The first day on which the notice can have gone out: after the approval, and in the period now running.
pub(super) fn tellable(case: &Case, extension: &Extension) -> NaiveDate {
    let decided_on = extension.decided.map_or(extension.proposed_on, |(_, on)| on);
    decided_on.max(period_start(case))
}

pub(super) fn may_notify(
    situation: &Situation,
    extension: &Extension,
    on: NaiveDate,
) -> Result<(), ClockRefusal> {
    let (item, n) = (Item::Extension, extension.n);
    match (extension.decided, extension.notified_on) {
        (_, Some(_)) => Err(ClockRefusal::AlreadyNotified(item, n)),
        (Some((true, _)), None) => situation.in_period(item, on).map(|_| ()),
        (Some((false, _)) | None, None) => Err(ClockRefusal::NotApproved(item, n)),
    }
}

pub(super) fn notify(
    situation: &Situation,
    n: u32,
    evidence: Option<TextRef>,
    on: NaiveDate,
) -> Result<Event, ClockRefusal> {
    may_notify(situation, the(&situation.case.clock.extensions, Item::Extension, n)?, on)?;
    Ok(Event::ExtensionNotified(Proved { n, evidence }))
}
