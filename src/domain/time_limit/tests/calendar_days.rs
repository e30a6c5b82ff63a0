//! The calendar that the clock is given equals the notices on every day of 2004 to 2026, counted.

use super::date;
use super::plain_calendar::{PlainCalendar, day, exceptions};
use crate::domain::calendar::DayClass;
use crate::domain::calendar::tests::published;
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;

/// The notices' days in short, kept apart from the calendar that the program is built with.
fn notices() -> BTreeMap<NaiveDate, bool> {
    let mut days = BTreeMap::new();
    for line in include_str!("notices.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let mut words = line.split(' ');
        let (year, kind) = (words.next().unwrap(), words.next().unwrap());
        for run in words {
            let (first, last) = run.split_once("..").unwrap_or((run, run));
            let last = date(&format!("{year}-{last}"));
            for day in date(&format!("{year}-{first}")).iter_days().take_while(|day| *day <= last) {
                assert_eq!(days.insert(day, kind == "work"), None, "{day} twice");
            }
        }
    }
    days
}

#[test]
fn the_calendar_is_that_of_the_table_of_notices() {
    let (calendar, notices) = (published(), notices());
    assert_eq!(exceptions().into_iter().collect::<BTreeMap<_, _>>(), notices);
    for today in date("2004-01-01").iter_days().take_while(|day| *day <= date("2026-12-31")) {
        let working = notices.get(&today).copied().unwrap_or(today.weekday().number_from_monday() < 6);
        assert_eq!(calendar.is_working_day(today), working, "{today}");
    }
    // 2025 and 2026 in the words of the statute digest, section 9.
    for off in ["2025-01-01", "2025-02-04", "2025-10-08", "2026-02-15", "2026-02-23", "2026-09-27"] {
        assert!(!calendar.is_working_day(date(off)), "{off}");
    }
    for work in ["2025-01-26", "2025-04-27", "2025-10-11", "2026-01-04", "2026-02-28", "2026-10-10"] {
        assert!(notices[&date(work)], "{work}");
    }
}

#[test]
fn the_8401_days_of_2004_to_2026_are_those_of_the_notices() {
    let (calendar, rows) = (published(), exceptions());
    let plain = PlainCalendar::new(&rows);
    let mut classes = BTreeMap::new();
    for today in date("2004-01-01").iter_days().take_while(|day| *day <= date("2026-12-31")) {
        let class = calendar.day(today).class;
        assert_eq!(class.is_working(), plain.works(day(today), true), "{today}");
        assert_eq!(class == DayClass::Workday, plain.works(day(today), false), "{today}");
        assert_eq!(class == DayClass::MakeUpWorkday, rows.get(&today) == Some(&true), "{today}");
        assert_eq!(class == DayClass::Holiday, rows.get(&today) == Some(&false), "{today}");
        *classes.entry(class).or_insert(0) += 1;
    }
    assert_eq!(classes.values().sum::<i32>(), 8_401);
    assert_eq!((classes[&DayClass::Holiday], classes[&DayClass::MakeUpWorkday]), (407, 151));
}
