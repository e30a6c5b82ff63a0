use super::{
    CalendarError, CalendarRow, DayClass, ExceptionKind, Provisional, WorkingCalendar,
    working_days::weekdays_through,
};
use crate::domain::channel::tests::assert_coded;
use chrono::{Datelike, Days, NaiveDate};
use proptest::prelude::*;
use std::collections::BTreeMap;

const CSV: &str = include_str!("../../../law/cn/calendar.csv");

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The published calendar, read by hand so that this test does not lean on the code that reads law files.
fn published_rows() -> Vec<CalendarRow> {
    let row = |line: &str| {
        let fields: Vec<_> = line.split(',').collect();
        let kind = match fields[1] {
            "holiday" => ExceptionKind::Holiday,
            "workday" => ExceptionKind::Workday,
            other => panic!("{other}"),
        };
        CalendarRow { date: date(fields[0]), kind, name: fields[2].to_owned(), source: fields[3].to_owned() }
    };
    CSV.lines().skip(1).map(row).collect()
}

/// The published calendar of China.
pub(crate) fn published() -> WorkingCalendar {
    WorkingCalendar::new("cn", published_rows()).unwrap()
}

/// Every day of the published years.
fn days() -> impl Iterator<Item = NaiveDate> {
    date("2004-01-01").iter_days().take_while(|day| *day <= date("2026-12-31"))
}

fn row(text: &str, kind: ExceptionKind) -> CalendarRow {
    CalendarRow { date: date(text), kind, name: "节".to_owned(), source: "notice".to_owned() }
}

#[test]
fn day_classes_are_coded() {
    assert_coded(DayClass::ALL, DayClass::code, DayClass::parse, [DayClass::label_zh, DayClass::label_en]);
}

#[test]
fn every_published_day_has_the_class_of_its_row_or_of_the_weekday() {
    let calendar = published();
    let rows: BTreeMap<_, _> = published_rows().into_iter().map(|row| (row.date, row)).collect();
    assert_eq!(rows.len(), 558);
    let mut per_class = BTreeMap::new();
    for date in days() {
        let day = calendar.day(date);
        let expected = match rows.get(&date).map(|row| row.kind) {
            Some(ExceptionKind::Holiday) => DayClass::Holiday,
            Some(ExceptionKind::Workday) => DayClass::MakeUpWorkday,
            None if date.weekday().number_from_monday() > 5 => DayClass::Weekend,
            None => DayClass::Workday,
        };
        assert_eq!((day.date, day.class), (date, expected));
        assert_eq!(day.source, rows.get(&date).map(|row| row.source.as_str()));
        assert_eq!(calendar.is_working_day(date), expected.is_working());
        *per_class.entry(day.class).or_insert(0) += 1;
    }
    assert_eq!((per_class[&DayClass::Holiday], per_class[&DayClass::MakeUpWorkday]), (407, 151));
    assert_eq!(per_class.values().sum::<i32>(), 8401);
}

#[test]
fn counting_agrees_with_looking_at_each_day() {
    let calendar = published();
    let mut through = 0;
    for day in days() {
        through += i64::from(calendar.is_working_day(day));
        assert_eq!(calendar.working_days_between(date("2003-12-31"), day), through, "{day}");
        assert_eq!(calendar.working_days_between(day, date("2003-12-31")), -through, "{day}");
    }
    assert_eq!(weekdays_through(5), 5);
    assert_eq!(weekdays_through(8), 6);
}

#[test]
fn adding_gives_a_working_day_with_exactly_so_many_between_and_never_an_earlier_one_for_a_later_start() {
    let calendar = published();
    for n in [1, 2, 7, 15, 20, 40] {
        let mut previous = None;
        for start in days() {
            let end = calendar.add_working_days(start, n).unwrap();
            assert!(calendar.is_working_day(end), "{start} + {n}");
            assert_eq!(calendar.working_days_between(start, end), i64::from(n), "{start} + {n}");
            assert!(previous <= Some(end), "{start} + {n}");
            previous = Some(end);
        }
    }
}

#[test]
fn going_back_finds_the_first_day_with_so_many_left() {
    let calendar = published();
    for n in [0, 1, 2, 5, 20] {
        for end in days().filter(|day| *day >= date("2004-02-29")) {
            let first = calendar.previous_working_days(end, n).unwrap();
            assert_eq!(calendar.working_days_between(first, end), i64::from(n), "{end} - {n}");
            let eve = first.pred_opt().unwrap();
            assert_eq!(calendar.working_days_between(eve, end), i64::from(n) + 1, "{end} - {n}");
            if calendar.is_working_day(end) {
                assert_eq!(calendar.add_working_days(first, n).unwrap(), end, "{end} - {n}");
            }
        }
    }
}

#[test]
fn nothing_added_is_the_day_itself_and_rolling_gives_the_next_working_day() {
    let calendar = published();
    for day in days() {
        assert_eq!(calendar.add_working_days(day, 0).unwrap(), day);
        let rolled = calendar.roll_forward(day).unwrap();
        let expected = day.iter_days().find(|day| calendar.is_working_day(*day)).unwrap();
        assert_eq!(rolled, expected);
    }
    // A 60th day on Sunday 31 May 2026 rolls to 1 June; a 15th on 3 October rolls over the National Day.
    assert_eq!(calendar.roll_forward(date("2026-05-31")).unwrap(), date("2026-06-01"));
    assert_eq!(calendar.roll_forward(date("2026-10-03")).unwrap(), date("2026-10-08"));
}

/// The worked examples of practice and of a guiding case, each with the day after receipt as day 1.
#[test]
fn worked_examples() {
    let calendar = published();
    let examples = [
        ("2026-03-02", 20, "2026-03-30"), // plain
        ("2026-02-04", 20, "2026-03-10"), // Spring Festival, two make-up Saturdays
        ("2025-09-22", 20, "2025-10-24"), // National Day, a make-up Sunday and Saturday
        ("2026-03-02", 7, "2026-03-11"),  // the last day for a correction notice
        ("2026-03-18", 20, "2026-04-16"), // restarted by a correction
        ("2026-03-30", 20, "2026-04-28"), // extended by 20
        ("2026-03-30", 10, "2026-04-14"), // extended by 10
        ("2026-03-12", 15, "2026-04-02"), // a third party's answer
        ("2026-04-16", 15, "2026-05-11"), // a joint maker's answer
        ("2026-03-24", 20, "2026-04-22"), // payment
        ("2026-04-10", 20, "2026-05-12"), // restarted by payment
        ("2026-01-30", 20, "2026-03-05"), // EMS
        ("2026-05-02", 20, "2026-06-01"), // received on a holiday
        ("2026-05-06", 20, "2026-06-02"),
        ("2025-12-15", 20, "2026-01-13"), // across the year's end
        ("2011-06-01", 15, "2011-06-23"), // guiding case 26, under the old law
    ];
    for (start, n, end) in examples {
        assert_eq!(calendar.add_working_days(date(start), n).unwrap(), date(end), "{start} + {n}");
    }
}

#[test]
fn before_coverage_nothing_is_counted() {
    let calendar = published();
    let refused = Err(CalendarError::BeforeCoverage { first: date("2004-01-01") });
    assert_eq!(calendar.add_working_days(date("2003-12-31"), 0), refused);
    assert_eq!(calendar.roll_forward(date("2003-12-31")), refused);
    assert_eq!(calendar.previous_working_days(date("2004-01-02"), 1), refused);
    assert_eq!(calendar.previous_working_days(date("2004-01-01"), 0), refused);
    assert_eq!(calendar.previous_working_days(date("2004-01-02"), 0), Ok(date("2004-01-02")));
    assert_eq!(calendar.add_working_days(date("2004-01-01"), 1), Ok(date("2004-01-02")));
}

#[test]
fn the_end_of_time_is_refused() {
    let calendar = published();
    assert_eq!(calendar.add_working_days(NaiveDate::MAX, 1), Err(CalendarError::OutOfRange));
    assert_eq!(calendar.provisional(NaiveDate::MAX, NaiveDate::MAX), None);
    assert!(calendar.working_days_between(NaiveDate::MIN, NaiveDate::MAX) > 0);
}

#[test]
fn a_count_is_provisional_if_it_touches_unsettled_days() {
    let calendar = published();
    let last_days = Some(Provisional::LastDaysOfLastYear { year: 2026 });
    let no_notice = |year| Some(Provisional::YearWithoutNotice { year });
    let cases = [
        ("2025-12-01", "2026-01-05", None), // last year's end is settled by this year's notice
        ("2026-12-01", "2026-12-24", None),
        ("2026-12-01", "2026-12-25", last_days),
        ("2026-12-24", "2026-12-25", last_days),
        ("2026-12-30", "2026-12-31", last_days),
        ("2026-12-31", "2026-12-31", None), // no day is counted
        ("2026-12-31", "2026-12-30", None),
        ("2026-12-31", "2027-01-04", no_notice(2027)),
        ("2026-12-01", "2027-01-04", no_notice(2027)),
        ("2027-12-31", "2028-01-03", no_notice(2028)),
        ("2030-05-05", "2030-05-06", no_notice(2030)),
    ];
    for (from, to, expected) in cases {
        assert_eq!(calendar.provisional(date(from), date(to)), expected, "{from} {to}");
    }
    for day in days().filter(|day| *day <= date("2026-11-25")) {
        assert_eq!(calendar.provisional(day, calendar.add_working_days(day, 20).unwrap()), None, "{day}");
    }
}

#[test]
fn faulty_rows_are_refused() {
    let new = |rows| WorkingCalendar::new("x", rows).unwrap_err();
    let holiday = |text| row(text, ExceptionKind::Holiday);
    assert_eq!(new(vec![]), CalendarError::Empty);
    let twice = vec![holiday("2026-01-01"), holiday("2026-01-02"), row("2026-01-01", ExceptionKind::Workday)];
    assert_eq!(new(twice), CalendarError::Duplicate { date: date("2026-01-01") });
    let weekday = CalendarError::WorkdayOnWeekday { date: date("2026-01-05") };
    assert_eq!(new(vec![row("2026-01-05", ExceptionKind::Workday)]), weekday);
    assert_eq!(weekday.to_string(), "2026-01-05 is listed as a make-up workday but is a Monday already");
    let gap = vec![holiday("2026-01-01"), holiday("2023-01-02")];
    assert_eq!(new(gap), CalendarError::YearMissing { year: 2024 });
    let nameless = CalendarRow { source: " ".to_owned(), ..holiday("2026-01-01") };
    assert_eq!(new(vec![nameless]), CalendarError::WithoutSource { date: date("2026-01-01") });
}

#[test]
fn a_holiday_on_a_weekend_is_named_and_changes_no_count() {
    let plain = WorkingCalendar::new("x", vec![row("2026-01-01", ExceptionKind::Holiday)]).unwrap();
    let rows = vec![row("2026-01-01", ExceptionKind::Holiday), row("2026-01-03", ExceptionKind::Holiday)];
    let listed = WorkingCalendar::new("x", rows).unwrap();
    let saturday = date("2026-01-03");
    assert_eq!(
        (plain.day(saturday).class, listed.day(saturday).class),
        (DayClass::Weekend, DayClass::Holiday)
    );
    for days in 0..400 {
        let day = date("2025-12-31") + Days::new(days);
        let count = |calendar: &WorkingCalendar| calendar.working_days_between(date("2025-12-31"), day);
        assert_eq!(count(&plain), count(&listed));
    }
}

/// Exceptions of the year 2030 at random, and each a valid one.
fn rows() -> impl Strategy<Value = Vec<CalendarRow>> {
    let day_in_2030 = |ordinal| NaiveDate::from_yo_opt(2030, ordinal).unwrap();
    prop::collection::btree_set(1..=365_u32, 1..60).prop_map(move |ordinals| {
        let exception = |ordinal| {
            let date: NaiveDate = day_in_2030(ordinal);
            let weekend = date.weekday().number_from_monday() > 5;
            let kind = if weekend { ExceptionKind::Workday } else { ExceptionKind::Holiday };
            CalendarRow { date, kind, name: String::new(), source: "notice".to_owned() }
        };
        ordinals.into_iter().map(exception).collect()
    })
}

proptest! {
    #[test]
    fn an_extra_holiday_never_gives_an_earlier_date_and_more_days_a_later_one(
        rows in rows(), start in 1..=300_u32, n in 0..60_u16,
    ) {
        let start = NaiveDate::from_yo_opt(2030, start).unwrap();
        let calendar = WorkingCalendar::new("x", rows.clone()).unwrap();
        let end = calendar.add_working_days(start, n).unwrap();
        prop_assert!(end < calendar.add_working_days(start, n + 1).unwrap());
        if let Some(extra) = start.iter_days().find(|day| calendar.day(*day).class == DayClass::Workday) {
            let mut more = rows;
            more.push(CalendarRow { date: extra, ..more[0].clone() });
            more.last_mut().unwrap().kind = ExceptionKind::Holiday;
            let more = WorkingCalendar::new("x", more).unwrap();
            prop_assert!(end <= more.add_working_days(start, n).unwrap());
        }
    }

    #[test]
    fn the_order_of_rows_is_irrelevant(rows in rows()) {
        let reversed = rows.iter().rev().cloned().collect();
        prop_assert_eq!(WorkingCalendar::new("x", rows), WorkingCalendar::new("x", reversed));
    }
}
