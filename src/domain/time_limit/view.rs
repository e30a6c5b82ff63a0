//! The statute under one set of readings: when an application is received, what its letters exclude, and how days are counted.

use super::fact::ConsultationKind;
use super::history::{Consultation, End, History, Stop};
use super::reason::Reason;
use crate::domain::calendar::{CalendarError, WorkingCalendar, WorkingDays};
use crate::domain::channel::Channel;
use crate::domain::statute::{Limit, LimitUnit, Limits, Point, Reading, Readings};
use chrono::{Months, NaiveDate};

/// The statute under one set of readings.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) limits: &'a Limits,
    pub(super) readings: Readings,
    /// Working days under point 23.
    pub(super) days: &'a WorkingDays,
}

/// A stretch of days that do not count, both ends included.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Exclusion {
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    pub(super) reason: Reason,
}

/// An answer that alone decides how much is excluded: before it, the exclusion is another, or none.
#[derive(Clone, Copy)]
pub(super) struct Answer {
    pub(super) on: NaiveDate,
    pub(super) before: Option<Exclusion>,
    pub(super) after: Exclusion,
}

impl<'a> View<'a> {
    pub(super) fn new(limits: &'a Limits, readings: Readings, calendar: &'a WorkingCalendar) -> Self {
        let days = calendar.numbered(readings.is(Point::MakeUpWorkdays, Reading::Count));
        Self { limits, readings, days }
    }

    pub(super) fn is(&self, point: Point, reading: Reading) -> bool {
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

    /// The last day of a period of any unit; one in calendar days or months that ends on a day of rest ends on the next working
    /// day (Civil Procedure Law, Art. 85).
    pub(super) fn end_of(&self, limit: &Limit, from: NaiveDate) -> Result<NaiveDate, CalendarError> {
        let length = limit.length;
        let last = match limit.unit {
            LimitUnit::WorkingDay => return self.last_day(from, length),
            LimitUnit::CalendarDay => from.checked_add_days(chrono::Days::new(u64::from(length))),
            LimitUnit::Month => from.checked_add_months(Months::new(u32::from(length))),
        };
        self.days.roll_forward(last.ok_or(CalendarError::OutOfRange)?)
    }

    /// The last day for the answer to a consultation.
    pub(super) fn answer_limit(&self, letter: &Consultation) -> Result<NaiveDate, CalendarError> {
        self.last_day(letter.served_on.unwrap_or(letter.sent), length(self.limit_of(letter.kind)))
    }

    /// The same; for an answer that is in time whatever the calendar, the day of the answer.
    fn answer_limit_unless_early(&self, letter: &Consultation) -> Result<NaiveDate, CalendarError> {
        let from = letter.served_on.unwrap_or(letter.sent);
        let days = i64::from(length(self.limit_of(letter.kind)));
        match letter.answered.filter(|on| surely_within(from, *on, days)) {
            Some(answered) => Ok(answered),
            None => self.answer_limit(letter),
        }
    }

    fn limit_of(&self, kind: ConsultationKind) -> Option<&Limit> {
        match kind {
            ConsultationKind::ThirdParty => self.limits.third_party_answer.as_ref(),
            ConsultationKind::JointMaker => self.limits.joint_maker_answer.as_ref(),
            ConsultationKind::OtherOrgan => self.limits.other_organ_answer.as_ref(),
        }
    }

    /// The last day on which a fee is paid in time.
    pub(super) fn payment_limit(&self, fee: &Stop) -> Result<NaiveDate, CalendarError> {
        self.last_day(fee.served_on.unwrap_or(fee.from), length(self.limits.fee_payment.as_ref()))
    }

    /// What a letter excludes through a last day (reading 10); nothing when no day is left.
    fn excluded_through(&self, letter: &Consultation, last: NaiveDate) -> Option<Exclusion> {
        let closed = self.is(Point::ConsultationInterval, Reading::Closed);
        let open = self.is(Point::ConsultationInterval, Reading::Open);
        let from = if closed { letter.sent } else { next(letter.sent) };
        let to = if open { last.pred_opt().unwrap_or(last) } else { last };
        let reason = Reason::Consultation(letter.kind);
        (from <= to).then_some(Exclusion { from, to, reason })
    }

    /// What is excluded as far as the letters and notices tell, and the answers that change it when they come in time: an
    /// answer of another organ, of an applicant asked for reasons, a payment (readings 10, 11, 13, 14).
    pub(super) fn exclusions(
        &self,
        history: &History,
        standing: &mut Vec<Exclusion>,
        answers: &mut Vec<Answer>,
    ) -> Result<(), CalendarError> {
        standing.clear();
        answers.clear();
        let mut answer = |on: Option<NaiveDate>, before: Option<Exclusion>, after: Option<Exclusion>| {
            if let (Some(on), Some(after)) = (on, after) {
                answers.push(Answer { on, before, after });
            }
        };
        for letter in &history.consultations {
            let limit = self.answer_limit_unless_early(letter)?;
            let within = letter.answered.map_or(limit, |answered| answered.min(limit));
            match letter.kind {
                ConsultationKind::ThirdParty | ConsultationKind::JointMaker => {
                    standing.extend(self.excluded_through(letter, within));
                }
                ConsultationKind::OtherOrgan if self.is(Point::OtherOrgan, Reading::NotExcluded) => {}
                ConsultationKind::OtherOrgan if self.is(Point::OtherOrgan, Reading::Excluded) => {
                    let before = self.excluded_through(letter, within);
                    standing.extend(before);
                    let late = letter.answered.filter(|answered| *answered > limit);
                    answer(late, before, late.and_then(|late| self.excluded_through(letter, late)));
                }
                ConsultationKind::OtherOrgan => {
                    answer(letter.answered, None, self.excluded_through(letter, within));
                }
            }
        }
        let stretch = |from, to, reason| {
            let from = next(from);
            (from <= to).then_some(Exclusion { from, to, reason })
        };
        if self.is(Point::ReasonsRequest, Reading::Stops) {
            for (stop, on) in history.reasons.iter().filter_map(|stop| stop.end.map(|(on, _)| (stop, on))) {
                answer(Some(on), None, stretch(stop.from, on, Reason::Reasons));
            }
        }
        if self.is(Point::FeeClock, Reading::Resume) {
            for fee in &history.fees {
                let limit = self.payment_limit(fee)?;
                let paid = fee.end.filter(|(_, end)| *end == End::Answered).map(|(on, _)| on);
                let before = stretch(fee.from, paid.map_or(limit, |paid| paid.min(limit)), Reason::Fee);
                standing.extend(before);
                let late = paid.filter(|paid| *paid > limit);
                answer(late, before, late.and_then(|late| stretch(fee.from, late, Reason::Fee)));
            }
        }
        Ok(())
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
}

/// Exclusions by their first day, none overlapping another, in place of what `union` held.
pub(super) fn union(standing: &[Exclusion], union: &mut Vec<Exclusion>) {
    union.clear();
    union.extend_from_slice(standing);
    union.sort_by_key(|exclusion| exclusion.from);
    union.dedup_by(|later, last| {
        let overlaps = later.from <= last.to;
        if overlaps {
            last.to = last.to.max(later.to);
        }
        overlaps
    });
}

pub(super) fn length(limit: Option<&Limit>) -> u16 {
    limit.map_or(0, |limit| limit.length)
}

/// Whether a day lies within so many working days after another, whatever the calendar: they are never fewer calendar days.
/// A day beyond may lie within them all the same.
pub(super) fn surely_within(after: NaiveDate, on: NaiveDate, working_days: i64) -> bool {
    on.signed_duration_since(after).num_days() <= working_days
}

pub(super) fn next(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(day)
}
