//! 补正 (Art. 30): asked for once, in full, within the limit; what is late or asked again is the approver's exception.

use chrono::NaiveDate;

use super::standing::{has_run_out, known};
use super::{Situation, in_first_round, next, the};
use crate::domain::case::clock_record::Correction;
use crate::domain::case::event::{Corrected, CorrectionRequested, Event, Noted, Proved, TextRef};
use crate::domain::case::refusal::{ClockRefusal, Item};
use crate::domain::time_limit::{CorrectionGround, ObligationKind};

/// The desk's own: the first, in time.
pub(super) fn may_ask(situation: &Situation, on: NaiveDate) -> Result<(), ClockRefusal> {
    none_open(situation)?;
    if let Some(first) = situation.case.clock.corrections.first() {
        return Err(ClockRefusal::CorrectionOnce { requested_on: first.requested_on });
    }
    let due_on = situation.correction_notice()?;
    if on > due_on {
        let working_days = known(situation.context.pack.limits.correction_notice.as_ref(), Item::Correction)?;
        return Err(ClockRefusal::CorrectionLate { working_days, due_on });
    }
    Ok(())
}

/// The approver's exception: late, or again. The first in time needs none.
pub(super) fn may_except(situation: &Situation, on: NaiveDate) -> Result<(), ClockRefusal> {
    none_open(situation)?;
    let due_on = situation.correction_notice()?;
    if situation.case.clock.corrections.is_empty() && on <= due_on {
        return Err(ClockRefusal::ExceptionNotNeeded { due_on });
    }
    Ok(())
}

fn none_open(situation: &Situation) -> Result<(), ClockRefusal> {
    in_first_round(situation, Item::Correction)?;
    match situation.case.clock.corrections.iter().find(|it| it.is_open()) {
        Some(open) => Err(ClockRefusal::CorrectionOpen { requested_on: open.requested_on }),
        None => Ok(()),
    }
}

/// The applicant's period is what the notice says, else the statute's usual one.
pub(super) fn request(
    situation: &Situation,
    (working_days, ground, served_on): (Option<u16>, CorrectionGround, Option<NaiveDate>),
    items: TextRef,
    exception: Option<TextRef>,
    on: NaiveDate,
) -> Result<Event, ClockRefusal> {
    if exception.is_some() {
        may_except(situation, on)?;
    } else {
        may_ask(situation, on)?;
    }
    let usual = known(situation.context.pack.limits.correction_response.as_ref(), Item::Correction)?;
    Ok(Event::CorrectionRequested(CorrectionRequested {
        n: next(&situation.case.clock.corrections),
        working_days: working_days.unwrap_or(usual),
        ground,
        served_on,
        items,
        exception,
    }))
}

pub(super) fn may_serve(correction: &Correction) -> Result<(), ClockRefusal> {
    may_record(correction)?;
    match correction.served_on {
        Some(_) => Err(ClockRefusal::NoticeServed(Item::Correction, correction.n)),
        None => Ok(()),
    }
}

pub(super) fn serve(situation: &Situation, n: u32, evidence: Option<TextRef>) -> Result<Event, ClockRefusal> {
    may_serve(the(&situation.case.clock.corrections, Item::Correction, n)?)?;
    Ok(Event::CorrectionServed(Proved { n, evidence }))
}

/// What comes after the period, but before the lapse was recorded, is taken.
pub(super) fn may_record(correction: &Correction) -> Result<(), ClockRefusal> {
    if correction.is_open() {
        Ok(())
    } else {
        Err(ClockRefusal::AlreadyAnswered(Item::Correction, correction.n))
    }
}

pub(super) fn record(situation: &Situation, n: u32, description: TextRef) -> Result<Event, ClockRefusal> {
    may_record(the(&situation.case.clock.corrections, Item::Correction, n)?)?;
    Ok(Event::Corrected(Corrected { n, description }))
}

pub(super) fn may_lapse(
    situation: &Situation,
    correction: &Correction,
    on: NaiveDate,
) -> Result<(), ClockRefusal> {
    may_record(correction)?;
    let item = Item::Correction;
    let served_on = correction.served_on.ok_or(ClockRefusal::ServiceNotRecorded(item, correction.n))?;
    let told = (served_on, correction.working_days);
    let until = situation.last_day(ObligationKind::CorrectionResponse, None, told)?;
    has_run_out(item, until, on)
}

pub(super) fn lapse(
    situation: &Situation,
    n: u32,
    note: Option<TextRef>,
    on: NaiveDate,
) -> Result<Event, ClockRefusal> {
    may_lapse(situation, the(&situation.case.clock.corrections, Item::Correction, n)?, on)?;
    Ok(Event::CorrectionLapsed(Noted { n, note }))
}
