//! From the facts in order to the period that runs: where it begins, what is excluded from it, what extends it, when it is due.
//! `docs/clock.md` section 1 says the same in words.

use super::fact::{ConsultationKind, CorrectionGround, FactKind};
use super::history::{Consultation, End, Extension, History, Stop};
use super::timeline::{Note, Reason};
use crate::domain::calendar::{CalendarError, WorkingCalendar, WorkingDays};
use crate::domain::channel::Channel;
use crate::domain::statute::{Limit, Limits, Point, Reading, Readings};
use chrono::NaiveDate;

/// The statute under one set of readings.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) limits: &'a Limits,
    pub(super) readings: Readings,
    /// Working days under point 23.
    pub(super) days: &'a WorkingDays,
}

/// A stretch of days that do not count, both ends included.
#[derive(Clone, Copy)]
pub(super) struct Exclusion {
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    pub(super) reason: Reason,
}

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
    /// The last day of a delayed reply that took effect.
    pub(super) delayed: Option<NaiveDate>,
    /// The notice that took effect in this period.
    pub(super) extended_on: Option<NaiveDate>,
    /// The request or notice whose answer is awaited.
    pub(super) awaited: Option<(NaiveDate, Reason)>,
    /// The lapse that ended the clock.
    pub(super) lapsed: Option<(FactKind, NaiveDate)>,
    /// Whether the lapse followed a stop that took effect, so that no date is left.
    pub(super) lapsed_stopped: bool,
    pub(super) due_on: Option<NaiveDate>,
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
    Extension(&'a Extension),
    Delay(NaiveDate, NaiveDate),
}

impl<'a> View<'a> {
    pub(super) fn new(limits: &'a Limits, readings: Readings, calendar: &'a WorkingCalendar) -> Self {
        let days = calendar.numbered(readings.is(Point::MakeUpWorkdays, Reading::Count));
        Self { limits, readings, days }
    }

    fn is(&self, point: Point, reading: Reading) -> bool {
        self.readings.is(point, reading)
    }

    /// Day 0 of the first period (Art. 31, readings 2, 3, 4, 22, 25).
    pub(super) fn received_on(&self, history: &History) -> Result<NaiveDate, CalendarError> {
        let receipt = &history.receipt;
        let arrived = receipt.arrived_on.unwrap_or(receipt.on);
        let confirmed = receipt.confirmed_on.unwrap_or(receipt.on);
        let submitted = |point| if self.is(point, Reading::Submission) { arrived } else { confirmed };
        let mut on = match receipt.channel {
            Some(Channel::Online) => submitted(Point::InternetReceipt),
            Some(Channel::Email) => submitted(Point::EmailReceipt),
            Some(Channel::OrdinaryPost | Channel::Fax) if self.is(Point::UnsignedMail, Reading::Arrival) => {
                arrived
            }
            Some(Channel::OrdinaryPost | Channel::Fax) => confirmed,
            Some(Channel::Counter | Channel::RegisteredPost) | None => receipt.on,
        };
        if receipt.after_hours && self.is(Point::AfterHours, Reading::NextWorkingDay) {
            on = self.days.after(on, 1)?;
        }
        if self.is(Point::RestDayReceipt, Reading::NextWorkingDay) {
            on = self.days.roll_forward(on)?;
        }
        Ok(on)
    }

    /// The day before the first countable day of one of the agency's own periods (reading 1).
    pub(super) fn base(&self, day0: NaiveDate) -> NaiveDate {
        let that_day = self.is(Point::FirstDay, Reading::ThatDay);
        if that_day { day0.pred_opt().unwrap_or(day0) } else { day0 }
    }

    /// The last day of a period of working days after a day.
    pub(super) fn last_day(&self, after: NaiveDate, length: u16) -> Result<NaiveDate, CalendarError> {
        self.days.after(after, i64::from(length))
    }

    /// The last day for the answer to a consultation.
    pub(super) fn answer_limit(&self, letter: &Consultation) -> Result<NaiveDate, CalendarError> {
        let limit = match letter.kind {
            ConsultationKind::ThirdParty => &self.limits.third_party_answer,
            ConsultationKind::JointMaker => &self.limits.joint_maker_answer,
            ConsultationKind::OtherOrgan => &self.limits.other_organ_answer,
        };
        self.last_day(letter.served_on.unwrap_or(letter.sent), length(limit.as_ref()))
    }

    /// The last day on which a fee is paid in time.
    pub(super) fn payment_limit(&self, fee: &Stop) -> Result<NaiveDate, CalendarError> {
        self.last_day(fee.served_on.unwrap_or(fee.from), length(self.limits.fee_payment.as_ref()))
    }

    /// What a consultation excludes, if anything (readings 10 and 11).
    fn exclusion_of(&self, letter: &Consultation) -> Result<Option<Exclusion>, CalendarError> {
        let limit = self.answer_limit(letter)?;
        let within = letter.answered.map_or(limit, |answered| answered.min(limit));
        let last = match letter.kind {
            ConsultationKind::ThirdParty | ConsultationKind::JointMaker => within,
            ConsultationKind::OtherOrgan if self.is(Point::OtherOrgan, Reading::NotExcluded) => {
                return Ok(None);
            }
            ConsultationKind::OtherOrgan if self.is(Point::OtherOrgan, Reading::Excluded) => {
                letter.answered.unwrap_or(limit)
            }
            ConsultationKind::OtherOrgan if letter.answered.is_some() => within,
            ConsultationKind::OtherOrgan => return Ok(None),
        };
        let closed = self.is(Point::ConsultationInterval, Reading::Closed);
        let open = self.is(Point::ConsultationInterval, Reading::Open);
        let from = if closed { letter.sent } else { next(letter.sent) };
        let to = if open { last.pred_opt().unwrap_or(last) } else { last };
        let reason = Reason::Consultation(letter.kind);
        Ok((from <= to).then_some(Exclusion { from, to, reason }))
    }

    /// Every exclusion, by its first day; none overlaps another.
    pub(super) fn exclusions(&self, history: &History) -> Result<Vec<Exclusion>, CalendarError> {
        let mut all = Vec::with_capacity(history.consultations.len());
        for letter in &history.consultations {
            all.extend(self.exclusion_of(letter)?);
        }
        if self.is(Point::ReasonsRequest, Reading::Stops) {
            let given = history.reasons.iter().filter_map(|stop| stop.end.map(|(on, _)| (stop.from, on)));
            all.extend(given.map(|(from, to)| Exclusion { from: next(from), to, reason: Reason::Reasons }));
        }
        if self.is(Point::FeeClock, Reading::Resume) {
            for fee in &history.fees {
                let to = match fee.end {
                    Some((on, End::Answered)) => on,
                    Some((_, End::Lapsed)) | None => self.payment_limit(fee)?,
                };
                all.push(Exclusion { from: next(fee.from), to, reason: Reason::Fee });
            }
        }
        all.retain(|exclusion| exclusion.from <= exclusion.to);
        all.sort_by_key(|exclusion| exclusion.from);
        let mut union: Vec<Exclusion> = Vec::with_capacity(all.len());
        for exclusion in all {
            match union.last_mut() {
                Some(last) if exclusion.from <= last.to => last.to = last.to.max(exclusion.to),
                Some(_) | None => union.push(exclusion),
            }
        }
        Ok(union)
    }

    /// The `n`-th counted working day after `base`.
    pub(super) fn count(
        &self,
        base: NaiveDate,
        n: i64,
        exclusions: &[Exclusion],
    ) -> Result<NaiveDate, CalendarError> {
        let mut from = self.days.ordinal(base);
        let mut left = n;
        for exclusion in exclusions.iter().filter(|exclusion| exclusion.to > base) {
            let eve = exclusion.from.pred_opt().unwrap_or(exclusion.from).max(base);
            let before = self.days.ordinal(eve) - from;
            if before >= left {
                break;
            }
            left -= before;
            from = self.days.ordinal(exclusion.to);
        }
        self.days.nth(from.saturating_add(left))
    }

    /// How many working days after `after` through `through` are excluded.
    pub(super) fn excluded_between(
        &self,
        after: NaiveDate,
        through: NaiveDate,
        exclusions: &[Exclusion],
    ) -> i64 {
        let days = exclusions.iter().map(|exclusion| {
            let eve = exclusion.from.pred_opt().unwrap_or(exclusion.from).max(after);
            let last = exclusion.to.min(through);
            if eve < last { self.days.between(eve, last) } else { 0 }
        });
        days.sum()
    }

    /// Takes every step and says which period runs in the end.
    pub(super) fn period(
        &self,
        history: &History,
        exclusions: &[Exclusion],
        mut trace: Option<&mut Trace>,
    ) -> Result<Period, CalendarError> {
        let day0 = self.received_on(history)?;
        let mut run = Run {
            view: self,
            exclusions,
            used: 0,
            extensions: 0,
            period: self.new_period(day0, Begun::Receipt),
        };
        for step in steps(history) {
            if run.period.lapsed.is_some() {
                break;
            }
            match step {
                Step::Correction(n, stop) => run.correction(n, stop, trace.as_deref_mut())?,
                Step::Fee(stop) => run.fee(stop, trace.as_deref_mut())?,
                Step::Extension(extension) => run.extension(extension, trace.as_deref_mut())?,
                Step::Delay(on, until) => run.delay(on, until, trace.as_deref_mut())?,
            }
        }
        let none = run.period.awaited.is_some() || (run.period.lapsed.is_some() && run.period.lapsed_stopped);
        run.period.due_on = if none { None } else { Some(run.due()?) };
        Ok(run.period)
    }

    fn new_period(&self, day0: NaiveDate, begun: Begun) -> Period {
        // After a payment the period begins "the day after" by its own words, whatever reading 1.
        let base = if begun == Begun::Payment { day0 } else { self.base(day0) };
        Period {
            day0,
            base,
            added: 0,
            delayed: None,
            extended_on: None,
            awaited: None,
            lapsed: None,
            lapsed_stopped: false,
            due_on: None,
        }
    }
}

/// The steps in the order of their days; of one day, requests before extensions and delays.
fn steps<'h>(history: &'h History) -> Vec<Step<'h>> {
    let mut steps: Vec<(NaiveDate, Step)> = Vec::new();
    let corrections = history.corrections.iter().enumerate();
    steps.extend(corrections.map(|(n, stop)| (stop.from, Step::Correction(n, stop))));
    steps.extend(history.fees.iter().map(|stop| (stop.from, Step::Fee(stop))));
    steps.extend(history.extensions.iter().map(|extension| (extension.on, Step::Extension(extension))));
    steps.extend(history.delays.iter().map(|delay| (delay.on, Step::Delay(delay.on, delay.until))));
    steps.sort_by_key(|(on, _)| *on);
    steps.into_iter().map(|(_, step)| step).collect()
}

struct Run<'v, 'a> {
    view: &'v View<'a>,
    exclusions: &'v [Exclusion],
    /// Working days that extensions have added, in whatever period.
    used: u16,
    /// Extensions that took effect.
    extensions: u32,
    period: Period,
}

impl Run<'_, '_> {
    /// The due date of the period as it stands.
    fn due(&self) -> Result<NaiveDate, CalendarError> {
        let total = i64::from(self.view.limits.reply.length).saturating_add(self.period.added);
        let counted = self.view.count(self.period.base, total, self.exclusions)?;
        Ok(self.period.delayed.map_or(counted, |delayed| delayed.max(counted)))
    }

    /// Whether a step of the period that runs comes after it has run out. While an answer is awaited nothing runs out; a
    /// step before the period belongs to the one that was stopped.
    fn expired(&self, on: NaiveDate) -> Result<bool, CalendarError> {
        Ok(self.period.awaited.is_none() && on >= self.period.day0 && on > self.due()?)
    }

    fn correction(&mut self, n: usize, stop: &Stop, trace: Option<&mut Trace>) -> Result<(), CalendarError> {
        let view = self.view;
        let notice = length(view.limits.correction_notice.as_ref());
        let limit = view.last_day(view.base(self.period.day0), notice)?;
        let late = self.period.awaited.is_none() && stop.from >= self.period.day0 && stop.from > limit;
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
        self.stop(stop, resume, (FactKind::FeeNotice, FactKind::FeeLapsed), Begun::Payment, trace)
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
            self.period.lapsed = Some((lapse, on));
            self.period.lapsed_stopped = !expired && !without_effect;
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
                let awaited = self.period.awaited;
                let begins = on > self.period.day0 || (on == self.period.day0 && stop.from >= on);
                let new = self.view.new_period(on, begun);
                if let Some(trace) = trace {
                    trace.awaiting.push((stop.from, on));
                    if begins {
                        trace.superseded.push((next(self.period.base), new.base, reason));
                    }
                }
                if begins {
                    self.period = Period { awaited, ..new };
                }
            }
        }
        Ok(())
    }

    fn extension(&mut self, extension: &Extension, trace: Option<&mut Trace>) -> Result<(), CalendarError> {
        let on = extension.on;
        if self.period.awaited.is_some() || on < self.period.day0 {
            note(trace, Note::ExtensionSuperseded { on });
            return Ok(());
        }
        let by_approval = self.view.is(Point::LateExtensionNotice, Reading::ValidIfApproved);
        let decisive = if by_approval { extension.approved_on.unwrap_or(on) } else { on };
        if decisive > self.due()? {
            note(trace, Note::ExtensionLate { on });
            return Ok(());
        }
        let most = length(self.view.limits.extension.as_ref());
        let one = self.view.is(Point::SeveralExtensions, Reading::One);
        let free = if one && self.extensions > 0 { 0 } else { most.saturating_sub(self.used) };
        let days = extension.days.min(free);
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
        if self.period.awaited.is_some() || on < self.period.day0 {
            return Ok(());
        }
        let due = self.due()?;
        if on > due {
            note(trace, Note::AfterExpiry { kind: FactKind::DelayedReplySet, on });
            return Ok(());
        }
        let until = self.view.days.roll_forward(until)?;
        if until > due {
            self.period.delayed = Some(until);
        }
        Ok(())
    }
}

fn note(trace: Option<&mut Trace>, note: Note) {
    if let Some(trace) = trace {
        trace.notes.push(note);
    }
}

fn length(limit: Option<&Limit>) -> u16 {
    limit.map_or(0, |limit| limit.length)
}

pub(super) fn next(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(day)
}
