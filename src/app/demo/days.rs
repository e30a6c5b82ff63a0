//! The working days of the year that the demonstration shows: what is entered is entered on one of them, in office
//! hours, and none lies ahead of now.

use chrono::{DateTime, Days as Span, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

use crate::clock::civil_date;
use crate::domain::calendar::WorkingCalendar;

/// How many days a year has, for looking back.
const YEAR: u64 = 366;
/// The office opens at nine.
const OPENING: TimeDelta = TimeDelta::hours(9);
/// Between two entries of one case on one day.
const PACE_MINUTES: i64 = 17;

/// The working days of a year, the last of which is before today.
pub(super) struct Days {
    zone: Tz,
    /// In order, at least one.
    working: Vec<NaiveDate>,
    /// Working days that have passed since the last of them, today counted.
    since: usize,
}

impl Days {
    /// The year before `now`; `None` when nobody works in it.
    pub(super) fn of_the_year_before(
        now: DateTime<Utc>,
        zone: Tz,
        calendar: &WorkingCalendar,
    ) -> Option<Self> {
        let today = civil_date(now, zone);
        let first = today.checked_sub_days(Span::new(YEAR))?;
        let working: Vec<NaiveDate> = first
            .iter_days()
            .take_while(|day| *day < today)
            .filter(|day| calendar.is_working_day(*day))
            .collect();
        let since = usize::from(calendar.is_working_day(today));
        (!working.is_empty()).then_some(Self { zone, working, since })
    }

    /// The number of the last day.
    pub(super) fn last(&self) -> usize {
        self.working.len().saturating_sub(1)
    }

    /// The number of the day after which, up to today, so many working days came; at least those since the last one.
    pub(super) fn aged(&self, age: usize) -> usize {
        (self.last() + self.since).saturating_sub(age).min(self.last())
    }

    /// The date of a day; of the last one, for a number beyond it.
    pub(super) fn date(&self, number: usize) -> NaiveDate {
        self.working.get(number).or(self.working.last()).copied().unwrap_or_default()
    }

    /// Before the first entry.
    pub(super) fn opening(&self) -> DateTime<Utc> {
        self.at(0, TimeDelta::zero())
    }

    /// The instant of a case's nth entry, should it fall on this day.
    pub(super) fn instant(&self, number: usize, case: u32, nth: i64) -> DateTime<Utc> {
        let case = i64::from(case);
        let minutes = 5 + nth * PACE_MINUTES + case % PACE_MINUTES;
        let seconds = (case * 7 + nth * 13) % 60;
        self.at(number, TimeDelta::minutes(minutes) + TimeDelta::seconds(seconds))
    }

    fn at(&self, number: usize, since_opening: TimeDelta) -> DateTime<Utc> {
        let local = self.date(number).and_time(NaiveTime::MIN) + OPENING + since_opening;
        self.zone.from_local_datetime(&local).earliest().map_or(local.and_utc(), |instant| instant.to_utc())
    }
}
