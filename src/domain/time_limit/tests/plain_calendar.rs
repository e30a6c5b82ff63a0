//! A calendar without any cleverness: for each day, whether offices work, as the published rows say.

use chrono::{Datelike, NaiveDate, Weekday};
use std::collections::BTreeMap;

const CSV: &str = include_str!("../../../../law/cn/calendar.csv");
/// Days are looked up from this year on, and before [`END_YEAR`].
const FIRST_YEAR: i32 = 2004;
const END_YEAR: i32 = 2036;

/// A civil date as a number of days, for walking.
pub(super) type Day = i32;

pub(super) fn day(date: NaiveDate) -> Day {
    date.num_days_from_ce()
}

pub(super) fn date_of(day: Day) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(day).unwrap()
}

/// What the notices published say: the exceptions of each day, `true` for a make-up workday.
pub(super) fn exceptions() -> BTreeMap<NaiveDate, bool> {
    let row = |line: &str| {
        let mut fields = line.split(',');
        let date = fields.next().unwrap().parse().unwrap();
        match fields.next().unwrap() {
            "workday" => (date, true),
            "holiday" => (date, false),
            other => panic!("{other}"),
        }
    };
    CSV.lines().skip(1).map(row).collect()
}

/// Whether offices work, day by day.
pub(super) struct PlainCalendar {
    first: Day,
    works: Vec<bool>,
    works_but_for_make_up: Vec<bool>,
}

impl PlainCalendar {
    pub(super) fn new(exceptions: &BTreeMap<NaiveDate, bool>) -> Self {
        let first = NaiveDate::from_ymd_opt(FIRST_YEAR, 1, 1).unwrap();
        let mut this = Self { first: day(first), works: Vec::new(), works_but_for_make_up: Vec::new() };
        for date in first.iter_days().take_while(|date| date.year() < END_YEAR) {
            let weekday = !matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
            let exception = exceptions.get(&date);
            this.works.push(exception.copied().unwrap_or(weekday));
            this.works_but_for_make_up.push(exception.map_or(weekday, |_| false));
        }
        this
    }

    /// Whether the day is a working day; `make_up` says whether make-up workdays are (point 23).
    pub(super) fn works(&self, day: Day, make_up: bool) -> bool {
        let days = if make_up { &self.works } else { &self.works_but_for_make_up };
        days[usize::try_from(day - self.first).unwrap()]
    }
}
