//! The calendar that the clock is given equals the notices on every day of 2004 to 2026, counted.

use super::date;
use super::plain_calendar::{PlainCalendar, day, exceptions};
use crate::domain::calendar::DayClass;
use crate::domain::calendar::tests::published;
use std::collections::BTreeMap;

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
