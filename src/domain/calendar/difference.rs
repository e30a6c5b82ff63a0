//! What a new or amended notice changes: day by day, and which counts it can touch.

use super::{Day, WorkingCalendar};
use chrono::NaiveDate;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// A day that is not what it was: its class, its name or its notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference<'a> {
    /// As it was.
    pub before: Day<'a>,
    /// As it is.
    pub after: Day<'a>,
}

/// Every day on which two calendars differ, in order.
pub fn differences<'a>(before: &'a WorkingCalendar, after: &'a WorkingCalendar) -> Vec<Difference<'a>> {
    let dates: BTreeSet<NaiveDate> =
        before.exceptions().chain(after.exceptions()).map(|row| row.date).collect();
    let differing = |date| {
        let (before, after) = (before.day(date), after.day(date));
        (before != after).then_some(Difference { before, after })
    };
    dates.into_iter().filter_map(differing).collect()
}

/// The days that a count must touch to come out otherwise, both ends included; `None` when none can.
///
/// Where the covered years change, so does what is provisional: then it reaches from 25 December of the last year that both
/// cover to the end of dates (and from the beginning of dates, when the first year changes).
pub fn touched(before: &WorkingCalendar, after: &WorkingCalendar) -> Option<RangeInclusive<NaiveDate>> {
    let differing = differences(before, after);
    let mut days =
        differing.iter().filter(|day| day.before.class != day.after.class).map(|day| day.before.date);
    let first = days.next();
    let last = days.next_back().or(first);
    let (was, is) = (before.coverage(), after.coverage());
    if was.start() != is.start() {
        return Some(NaiveDate::MIN..=NaiveDate::MAX);
    }
    if was.end() != is.end() {
        let open = NaiveDate::from_ymd_opt(*was.end().min(is.end()), 12, 25)?;
        return Some(first.map_or(open, |first| first.min(open))..=NaiveDate::MAX);
    }
    Some(first?..=last?)
}

#[cfg(test)]
mod tests {
    use super::{differences, touched};
    use crate::domain::calendar::tests::published;
    use crate::domain::calendar::{CalendarRow, DayClass, ExceptionKind, WorkingCalendar};
    use chrono::NaiveDate;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn changed(change: impl Fn(&mut Vec<CalendarRow>)) -> WorkingCalendar {
        let mut rows = published().exceptions().cloned().collect();
        change(&mut rows);
        WorkingCalendar::new("cn", rows).unwrap()
    }

    #[test]
    fn the_same_calendar_touches_nothing() {
        assert!(differences(&published(), &published()).is_empty());
        assert_eq!(touched(&published(), &published()), None);
        // Another name or notice is told, and touches no count.
        let renamed = changed(|rows| rows[0].name = "x".to_owned());
        assert_eq!(differences(&published(), &renamed).len(), 1);
        assert_eq!(touched(&published(), &renamed), None);
    }

    #[test]
    fn an_amendment_touches_what_lies_across_its_days() {
        let amended = changed(|rows| {
            rows.retain(|row| row.date != date("2015-09-03") && row.date != date("2015-09-06"));
        });
        let published = published();
        let days = differences(&amended, &published);
        let told: Vec<_> =
            days.iter().map(|day| (day.before.date, day.before.class, day.after.class)).collect();
        let expected = [
            (date("2015-09-03"), DayClass::Workday, DayClass::Holiday),
            (date("2015-09-06"), DayClass::Weekend, DayClass::MakeUpWorkday),
        ];
        assert_eq!(told, expected);
        assert_eq!(touched(&amended, &published), Some(date("2015-09-03")..=date("2015-09-06")));
    }

    #[test]
    fn a_new_year_settles_the_last_days_of_the_year_before() {
        let next = changed(|rows| {
            rows.push(CalendarRow {
                date: date("2027-01-01"),
                kind: ExceptionKind::Holiday,
                name: "元旦".to_owned(),
                source: "x".to_owned(),
            });
        });
        assert_eq!(touched(&published(), &next), Some(date("2026-12-25")..=NaiveDate::MAX));
        assert_eq!(touched(&next, &published()), Some(date("2026-12-25")..=NaiveDate::MAX));
    }
}
