//! Working days (工作日).
//!
//! A calendar is the Monday-to-Friday rule and the exceptions from it: holidays (放假) and make-up workdays
//! (调休上班), each with the notice that ordered it. It covers whole years, from the first to the last with a
//! notice. What lies after is counted by the Monday-to-Friday rule and called [`Provisional`]; what lies
//! before is refused.
//!
//! ```
//! use chrono::NaiveDate;
//! use gongkai::domain::calendar::{CalendarRow, DayClass, ExceptionKind, WorkingCalendar};
//!
//! let date = |text: &str| text.parse::<NaiveDate>().unwrap();
//! let row = |text: &str, kind| CalendarRow {
//!     date: date(text),
//!     kind,
//!     name: "国庆节".to_owned(),
//!     source: "国办发明电〔2024〕12号".to_owned(),
//! };
//! let mut rows = vec![row("2025-09-28", ExceptionKind::Workday), row("2025-10-11", ExceptionKind::Workday)];
//! rows.extend([1, 2, 3, 6, 7, 8].map(|day| row(&format!("2025-10-{day:02}"), ExceptionKind::Holiday)));
//! let calendar = WorkingCalendar::new("cn", rows)?;
//!
//! // A request received on Monday 22 September 2025, 20 working days: day 5 is Sunday the 28th (make-up),
//! // day 7 the 30th, day 8 is 9 October, day 10 Saturday the 11th (make-up), day 20 Friday the 24th.
//! assert_eq!(calendar.add_working_days(date("2025-09-22"), 20)?, date("2025-10-24"));
//! assert_eq!(calendar.working_days_between(date("2025-09-22"), date("2025-10-24")), 20);
//! // Five of them are left on the 17th, the first such day.
//! assert_eq!(calendar.previous_working_days(date("2025-10-24"), 5)?, date("2025-10-17"));
//!
//! let sunday = calendar.day(date("2025-09-28"));
//! assert_eq!(sunday.class, DayClass::MakeUpWorkday);
//! assert_eq!(sunday.source, Some("国办发明电〔2024〕12号"));
//! # Ok::<(), gongkai::domain::calendar::CalendarError>(())
//! ```

mod day;
mod difference;
mod region;
mod working_days;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use thiserror::Error;

pub use day::{CalendarRow, Day, DayClass, ExceptionKind};
pub use difference::{Difference, differences, touched};
pub use working_days::WorkingDays;

/// Why a count is not final: it touches days whose class a notice yet to come may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Provisional {
    /// The count touches a year without a notice.
    YearWithoutNotice {
        /// The first such year that it touches.
        year: i32,
    },
    /// The count touches 25 to 31 December of the last year with a notice, days which the next year's notice
    /// has often changed.
    LastDaysOfLastYear {
        /// The last year with a notice.
        year: i32,
    },
}

/// Why a calendar is refused, or a date cannot be counted with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CalendarError {
    /// The calendar has no row, so no year is covered.
    #[error("a calendar needs at least one row")]
    Empty,
    /// Two rows are about the same day.
    #[error("{date} is listed twice")]
    Duplicate {
        /// The day.
        date: NaiveDate,
    },
    /// A make-up workday is not on a Saturday or Sunday, so its date must be wrong.
    #[error("{date} is listed as a make-up workday but is a {weekday} already", weekday = .date.format("%A"))]
    WorkdayOnWeekday {
        /// The day.
        date: NaiveDate,
    },
    /// A row names no notice, so that nobody could say why the day is an exception.
    #[error("{date} names no notice")]
    WithoutSource {
        /// The day.
        date: NaiveDate,
    },
    /// A year between the first and the last has no row at all.
    #[error("{year} has no row, though earlier and later years have")]
    YearMissing {
        /// The first such year.
        year: i32,
    },
    /// A regional row lies in a year that the calendar which it extends does not cover.
    #[error("{date} lies in a year without a notice in the calendar that this one extends")]
    NotCovered {
        /// The day.
        date: NaiveDate,
    },
    /// The count touches a day before the first covered year.
    #[error("the calendar begins on {first}; earlier working days are not known")]
    BeforeCoverage {
        /// The first day covered.
        first: NaiveDate,
    },
    /// The count leaves the dates that can be represented.
    #[error("the date is out of range")]
    OutOfRange,
}

/// The working days of one jurisdiction.
///
/// Looking a day up allocates nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingCalendar {
    id: String,
    /// Sorted by date, one for a day.
    exceptions: Vec<CalendarRow>,
    first_year: i32,
    last_year: i32,
    /// With make-up workdays as working days.
    working: WorkingDays,
    /// With make-up workdays as days of rest (point 23 of the statute digest).
    without_make_up: WorkingDays,
}

impl WorkingCalendar {
    /// Makes a calendar of exceptions in any order. It covers the whole years from the first row's to the
    /// last row's.
    ///
    /// A holiday on a Saturday or Sunday changes nothing and is accepted, since notices list whole runs of
    /// days.
    ///
    /// # Errors
    ///
    /// [`CalendarError`] for the first fault in order of date: no rows, two rows for a day, a make-up workday
    /// on a weekday, a row without a notice; then for a year without rows in between.
    pub fn new(id: impl Into<String>, mut rows: Vec<CalendarRow>) -> Result<Self, CalendarError> {
        rows.sort_by_key(|row| row.date);
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Err(CalendarError::Empty) };
        let (first_year, last_year) = (first.date.year(), last.date.year());
        let mut years = BTreeSet::new();
        let mut exceptions: Vec<CalendarRow> = Vec::with_capacity(rows.len());
        for row in rows {
            let date = row.date;
            if exceptions.last().is_some_and(|previous| previous.date == date) {
                return Err(CalendarError::Duplicate { date });
            }
            if row.kind == ExceptionKind::Workday && !is_weekend(date) {
                return Err(CalendarError::WorkdayOnWeekday { date });
            }
            if row.source.trim().is_empty() {
                return Err(CalendarError::WithoutSource { date });
            }
            years.insert(date.year());
            exceptions.push(row);
        }
        if let Some(year) = (first_year..=last_year).find(|year| !years.contains(year)) {
            return Err(CalendarError::YearMissing { year });
        }
        Self::of(id.into(), exceptions, first_year, last_year)
    }

    /// Numbers the working days. The exceptions are sorted, one for a day.
    fn of(
        id: String,
        exceptions: Vec<CalendarRow>,
        first_year: i32,
        last_year: i32,
    ) -> Result<Self, CalendarError> {
        let first = NaiveDate::from_yo_opt(first_year, 1).ok_or(CalendarError::OutOfRange)?;
        let last = NaiveDate::from_ymd_opt(last_year, 12, 31).ok_or(CalendarError::OutOfRange)?;
        let kind = |date| {
            let index = exceptions.binary_search_by_key(&date, |row: &CalendarRow| row.date).ok()?;
            exceptions.get(index).map(|row| row.kind)
        };
        let working = |date, make_up: bool| match kind(date) {
            Some(ExceptionKind::Holiday) => false,
            Some(ExceptionKind::Workday) => make_up || !is_weekend(date),
            None => !is_weekend(date),
        };
        let with = WorkingDays::new(first, last, |date| working(date, true));
        let without_make_up = WorkingDays::new(first, last, |date| working(date, false));
        Ok(Self { id, exceptions, first_year, last_year, working: with, without_make_up })
    }

    /// The calendar's id, such as `cn`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The years with a notice, both ends included.
    pub fn coverage(&self) -> RangeInclusive<i32> {
        self.first_year..=self.last_year
    }

    /// Every exception, by date.
    pub fn exceptions(&self) -> impl Iterator<Item = &CalendarRow> {
        self.exceptions.iter()
    }

    /// The class of a day and the reason for it.
    ///
    /// Outside [`coverage`](Self::coverage) this is the bare Monday-to-Friday rule.
    pub fn day(&self, date: NaiveDate) -> Day<'_> {
        let Some(row) = self.exception(date) else {
            let class = if is_weekend(date) { DayClass::Weekend } else { DayClass::Workday };
            return Day { date, class, name: None, source: None };
        };
        let class = match row.kind {
            ExceptionKind::Holiday => DayClass::Holiday,
            ExceptionKind::Workday if is_weekend(date) => DayClass::MakeUpWorkday,
            // A region works on a weekday that the nation has off.
            ExceptionKind::Workday => DayClass::Workday,
        };
        Day { date, class, name: Some(&row.name), source: Some(&row.source) }
    }

    /// Whether offices work on this day. Outside [`coverage`](Self::coverage) this is the bare
    /// Monday-to-Friday rule.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        self.working.is_working(date)
    }

    /// The `n`-th working day after `date`: `date` itself is not counted, the next working day is the first.
    /// With `n = 0` it is `date`, whether a working day or not.
    ///
    /// ```
    /// # use chrono::NaiveDate;
    /// # use gongkai::domain::calendar::{CalendarError, CalendarRow, ExceptionKind, WorkingCalendar};
    /// # let date = |text: &str| text.parse::<NaiveDate>().unwrap();
    /// # let (name, source) = (String::new(), "notice".to_owned());
    /// # let new_year = CalendarRow { date: date("2026-01-01"), kind: ExceptionKind::Holiday, name, source };
    /// # let calendar = WorkingCalendar::new("cn", vec![new_year])?;
    /// // Monday 2 March 2026 and 20 working days, with no exception in between: Monday 30 March.
    /// assert_eq!(calendar.add_working_days(date("2026-03-02"), 20)?, date("2026-03-30"));
    /// // From a Saturday, the first working day is Monday.
    /// assert_eq!(calendar.add_working_days(date("2026-03-07"), 1)?, date("2026-03-09"));
    /// assert_eq!(calendar.add_working_days(date("2026-03-07"), 0)?, date("2026-03-07"));
    /// # Ok::<(), CalendarError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`CalendarError::BeforeCoverage`] if `date` lies before the first covered year,
    /// [`CalendarError::OutOfRange`] at the end of the dates that can be represented.
    pub fn add_working_days(&self, date: NaiveDate, n: u16) -> Result<NaiveDate, CalendarError> {
        self.refuse_before_coverage(date)?;
        if n == 0 { Ok(date) } else { self.working.after(date, i64::from(n)) }
    }

    /// How many working days lie after `after_excl` up to and including `through_incl`.
    ///
    /// Negative when `through_incl` is the earlier: minus the count of the other direction. Outside
    /// [`coverage`](Self::coverage) days count by the Monday-to-Friday rule;
    /// [`provisional`](Self::provisional) says so.
    pub fn working_days_between(&self, after_excl: NaiveDate, through_incl: NaiveDate) -> i64 {
        self.working.between(after_excl, through_incl)
    }

    /// The first day on which `n` working days or fewer are left until `date`, itself counted. For a working
    /// day `date` it is the `n`-th working day before, and `date` itself with `n = 0`; for a day of rest, the
    /// same from the last working day before it.
    ///
    /// # Errors
    ///
    /// [`CalendarError::BeforeCoverage`] if `date` or the answer lies before the first covered year.
    pub fn previous_working_days(&self, date: NaiveDate, n: u16) -> Result<NaiveDate, CalendarError> {
        self.refuse_before_coverage(date)?;
        self.working.after(date, -i64::from(n))
    }

    /// The first working day on or after `date`: where a period in calendar days ends when its last day is a
    /// day of rest.
    ///
    /// # Errors
    ///
    /// As [`add_working_days`](Self::add_working_days).
    pub fn roll_forward(&self, date: NaiveDate) -> Result<NaiveDate, CalendarError> {
        self.refuse_before_coverage(date)?;
        if self.is_working_day(date) { Ok(date) } else { self.working.after(date, 1) }
    }

    /// Whether, and why, counting the days after `from` up to and including `to` is not final.
    ///
    /// `None` if every such day is settled, and if there is none. A year without a notice is the graver
    /// reason and is the one given where both hold.
    pub fn provisional(&self, from: NaiveDate, to: NaiveDate) -> Option<Provisional> {
        let first = from.succ_opt().filter(|first| *first <= to)?;
        if to.year() > self.last_year {
            return Some(Provisional::YearWithoutNotice { year: first.year().max(self.last_year + 1) });
        }
        let touches_last_days = to.year() == self.last_year && to.month() == 12 && to.day() >= 25;
        touches_last_days.then_some(Provisional::LastDaysOfLastYear { year: self.last_year })
    }

    fn refuse_before_coverage(&self, date: NaiveDate) -> Result<(), CalendarError> {
        if date.year() >= self.first_year {
            return Ok(());
        }
        let first = NaiveDate::from_yo_opt(self.first_year, 1).ok_or(CalendarError::OutOfRange)?;
        Err(CalendarError::BeforeCoverage { first })
    }

    fn exception(&self, date: NaiveDate) -> Option<&CalendarRow> {
        let index = self.exceptions.binary_search_by_key(&date, |row| row.date).ok()?;
        self.exceptions.get(index)
    }

    /// The working days, numbered: with make-up workdays as working days, or as days of rest (point 23 of the statute
    /// digest). Looking one up takes constant time and allocates nothing.
    pub fn numbered(&self, make_up_workdays_count: bool) -> &WorkingDays {
        if make_up_workdays_count { &self.working } else { &self.without_make_up }
    }

    /// The first covered day.
    pub fn first_day(&self) -> Option<NaiveDate> {
        NaiveDate::from_yo_opt(self.first_year, 1)
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

#[cfg(test)]
pub(crate) mod tests;
