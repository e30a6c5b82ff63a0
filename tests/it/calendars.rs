//! The calendar as evidence: a notice is tried, applied as one change set, and moves exactly the cases it must.

mod amendments;
mod change;
mod next_year;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde_json::{Value, json};

use crate::support::client::{Client, Reply};

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A row as it is sent.
pub fn row(date: &str, kind: &str, name: &str) -> Value {
    json!({ "date": date, "kind": kind, "name": name })
}

/// The rows of a year as the server has them, to be sent back changed.
pub fn rows_of(caller: &Client, calendar: &str, year: i32) -> Vec<Value> {
    let year = caller.get(&format!("/calendars/{calendar}/years/{year}")).must(200);
    year.at("/days").as_array().unwrap().clone()
}

/// Tries a year.
pub fn preview(caller: &Client, path: &str, notice: &str, rows: &[Value]) -> Reply {
    caller.post(&format!("{path}/preview?limit=1000"), &json!({ "notice": notice, "rows": rows }))
}

/// Applies a year as it was tried.
pub fn apply(caller: &Client, path: &str, notice: &str, rows: &[Value], digest: &str) -> Reply {
    caller.put(path, &json!({ "notice": notice, "rows": rows, "preview": digest }))
}

/// Tries and applies a year; answers the preview.
#[track_caller]
pub fn publish(caller: &Client, path: &str, notice: &str, rows: &[Value]) -> Reply {
    let previewed = preview(caller, path, notice, rows).must(200);
    let applied = apply(caller, path, notice, rows, previewed.str("/digest")).must(200);
    assert_eq!(applied.at("/moved/total"), previewed.at("/moved/total"));
    previewed
}

/// The `n`-th working day after a day, counted one by one: weekdays but for those off, and the make-up days.
pub fn count(received: NaiveDate, n: u32, rows: &[Value]) -> NaiveDate {
    let listed = |date: NaiveDate| {
        rows.iter().find(|row| row["date"] == json!(date)).map(|row| row["kind"] == "workday")
    };
    let works = |date: NaiveDate| {
        let weekday = !matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        listed(date).unwrap_or(weekday)
    };
    let mut date = received;
    for _ in 0..n {
        date = date + Days::new(1);
        while !works(date) {
            date = date + Days::new(1);
        }
    }
    date
}
