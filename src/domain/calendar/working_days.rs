//! Counting working days in constant time: for each day of the published years, how many working days there were, and the
//! other way round. Outside those years the Monday-to-Friday rule counts.

use super::CalendarError;
use chrono::{Datelike, NaiveDate};

/// The working days of the published years, numbered from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingDays {
    /// The first published day, in days of the common era.
    first: i32,
    /// For each published day, the working days from the first through it.
    through: Vec<i32>,
    /// Each working day.
    days: Vec<NaiveDate>,
}

impl WorkingDays {
    /// Numbers the working days from `first` through `last`, both included.
    pub(super) fn new(first: NaiveDate, last: NaiveDate, is_working: impl Fn(NaiveDate) -> bool) -> Self {
        let (mut through, mut days, mut count) = (Vec::new(), Vec::new(), 0);
        for day in first.iter_days().take_while(|day| *day <= last) {
            if is_working(day) {
                count += 1;
                days.push(day);
            }
            through.push(count);
        }
        Self { first: first.num_days_from_ce(), through, days }
    }

    /// The number of the last working day on or before `date`; zero or less before the first. Only differences mean
    /// anything outside the published years.
    pub fn ordinal(&self, date: NaiveDate) -> i64 {
        let day = date.num_days_from_ce();
        let place = usize::try_from(i64::from(day) - i64::from(self.first));
        match place.ok().map(|place| self.through.get(place)) {
            Some(Some(count)) => i64::from(*count),
            Some(None) => self.total() + weekdays_through(day) - weekdays_through(self.last()),
            None => weekdays_through(day) - weekdays_through(self.first.saturating_sub(1)),
        }
    }

    /// The working day with this number; beyond the published years by the Monday-to-Friday rule.
    ///
    /// # Errors
    /// [`CalendarError::BeforeCoverage`] for a number below 1, [`CalendarError::OutOfRange`] at the end of dates.
    pub fn nth(&self, ordinal: i64) -> Result<NaiveDate, CalendarError> {
        let Ok(place) = usize::try_from(ordinal.saturating_sub(1)) else {
            let first = date_of(i64::from(self.first))?;
            return Err(CalendarError::BeforeCoverage { first });
        };
        if let Some(day) = self.days.get(place) {
            return Ok(*day);
        }
        let weekday = weekdays_through(self.last()).saturating_add(ordinal.saturating_sub(self.total()));
        let (weeks, rest) =
            (weekday.saturating_sub(1).div_euclid(5), weekday.saturating_sub(1).rem_euclid(5));
        date_of(weeks.saturating_mul(7).saturating_add(rest + 1))
    }

    /// Whether this is a working day.
    pub fn is_working(&self, date: NaiveDate) -> bool {
        date.pred_opt().is_none_or(|eve| self.ordinal(date) > self.ordinal(eve))
    }

    /// How many working days lie after `after_excl` up to and including `through_incl`; negative the other way.
    pub fn between(&self, after_excl: NaiveDate, through_incl: NaiveDate) -> i64 {
        self.ordinal(through_incl) - self.ordinal(after_excl)
    }

    /// The `n`-th working day after `date`; the last working day on or before it with `n = 0`.
    ///
    /// # Errors
    /// As [`nth`](Self::nth).
    pub fn after(&self, date: NaiveDate, n: i64) -> Result<NaiveDate, CalendarError> {
        self.nth(self.ordinal(date).saturating_add(n))
    }

    /// The first working day on or after `date`.
    ///
    /// # Errors
    /// As [`nth`](Self::nth).
    pub fn roll_forward(&self, date: NaiveDate) -> Result<NaiveDate, CalendarError> {
        if self.is_working(date) { Ok(date) } else { self.after(date, 1) }
    }

    fn last(&self) -> i32 {
        let days = i32::try_from(self.through.len()).unwrap_or(i32::MAX);
        self.first.saturating_add(days).saturating_sub(1)
    }

    fn total(&self) -> i64 {
        self.through.last().map_or(0, |count| i64::from(*count))
    }
}

fn date_of(day: i64) -> Result<NaiveDate, CalendarError> {
    let day = i32::try_from(day).map_err(|_| CalendarError::OutOfRange)?;
    NaiveDate::from_num_days_from_ce_opt(day).ok_or(CalendarError::OutOfRange)
}

/// The number of Mondays to Fridays from Monday, 1 January of the year 1, through a day of the common era.
pub(super) fn weekdays_through(day: i32) -> i64 {
    let days = i64::from(day);
    days.div_euclid(7) * 5 + days.rem_euclid(7).min(5)
}
