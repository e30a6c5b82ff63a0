//! A second implementation of the clock, to compare the engine with: plain, slow, written from the statute and `docs/clock.md`
//! and not from the engine. It opens the file of a case at its first page, takes what happened day by day, and wherever a due
//! date is wanted it walks from day to day and counts: is it a working day, is it excluded, count it.

use super::super::{ConsultationKind, CorrectionGround, Fact, FactKind, What};
use super::plain_calendar::{Day, PlainCalendar, day};
use crate::domain::case::event::ServiceMethod;
use crate::domain::channel::Channel;
use crate::domain::outcome::Outcome;
use crate::domain::statute::{Point, Reading, Readings};

/// Article 33(2): twenty working days, and up to twenty more.
pub(super) const REPLY: i32 = 20;
pub(super) const EXTENSION: i32 = 20;
/// Article 30: seven working days to ask; what the notice leaves open is taken as fifteen.
pub(super) const CORRECTION_NOTICE: i32 = 7;
pub(super) const CORRECTION_RESPONSE: i32 = 15;
/// Articles 32 and 34, and the cap of point 11.
pub(super) const ANSWER: i32 = 15;
/// The fee measure, Article 6.
pub(super) const PAYMENT: i32 = 20;

/// Refusals under Articles 14 to 16, also in part (Article 37).
pub(super) fn needs_reconsideration_first(outcome: Outcome) -> bool {
    [
        Outcome::PartiallyGranted,
        Outcome::DeniedStateSecret,
        Outcome::DeniedProhibitedByLaw,
        Outcome::DeniedSecurityStability,
        Outcome::DeniedThirdPartyRights,
        Outcome::DeniedInternalAffairs,
        Outcome::DeniedDeliberativeProcess,
        Outcome::DeniedEnforcementFiles,
    ]
    .contains(&outcome)
}

/// The facts do not follow upon each other.
#[derive(Debug, PartialEq)]
pub(super) struct OutOfOrder;

/// What the law is taken to be.
#[derive(Clone, Copy)]
pub(super) struct Law<'a> {
    pub(super) calendar: &'a PlainCalendar,
    pub(super) readings: Readings,
    /// The period of the reply: [`REPLY`], save for the act before the revision.
    reply: i32,
    // The readings that are asked for day by day.
    make_up_days_work: bool,
    receipt_counts: bool,
    fee_resumes: bool,
    interval: Reading,
    other_organ: Reading,
}

impl<'a> Law<'a> {
    pub(super) fn new(calendar: &'a PlainCalendar, readings: Readings, reply: i32) -> Self {
        Self {
            calendar,
            readings,
            reply,
            make_up_days_work: readings.is(Point::MakeUpWorkdays, Reading::Count),
            receipt_counts: readings.is(Point::FirstDay, Reading::ThatDay),
            fee_resumes: readings.is(Point::FeeClock, Reading::Resume),
            interval: readings.of(Point::ConsultationInterval),
            other_organ: readings.of(Point::OtherOrgan),
        }
    }

    /// The same law but for one reading.
    pub(super) fn other(self, point: Point, reading: Reading) -> Self {
        Self::new(self.calendar, self.readings.other(point, reading), self.reply)
    }

    pub(super) fn is(&self, point: Point, reading: Reading) -> bool {
        self.readings.of(point) == reading
    }

    pub(super) fn works(&self, day: Day) -> bool {
        self.calendar.works(day, self.make_up_days_work)
    }

    /// The `n`-th working day after a day.
    pub(super) fn nth_after(&self, day: Day, n: i32) -> Day {
        let mut today = day;
        let mut counted = 0;
        while counted < n {
            today += 1;
            if self.works(today) {
                counted += 1;
            }
        }
        today
    }

    /// The day itself, or the first working day after it.
    pub(super) fn no_rest_day(&self, day: Day) -> Day {
        if self.works(day) { day } else { self.nth_after(day, 1) }
    }

    /// The day on which the application was received.
    pub(super) fn receipt(&self, fact: &Fact) -> Day {
        let What::Received { channel, arrived_on, confirmed_on, after_hours } = &fact.what else { panic!() };
        let arrived = arrived_on.unwrap_or(fact.on);
        let confirmed = confirmed_on.unwrap_or(fact.on);
        let either = |submitted| if submitted { arrived } else { confirmed };
        let day_zero = day(match channel {
            None | Some(Channel::Counter | Channel::RegisteredPost) => fact.on,
            Some(Channel::Online) => either(self.is(Point::InternetReceipt, Reading::Submission)),
            Some(Channel::Email) => either(self.is(Point::EmailReceipt, Reading::Submission)),
            Some(Channel::OrdinaryPost | Channel::Fax) => {
                either(self.is(Point::UnsignedMail, Reading::Arrival))
            }
        });
        if *after_hours && self.is(Point::AfterHours, Reading::NextWorkingDay) {
            self.nth_after(day_zero, 1)
        } else if self.is(Point::RestDayReceipt, Reading::NextWorkingDay) {
            self.no_rest_day(day_zero)
        } else {
            day_zero
        }
    }
}

/// A period of the reply.
#[derive(Clone, Copy)]
pub(super) struct Period {
    pub(super) day_zero: Day,
    pub(super) after_payment: bool,
    /// When what it answers was asked.
    asked: Day,
}

struct Consultation<'a> {
    reference: &'a str,
    kind: ConsultationKind,
    sent: Day,
    limit: Day,
    answer: Option<Day>,
}

/// An extension or a delayed reply that took effect.
struct Longer {
    period: usize,
    on: Day,
    working_days: i32,
    until: Option<Day>,
}

/// Something asked for and whether it had an effect on the clock.
#[derive(Clone, Copy)]
struct Asked {
    on: Day,
    limit: Day,
    effect: bool,
}

/// The file of a case as read so far.
pub(super) struct Clock<'a> {
    law: Law<'a>,
    pub(super) periods: Vec<Period>,
    consultations: Vec<Consultation<'a>>,
    longer: Vec<Longer>,
    correction: Option<Asked>,
    corrections_asked: usize,
    fee: Option<Asked>,
    reasons: Option<Asked>,
    /// Stretches excluded for reasons or, by resumption, for a fee: the day they start after, and their last.
    stretches: Vec<(Day, Day)>,
    lapsed: bool,
    pub(super) ended: Option<(FactKind, Day)>,
}

impl<'a> Clock<'a> {
    /// Reads the whole file; it begins with the receipt.
    pub(super) fn read(diary: &[(&'a Fact, Day)], law: Law<'a>) -> Self {
        let received = diary.iter().find(|(fact, _)| fact.what.kind() == FactKind::Received).unwrap().0;
        let mut clock = Self {
            law,
            periods: vec![Period { day_zero: law.receipt(received), after_payment: false, asked: Day::MIN }],
            consultations: Vec::new(),
            longer: Vec::new(),
            correction: None,
            corrections_asked: 0,
            fee: None,
            reasons: None,
            stretches: Vec::new(),
            lapsed: false,
            ended: None,
        };
        for (fact, on) in diary {
            clock.take(fact, *on);
        }
        clock
    }

    pub(super) fn period(&self) -> (usize, Period) {
        (self.periods.len() - 1, self.periods[self.periods.len() - 1])
    }

    /// Whether the reply waits for a correction, or for a payment that will begin a new period.
    fn waits(&self) -> bool {
        let stopped = |asked: &Option<Asked>| asked.is_some_and(|asked| asked.effect);
        stopped(&self.correction) || (stopped(&self.fee) && !self.law.fee_resumes)
    }

    /// The due date as it stands.
    pub(super) fn due(&self) -> Option<Day> {
        if self.lapsed || self.waits() { None } else { Some(self.walk(true)) }
    }

    /// The last day of the period now running, or of a delayed reply, if that is later.
    pub(super) fn walk(&self, with_extensions: bool) -> Day {
        let promised = self.longer.iter().filter(|longer| longer.period == self.period().0);
        let promised = promised.filter_map(|longer| longer.until).map(|until| self.law.no_rest_day(until));
        promised.fold(self.count(with_extensions), Day::max)
    }

    /// Counts from day 0 of the period now running.
    pub(super) fn count(&self, with_extensions: bool) -> Day {
        let (number, period) = self.period();
        let mut total = self.law.reply;
        for longer in self.longer.iter().filter(|longer| with_extensions && longer.period == number) {
            total += longer.working_days;
        }
        let mut today = period.day_zero - 1;
        let mut counted = 0;
        while counted < total {
            today += 1;
            let begun = today > period.day_zero || self.counts_day_zero(period);
            if begun && self.law.works(today) && !self.excludes(today) {
                counted += 1;
            }
        }
        today
    }

    pub(super) fn counts_day_zero(&self, period: Period) -> bool {
        self.law.receipt_counts && !period.after_payment
    }

    /// Whether the time of the day is not part of the period (Article 33(3)).
    pub(super) fn excludes(&self, today: Day) -> bool {
        let resumes = |fee: &Asked| fee.effect && self.law.fee_resumes;
        let unpaid = self.fee.filter(resumes).map(|fee| (fee.on, fee.limit));
        self.stretches.iter().copied().chain(unpaid).any(|(after, last)| after < today && today <= last)
            || self.consultations.iter().any(|letter| self.consulting(letter, today))
    }

    fn consulting(&self, letter: &Consultation, today: Day) -> bool {
        let last = match (letter.kind, self.law.other_organ, letter.answer) {
            (ConsultationKind::OtherOrgan, Reading::NotExcluded, _)
            | (ConsultationKind::OtherOrgan, Reading::Capped, None) => return false,
            (ConsultationKind::OtherOrgan, Reading::Excluded, Some(answer)) => answer,
            (_, _, answer) => answer.map_or(letter.limit, |answer| answer.min(letter.limit)),
        };
        match self.law.interval {
            Reading::Closed => letter.sent <= today && today <= last,
            Reading::Open => letter.sent < today && today < last,
            _ => letter.sent < today && today <= last,
        }
    }

    /// The last day on which the agency may ask for a correction, in a period.
    pub(super) fn correction_notice(&self, period: Period) -> Day {
        let before = i32::from(self.counts_day_zero(period));
        self.law.nth_after(period.day_zero - before, CORRECTION_NOTICE)
    }

    /// Whether what happens on this day comes too late to move anything.
    fn too_late(&self, on: Day) -> bool {
        // Twenty working days are twenty days at least.
        on >= self.period().1.day_zero + self.law.reply && self.due().is_some_and(|due| on > due)
    }

    /// One page of the file.
    fn take(&mut self, fact: &'a Fact, on: Day) {
        match &fact.what {
            // What is owed upon remedies is `answer`'s. Histories have no orders: `every_start` has.
            What::Received { .. }
            | What::ConsultationLapsed { .. }
            | What::ReconsiderationDecided { .. }
            | What::RemedyReceived { .. }
            | What::RemedyAnswered { .. }
            | What::AnswerOrdered { .. } => {}
            What::CorrectionRequested { served_on, working_days, ground } => {
                self.corrections_asked += 1;
                let ground = ground.unwrap_or(CorrectionGround::UnclearContent);
                let reads = |point, reading| self.law.is(point, reading);
                let late_notice = on > self.correction_notice(self.period().1);
                let none = (reads(Point::LateCorrectionNotice, Reading::NoEffect) && late_notice)
                    || (reads(Point::FurtherCorrection, Reading::Once) && self.corrections_asked > 1)
                    || (reads(Point::CorrectionGround, Reading::UnclearContentOnly)
                        && ground != CorrectionGround::UnclearContent);
                let days = working_days.map_or(CORRECTION_RESPONSE, i32::from);
                let limit = self.law.nth_after(served_on.map_or(on, day), days);
                self.correction = Some(Asked { on, limit, effect: !none && !self.too_late(on) });
            }
            What::Corrected => {
                let asked = self.correction.take();
                self.begin_anew(asked, on, false);
            }
            What::CorrectionLapsed => {
                let asked = self.correction.take();
                self.lapse(FactKind::CorrectionLapsed, on, asked);
            }
            What::ConsultationSent { reference, kind, served_on } => {
                if !self.too_late(on) {
                    let limit = self.law.nth_after(served_on.map_or(on, day), ANSWER);
                    self.consultations.push(Consultation {
                        reference,
                        kind: *kind,
                        sent: on,
                        limit,
                        answer: None,
                    });
                }
            }
            What::ConsultationAnswered { reference } => {
                if !self.too_late(on) {
                    let mut letters = self.consultations.iter_mut();
                    if let Some(letter) = letters.find(|letter| letter.reference == reference) {
                        letter.answer = Some(on);
                    }
                }
            }
            What::Extended { working_days, approved_on } => {
                let approval = self.law.is(Point::LateExtensionNotice, Reading::ValidIfApproved);
                let in_time = approved_on.filter(|_| approval).map_or(on, day);
                if !self.waits() && !self.too_late(in_time) {
                    self.extend(on, i32::from(*working_days));
                }
            }
            What::DelayedReplySet { until } => {
                if !self.waits() && !self.too_late(on) {
                    let (period, until) = (self.period().0, Some(day(*until)));
                    self.longer.push(Longer { period, on, working_days: 0, until });
                }
            }
            What::FeeNotice { served_on } => {
                let limit = self.law.nth_after(served_on.map_or(on, day), PAYMENT);
                self.fee = Some(Asked { on, limit, effect: !self.too_late(on) });
            }
            What::FeePaid => self.paid(on),
            What::FeeLapsed => {
                let asked = self.fee.take();
                self.lapse(FactKind::FeeLapsed, on, asked);
            }
            What::ReasonsRequested => {
                let effect = self.law.is(Point::ReasonsRequest, Reading::Stops) && !self.too_late(on);
                self.reasons = Some(Asked { on, limit: on, effect });
            }
            What::ReasonsGiven => {
                let asked = self.reasons.take().filter(|asked| asked.effect && !self.too_late(on));
                self.stretches.extend(asked.map(|asked| (asked.on, on)));
            }
            What::Replied { .. } => {
                if let Some(left) = left_on(fact, self.law) {
                    self.end(FactKind::Replied, left);
                }
            }
            What::Withdrawn => self.end(FactKind::Withdrawn, on),
        }
    }

    /// What was asked for came: a whole new period, unless the one running began later. Of two that were awaited at once and came
    /// on one day, the one asked for first begins it, of two asked for on one day the correction.
    fn begin_anew(&mut self, asked: Option<Asked>, on: Day, after_payment: bool) {
        let Some(asked) = asked.filter(|asked| asked.effect) else { return };
        let running = self.period().1;
        let tie = running.day_zero == on && asked.on < on;
        let first = asked.on < running.asked || (asked.on == running.asked && !after_payment);
        if running.day_zero < on || (running.day_zero == on && (!tie || first)) {
            self.periods.push(Period { day_zero: on, after_payment, asked: asked.on });
        }
    }

    /// What was asked for in vain ends the case; the due date goes with it if what was asked had stopped the period.
    fn lapse(&mut self, how: FactKind, on: Day, asked: Option<Asked>) {
        self.lapsed |= asked.is_some_and(|asked| asked.effect);
        self.end(how, on);
    }

    fn end(&mut self, how: FactKind, on: Day) {
        if self.ended.is_none_or(|(_, earlier)| on < earlier) {
            self.ended = Some((how, on));
        }
    }

    fn extend(&mut self, on: Day, asked_for: i32) {
        let used: i32 = self.longer.iter().map(|longer| longer.working_days).sum();
        let one = self.law.is(Point::SeveralExtensions, Reading::One);
        let working_days = if one && used > 0 { 0 } else { asked_for.min(EXTENSION - used) };
        if working_days > 0 {
            let period = self.period().0;
            self.longer.push(Longer { period, on, working_days, until: None });
        }
    }

    fn paid(&mut self, on: Day) {
        if !self.law.fee_resumes {
            let asked = self.fee.take();
            return self.begin_anew(asked, on, true);
        }
        let too_late = self.too_late(on);
        let stretch = self.fee.take().filter(|asked| asked.effect);
        self.stretches.extend(stretch.map(|fee| (fee.on, if too_late { fee.limit } else { on })));
    }

    /// Whether an extension is left to be told, by whatever period the earlier ones were used up.
    pub(super) fn extension_left(&self) -> bool {
        let told: Vec<i32> = self
            .longer
            .iter()
            .filter(|longer| longer.until.is_none())
            .map(|longer| longer.working_days)
            .collect();
        let one = self.law.is(Point::SeveralExtensions, Reading::One);
        if one { told.is_empty() } else { told.iter().sum::<i32>() < EXTENSION }
    }

    /// When the extension of the period now running was told, if one took effect.
    pub(super) fn extension_told(&self) -> Option<Day> {
        let period = self.period().0;
        let mut longer =
            self.longer.iter().filter(|longer| longer.period == period && longer.until.is_none());
        longer.next().map(|longer| longer.on)
    }
}

/// The day on which a reply left (国办公开办函〔2016〕235号); `None` when it has not, or nobody knows.
pub(super) fn left_on(fact: &Fact, law: Law) -> Option<Day> {
    let What::Replied { method, dispatched_on, served_on, not_dispatched, .. } = &fact.what else { panic!() };
    if *not_dispatched {
        return None;
    }
    let unknown = dispatched_on.is_none() && served_on.is_none();
    let sending = law.is(Point::ElectronicReply, Reading::Sending);
    let left = match method {
        Some(ServiceMethod::Direct | ServiceMethod::Delegated) if !unknown => *served_on,
        Some(ServiceMethod::Electronic) if !unknown && !sending => *served_on,
        _ => Some(dispatched_on.unwrap_or(fact.on)),
    };
    left.map(day)
}
