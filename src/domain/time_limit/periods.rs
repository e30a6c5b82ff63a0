//! From the facts in order to the period that runs: where it begins, what is excluded from it, what extends it, when it is due.
//! `docs/clock.md` section 1 says the same in words.

use super::fact::{CorrectionGround, FactKind};
use super::history::{End, Extension, History, Stop};
use super::reason::Reason;
use super::timeline::Note;
use super::view::{Answer, Exclusion, View, length, next, surely_within, union};
use crate::domain::calendar::CalendarError;
use crate::domain::statute::{Point, Reading};
use chrono::NaiveDate;

/// What began the period that runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Begun {
    Receipt,
    Correction,
    Payment,
}

/// The period that runs after every fact was taken.
pub(super) struct Period {
    /// Its day 0.
    pub(super) day0: NaiveDate,
    /// The day before its first countable day: `day0`, or the day before it (reading 1, that day).
    pub(super) base: NaiveDate,
    /// Working days added by extensions.
    pub(super) added: i64,
    /// The last day that an order to answer anew names: nothing else moves it.
    pub(super) named: Option<NaiveDate>,
    /// The last day of a delayed reply that took effect.
    pub(super) delayed: Option<NaiveDate>,
    /// The notice that took effect in this period.
    pub(super) extended_on: Option<NaiveDate>,
    /// Whether an extension could still add days (reading 9 counts over all periods).
    pub(super) extendable: bool,
    /// The request or notice whose answer is awaited.
    pub(super) awaited: Option<(NaiveDate, Reason)>,
    /// The lapse that ended the clock.
    pub(super) lapsed: Option<(FactKind, NaiveDate)>,
    /// Whether the lapse followed a stop that took effect, so that no date is left.
    pub(super) lapsed_stopped: bool,
    pub(super) due_on: Option<NaiveDate>,
}

/// Lists that each reading fills anew, so that a timeline asks for memory once and not for each doubtful point.
#[derive(Default)]
pub(super) struct Room<'h> {
    /// What is excluded, one entry for each cause.
    pub(super) causes: Vec<Exclusion>,
    /// Their union, while it holds: days that do not count, none twice.
    pub(super) exclusions: Vec<Exclusion>,
    answers: Vec<Answer>,
    steps: Vec<(NaiveDate, Step<'h>)>,
    /// Day 0 and base of every period so far.
    begun: Vec<(NaiveDate, NaiveDate)>,
    /// Times in which an answer was awaited, from the request to the day before the answer.
    awaiting: Vec<(NaiveDate, NaiveDate)>,
}

/// What happened on the way, for the explanation.
#[derive(Default)]
pub(super) struct Trace {
    /// Periods that were replaced: the day after their day 0, day 0 of the next, and why.
    pub(super) superseded: Vec<(NaiveDate, NaiveDate, Reason)>,
    /// Times in which an answer was awaited, after the request through the answer.
    pub(super) awaiting: Vec<(NaiveDate, NaiveDate)>,
    pub(super) notes: Vec<Note>,
}

/// One step that can change the period, in the order of the days.
#[derive(Clone, Copy)]
enum Step<'a> {
    Correction(usize, &'a Stop),
    Fee(&'a Stop),
    Answer(Answer),
    Extension(&'a Extension),
    Delay(NaiveDate, NaiveDate),
}

impl View<'_> {
    /// Takes every step and says which period runs in the end. What is excluded from it, in all and cause by cause, is left in
    /// the room.
    pub(super) fn period<'h>(
        &self,
        history: &'h History,
        mut trace: Option<&mut Trace>,
        room: &mut Room<'h>,
    ) -> Result<Period, CalendarError> {
        let day0 = self.received_on(history)?;
        self.exclusions(history, &mut room.causes, &mut room.answers)?;
        let named = history.ordered.and_then(|ordered| ordered.until);
        let named = named.map(|until| self.days.roll_forward(until)).transpose()?;
        let period = Period { named, ..self.new_period(day0, Begun::Receipt) };
        room.begun.clear();
        room.begun.push((period.day0, period.base));
        room.awaiting.clear();
        let mut steps = std::mem::take(&mut room.steps);
        in_order(history, &room.answers, &mut steps);
        let mut run =
            Run { view: self, room, joined: false, replaced: false, used: 0, extensions: 0, period };
        for (on, step) in steps.iter().copied() {
            if run.period.lapsed.is_some_and(|(_, lapsed)| on > lapsed) {
                break;
            }
            match step {
                Step::Correction(n, stop) => run.correction(n, stop, trace.as_deref_mut())?,
                Step::Fee(stop) => run.fee(stop, trace.as_deref_mut())?,
                Step::Answer(answer) => run.answer(answer)?,
                Step::Extension(extension) => run.extension(extension, trace.as_deref_mut())?,
                Step::Delay(on, until) => run.delay(on, until, trace.as_deref_mut())?,
            }
        }
        run.finish()?;
        let Run { room, period, .. } = run;
        room.steps = steps;
        Ok(period)
    }

    fn new_period(&self, day0: NaiveDate, begun: Begun) -> Period {
        // After a payment the period begins "the day after" by its own words, whatever reading 1.
        let base = if begun == Begun::Payment { day0 } else { self.base(day0) };
        Period {
            day0,
            base,
            added: 0,
            named: None,
            delayed: None,
            extended_on: None,
            extendable: true,
            awaited: None,
            lapsed: None,
            lapsed_stopped: false,
            due_on: None,
        }
    }
}

/// The steps in the order of their days; of one day, requests before answers, and these before extensions and delays.
fn in_order<'h>(history: &'h History, answers: &[Answer], steps: &mut Vec<(NaiveDate, Step<'h>)>) {
    steps.clear();
    let corrections = history.corrections.iter().enumerate();
    steps.extend(corrections.map(|(n, stop)| (stop.from, Step::Correction(n, stop))));
    steps.extend(history.fees.iter().map(|stop| (stop.from, Step::Fee(stop))));
    steps.extend(answers.iter().map(|answer| (answer.on, Step::Answer(*answer))));
    steps.extend(history.extensions.iter().map(|extension| (extension.on, Step::Extension(extension))));
    steps.extend(history.delays.iter().map(|delay| (delay.on, Step::Delay(delay.on, delay.until))));
    steps.sort_by_key(|(on, _)| *on);
}

struct Run<'r, 'v, 'a, 'h> {
    view: &'v View<'a>,
    room: &'r mut Room<'h>,
    /// Whether the union of what is excluded holds.
    joined: bool,
    /// Whether the first period was replaced.
    replaced: bool,
    /// Working days that extensions have added, in whatever period.
    used: u16,
    /// Extensions that took effect.
    extensions: u32,
    period: Period,
}

impl Run<'_, '_, '_, '_> {
    /// The last counted day of the period as it stands, without a delayed reply.
    fn counted(&mut self) -> Result<NaiveDate, CalendarError> {
        if let Some(named) = self.period.named {
            return Ok(named);
        }
        let total = self.working_days();
        self.join();
        self.view.count(self.period.base, total, &self.room.exclusions)
    }

    /// Joins what is excluded, when something of it has changed.
    fn join(&mut self) {
        if !self.joined {
            union(&self.room.causes, &mut self.room.exclusions);
            self.joined = true;
        }
    }

    fn working_days(&self) -> i64 {
        i64::from(self.view.limits.reply.length).saturating_add(self.period.added)
    }

    /// Whether a day is in time whatever the calendar.
    fn surely_in_time(&self, on: NaiveDate) -> bool {
        let counted = surely_within(self.period.base, on, self.working_days());
        counted && self.period.named.is_none_or(|named| on <= named)
    }

    /// The due date of the period as it stands.
    fn due(&mut self) -> Result<NaiveDate, CalendarError> {
        let counted = self.counted()?;
        Ok(self.period.delayed.map_or(counted, |delayed| delayed.max(counted)))
    }

    /// Whether a step belongs to a period that was stopped, or to the time in which its answer was awaited. What happened before a date of receipt that a reading moved
    /// belongs to the first period all the same.
    fn before_period(&self, on: NaiveDate) -> bool {
        (self.replaced && on < self.period.day0)
            || self.room.awaiting.iter().any(|(from, to)| *from <= on && on < *to)
    }

    /// Whether a step of the period that runs comes after it has run out. While an answer is awaited nothing runs out.
    fn expired(&mut self, on: NaiveDate) -> Result<bool, CalendarError> {
        let open = self.period.awaited.is_some() || self.surely_in_time(on) || self.before_period(on);
        Ok(!open && on > self.due()?)
    }

    fn finish(&mut self) -> Result<(), CalendarError> {
        self.period.extendable = self.free() > 0;
        let none =
            self.period.awaited.is_some() || (self.period.lapsed.is_some() && self.period.lapsed_stopped);
        if !none {
            self.period.due_on = Some(self.due()?);
            // After the last counted day there is only the promise of a delayed reply, from which nothing is excluded.
            let counted = self.counted()?;
            if self.period.named.is_some() {
                // What somebody else ordered is not lengthened by consulting.
                self.room.exclusions.clear();
                self.joined = true;
            }
            self.join();
            self.room.exclusions.retain(|exclusion| exclusion.from <= counted);
        }
        self.join();
        Ok(())
    }

    /// How many days an extension could still add.
    fn free(&self) -> u16 {
        let most = length(self.view.limits.extension.as_ref());
        let one = self.view.is(Point::SeveralExtensions, Reading::One);
        if one && self.extensions > 0 { 0 } else { most.saturating_sub(self.used) }
    }

    /// An answer that came in time changes what its question excludes.
    fn answer(&mut self, Answer { on, before, after }: Answer) -> Result<(), CalendarError> {
        if self.expired(on)? {
            return Ok(());
        }
        let causes = &mut self.room.causes;
        let place = before.and_then(|before| causes.iter_mut().find(|standing| **standing == before));
        match place {
            Some(standing) => *standing = after,
            None => causes.push(after),
        }
        self.joined = false;
        Ok(())
    }

    fn correction(&mut self, n: usize, stop: &Stop, trace: Option<&mut Trace>) -> Result<(), CalendarError> {
        let view = self.view;
        let notice = length(view.limits.correction_notice.as_ref());
        let made_in =
            self.room.begun.iter().filter(|(day0, _)| *day0 <= stop.from).max_by_key(|(day0, _)| *day0);
        let base = made_in.or(self.room.begun.first()).map_or(self.period.base, |(_, base)| *base);
        let in_time = surely_within(base, stop.from, i64::from(notice));
        let limit = if in_time { stop.from } else { view.last_day(base, notice)? };
        let late = stop.from > limit;
        let without_effect = (late && view.is(Point::LateCorrectionNotice, Reading::NoEffect))
            || (n > 0 && view.is(Point::FurtherCorrection, Reading::Once))
            || (stop.ground != CorrectionGround::UnclearContent
                && view.is(Point::CorrectionGround, Reading::UnclearContentOnly));
        let mut trace = trace;
        if late && let Some(trace) = trace.as_deref_mut() {
            trace.notes.push(Note::CorrectionLate { due_on: limit });
        }
        let kinds = (FactKind::CorrectionRequested, FactKind::CorrectionLapsed);
        self.stop(stop, without_effect, kinds, Begun::Correction, trace)
    }

    fn fee(&mut self, stop: &Stop, trace: Option<&mut Trace>) -> Result<(), CalendarError> {
        let resume = self.view.is(Point::FeeClock, Reading::Resume);
        let expired = self.expired(stop.from)?;
        self.stop(stop, resume, (FactKind::FeeNotice, FactKind::FeeLapsed), Begun::Payment, trace)?;
        // By either reading the notice had its effect, so that a lapse leaves no date.
        if resume && !expired && matches!(stop.end, Some((_, End::Lapsed))) {
            self.period.lapsed_stopped = true;
        }
        Ok(())
    }

    fn stop(
        &mut self,
        stop: &Stop,
        without_effect: bool,
        (asked, lapse): (FactKind, FactKind),
        begun: Begun,
        trace: Option<&mut Trace>,
    ) -> Result<(), CalendarError> {
        let expired = self.expired(stop.from)?;
        if let Some((on, End::Lapsed)) = stop.end {
            let earliest = self.period.lapsed.filter(|(_, other)| *other <= on);
            self.period.lapsed = earliest.or(Some((lapse, on)));
            self.period.lapsed_stopped = self.period.lapsed_stopped || (!expired && !without_effect);
        }
        let reason = if begun == Begun::Payment { Reason::Payment } else { Reason::Correction };
        match stop.end {
            _ if expired => note(trace, Note::AfterExpiry { kind: asked, on: stop.from }),
            _ if without_effect => {}
            Some((_, End::Lapsed)) | None => {
                if self.period.awaited.is_none() {
                    self.period.awaited = Some((stop.from, reason));
                }
            }
            Some((on, End::Answered)) => {
                let Period { awaited, lapsed, lapsed_stopped, .. } = self.period;
                let begins = on > self.period.day0 || (on == self.period.day0 && stop.from >= on);
                let new = self.view.new_period(on, begun);
                self.room.begun.push((new.day0, new.base));
                self.room.awaiting.push((stop.from, on));
                if let Some(trace) = trace {
                    trace.awaiting.push((stop.from, on));
                    if begins {
                        let lost = self.period.extended_on.map(|on| Note::ExtensionSuperseded { on });
                        trace.notes.extend(lost);
                        trace.superseded.push((next(self.period.base), new.base, reason));
                    }
                }
                if begins {
                    self.replaced = true;
                    self.period = Period { awaited, lapsed, lapsed_stopped, ..new };
                }
            }
        }
        Ok(())
    }

    fn extension(&mut self, extension: &Extension, trace: Option<&mut Trace>) -> Result<(), CalendarError> {
        let on = extension.on;
        if self.period.awaited.is_some() || self.before_period(on) || self.period.named.is_some() {
            note(trace, Note::ExtensionSuperseded { on });
            return Ok(());
        }
        let by_approval = self.view.is(Point::LateExtensionNotice, Reading::ValidIfApproved);
        let decisive = if by_approval { extension.approved_on.unwrap_or(on) } else { on };
        if !self.surely_in_time(decisive) && decisive > self.due()? {
            note(trace, Note::ExtensionLate { on });
            return Ok(());
        }
        let days = extension.days.min(self.free());
        if days == 0 {
            note(trace, Note::ExtensionUsed { on });
            return Ok(());
        }
        self.used = self.used.saturating_add(days);
        self.extensions = self.extensions.saturating_add(1);
        self.period.added = self.period.added.saturating_add(i64::from(days));
        self.period.extended_on = self.period.extended_on.or(Some(on));
        Ok(())
    }

    fn delay(
        &mut self,
        on: NaiveDate,
        until: NaiveDate,
        trace: Option<&mut Trace>,
    ) -> Result<(), CalendarError> {
        if self.period.awaited.is_some() || self.before_period(on) {
            return Ok(());
        }
        let due = self.due()?;
        if on > due {
            note(trace, Note::AfterExpiry { kind: FactKind::DelayedReplySet, on });
            return Ok(());
        }
        let until = self.view.days.roll_forward(until)?;
        // What is due later all the same is due later: the due date is the greater of count and promise.
        self.period.delayed = self.period.delayed.max(Some(until));
        Ok(())
    }
}

fn note(trace: Option<&mut Trace>, note: Note) {
    if let Some(trace) = trace {
        trace.notes.push(note);
    }
}
