//! Looking a day up in the calendar, counting and adding working days allocate nothing. A test binary of its own, since it
//! replaces the allocator by one that counts.

use allocation_counter::measure;
use chrono::NaiveDate;
use gongkai::law::LawBook;

#[test]
fn the_calendar_answers_without_allocating() {
    let law = LawBook::embedded().unwrap();
    let calendar = law.calendar("cn").unwrap();
    let days = || "2004-01-02".parse::<NaiveDate>().unwrap().iter_days().take(8_300);
    let mut seen = 0_i64;
    let counted = measure(|| {
        for day in days() {
            seen += i64::from(calendar.is_working_day(day));
            seen += i64::from(calendar.day(day).source.is_some());
            seen += calendar.working_days_between(day, calendar.add_working_days(day, 20).unwrap());
            assert!(calendar.roll_forward(day).unwrap() >= day);
        }
    });
    assert!(seen > 8_300 * 20);
    assert_eq!(counted.count_total, 0, "allocations");
    // The counter does count.
    assert!(measure(|| drop(vec![seen])).count_total > 0);
}
