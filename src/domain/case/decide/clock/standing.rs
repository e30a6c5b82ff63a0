//! Where the clock stands, as the engine computes it from what the case has gone through so far.

use std::cell::OnceCell;

use chrono::{DateTime, NaiveDate};

use super::Context;
use crate::domain::calendar::CalendarError;
use crate::domain::case::clock::{facts, reference};
use crate::domain::case::event::{By, Event, Origin, Recorded};
use crate::domain::case::evolve::evolve;
use crate::domain::case::refusal::{ClockRefusal, Item};
use crate::domain::case::state::Case;
use crate::domain::statute::Limit;
use crate::domain::time_limit::{Fault, ObligationKind, Rules, Timeline, timeline};

/// What the rules look at: the case, and, computed once and when it is first asked for, where its clock stands.
pub(in crate::domain::case::decide) struct Situation<'a> {
    pub(super) case: &'a Case,
    pub(super) context: &'a Context<'a>,
    standing: OnceCell<Result<Standing, ClockRefusal>>,
}

/// What the rules need of a timeline.
#[derive(Clone)]
struct Standing {
    due_on: Option<NaiveDate>,
    correction_notice: Option<NaiveDate>,
    /// What is owed and not met: what, which consultation, its last day.
    owed: Vec<(ObligationKind, Option<String>, NaiveDate)>,
}

impl<'a> Situation<'a> {
    pub(in crate::domain::case::decide) fn of(case: &'a Case, context: &'a Context<'a>) -> Self {
        Self { case, context, standing: OnceCell::new() }
    }

    pub(in crate::domain::case::decide) fn case(&self) -> &'a Case {
        self.case
    }

    fn standing(&self) -> Result<&Standing, ClockRefusal> {
        let found = self.standing.get_or_init(|| read(self.case, self.context, standing));
        found.as_ref().map_err(Clone::clone)
    }

    /// What is told in the period must be told on or before its last day, which is the answer: nothing revives a period that
    /// has run out, and none runs while a correction or a payment is awaited.
    pub(super) fn in_period(&self, item: Item, on: NaiveDate) -> Result<NaiveDate, ClockRefusal> {
        let due_on = self.standing()?.due_on.ok_or(ClockRefusal::PeriodStopped(item))?;
        if on > due_on { Err(ClockRefusal::TooLate { item, due_on }) } else { Ok(due_on) }
    }

    /// The last day for asking the applicant to correct the request.
    pub(super) fn correction_notice(&self) -> Result<NaiveDate, ClockRefusal> {
        self.standing()?.correction_notice.ok_or(ClockRefusal::UnknownToStatute(Item::Correction))
    }

    /// The last day of what somebody owes who was told on a day: as the timeline has it; for what it leaves out (another
    /// organ's answer) `working_days` after that day.
    pub(super) fn last_day(
        &self,
        kind: ObligationKind,
        n: Option<u32>,
        (told_on, working_days): (NaiveDate, u16),
    ) -> Result<NaiveDate, ClockRefusal> {
        let named = n.map(reference);
        let mut unmet = self.standing()?.owed.iter().rev().filter(|(owed, ..)| *owed == kind);
        match unmet.find(|(_, reference, _)| *reference == named) {
            Some((_, _, due_on)) => Ok(*due_on),
            None => self.context.calendar.add_working_days(told_on, working_days).map_err(outside),
        }
    }
}

/// Reads something off the case's timeline.
fn read<T>(case: &Case, context: &Context, reading: impl FnOnce(&Timeline) -> T) -> Result<T, ClockRefusal> {
    let facts = facts(case);
    let rules = Rules::of(context.pack, context.calendar);
    timeline(&facts, &rules, context.today)
        .map(|timeline| reading(&timeline))
        .map_err(|fault| ClockRefusal::Contradicts(fault.fault))
}

fn standing(timeline: &Timeline) -> Standing {
    let notice = timeline.obligations.iter().find(|owed| owed.kind == ObligationKind::CorrectionNotice);
    let unmet = timeline.obligations.iter().filter(|owed| owed.met_on.is_none());
    Standing {
        due_on: timeline.due_on,
        correction_notice: notice.map(|owed| owed.due_on),
        owed: unmet.map(|owed| (owed.kind, owed.reference.map(str::to_owned), owed.due_on)).collect(),
    }
}

/// Something lapses on the day after its last day, at the earliest.
pub(super) fn has_run_out(item: Item, until: NaiveDate, on: NaiveDate) -> Result<(), ClockRefusal> {
    if on > until { Ok(()) } else { Err(ClockRefusal::PeriodRunning { item, until }) }
}

/// A limit that the case's statute has.
pub(super) fn known(limit: Option<&Limit>, item: Item) -> Result<u16, ClockRefusal> {
    limit.map(|limit| limit.length).ok_or(ClockRefusal::UnknownToStatute(item))
}

/// A day that the calendar cannot count to.
pub(super) fn outside(error: CalendarError) -> ClockRefusal {
    ClockRefusal::Contradicts(Fault::Calendar(error))
}

/// The facts must make a timeline after the event too: what contradicts them is not recorded.
pub(in crate::domain::case::decide) fn agrees(
    situation: &Situation,
    event: &Event,
    on: NaiveDate,
) -> Result<(), ClockRefusal> {
    let recorded = Recorded {
        seq: situation.case.version.saturating_add(1),
        at: DateTime::UNIX_EPOCH,
        on,
        by: By::Operator,
        origin: Origin::Api,
        event: event.clone(),
    };
    read(&evolve(situation.case.clone(), &recorded), situation.context, |_| ())
}
