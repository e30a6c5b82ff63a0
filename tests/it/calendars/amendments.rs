//! The three notices that amended a year while it ran, replayed: from the calendar as it stood before each, with cases open around
//! its days, exactly those move that must, from and to the right dates, each with its event.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::{apply, count, day, preview, publish, row, rows_of};
use crate::support::client::Client;
use crate::support::databases::{Backend, both_databases};
use crate::support::office::Office;
use crate::support::story::request;

/// A notice that amended a year.
struct Amendment {
    year: i32,
    notice: &'static str,
    /// What the year's first notice had for the days that the amendment is about: those it did not list follow the
    /// Monday-to-Friday rule.
    before: &'static [(&'static str, &'static str, &'static str)],
    /// The days that the amendment is about.
    days: &'static [&'static str],
    /// The year's first notice.
    first_notice: &'static str,
    /// A case is received on each day from here to there.
    received: (&'static str, &'static str),
    /// Some of them: received, due before, due after.
    known: &'static [(&'static str, &'static str, &'static str)],
}

/// 国务院关于中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日调休放假的通知 (国发明电〔2015〕1号, 13 May 2015): 3 to 5 September off, 6
/// September works. The year's notice (国办发明电〔2014〕28号) had nothing for these days.
const YEAR_2015: Amendment = Amendment {
    year: 2015,
    notice: "国发明电〔2015〕1号",
    before: &[],
    days: &["2015-09-03", "2015-09-04", "2015-09-06"],
    first_notice: "国办发明电〔2014〕28号",
    received: ("2015-08-03", "2015-09-12"),
    // Who was due on Thursday the 3rd is due on the Sunday that works; who was due before it stays.
    known: &[
        ("2015-08-05", "2015-09-02", "2015-09-02"),
        ("2015-08-06", "2015-09-03", "2015-09-06"),
        ("2015-08-07", "2015-09-04", "2015-09-07"),
        ("2015-08-10", "2015-09-07", "2015-09-08"),
        ("2015-09-02", "2015-09-30", "2015-10-08"),
        ("2015-09-07", "2015-10-10", "2015-10-10"),
    ],
};

/// 国务院办公厅关于调整2019年劳动节假期安排的通知 (国办发明电〔2019〕3号, 22 March 2019): 1 to 4 May off, 28 April and 5 May work. The year's
/// notice (国办发明电〔2018〕15号) had 1 May alone.
const YEAR_2019: Amendment = Amendment {
    year: 2019,
    notice: "国办发明电〔2019〕3号",
    before: &[("2019-05-01", "holiday", "劳动节")],
    days: &["2019-04-28", "2019-05-01", "2019-05-02", "2019-05-03", "2019-05-05"],
    first_notice: "国办发明电〔2018〕15号",
    received: ("2019-03-22", "2019-05-08"),
    // Sunday 28 April counts: due on Monday the 29th becomes due on the Sunday. Who was due on 30 April is due on the 29th.
    known: &[
        ("2019-03-28", "2019-04-26", "2019-04-26"),
        ("2019-03-29", "2019-04-29", "2019-04-28"),
        ("2019-04-01", "2019-04-30", "2019-04-29"),
        ("2019-04-02", "2019-05-02", "2019-04-30"),
        ("2019-04-03", "2019-05-03", "2019-05-05"),
        ("2019-04-04", "2019-05-06", "2019-05-06"),
    ],
};

/// 国务院办公厅关于延长2020年春节假期的通知 (国办发明电〔2020〕1号, 26 January 2020): off to 2 February, so that 31 January is off and
/// Saturday 1 February does not work. The year's notice (国办发明电〔2019〕16号) made 1 February a make-up day and had nothing for 31 January.
const YEAR_2020: Amendment = Amendment {
    year: 2020,
    notice: "国办发明电〔2020〕1号",
    before: &[("2020-02-01", "workday", "春节调休")],
    days: &["2020-01-31", "2020-02-01"],
    first_notice: "国办发明电〔2019〕16号",
    received: ("2019-12-20", "2020-02-05"),
    known: &[
        ("2019-12-25", "2020-01-22", "2020-01-22"),
        ("2019-12-26", "2020-01-23", "2020-01-23"),
        ("2019-12-27", "2020-01-31", "2020-02-03"),
        ("2019-12-30", "2020-02-01", "2020-02-04"),
        ("2020-02-03", "2020-03-02", "2020-03-02"),
    ],
};

both_databases! {
    fn the_days_off_of_september_2015_move_what_lies_across_them(backend) {
        replay(backend, &YEAR_2015);
    }

    fn the_longer_labour_day_of_2019_moves_what_lies_across_it(backend) {
        replay(backend, &YEAR_2019);
    }

    fn the_longer_spring_festival_of_2020_moves_what_lies_across_it(backend) {
        replay(backend, &YEAR_2020);
    }
}

/// The year's rows before the amendment, by hand, and after it, as they are in the files.
fn rows(amendment: &Amendment, after: &[Value]) -> Vec<Value> {
    let kept = after.iter().filter(|row| !amendment.days.iter().any(|day| row["date"] == *day)).cloned();
    let before = amendment.before.iter().map(|(date, kind, name)| {
        let mut row = row(date, kind, name);
        row["notice"] = json!(amendment.first_notice);
        row
    });
    let mut rows: Vec<Value> = kept.chain(before).collect();
    rows.sort_by_key(|row| row["date"].to_string());
    rows
}

fn replay(backend: Backend, amendment: &Amendment) {
    let office = Office::open(backend);
    let admin = office.as_role("system_admin");
    let path = format!("/calendars/cn/years/{}", amendment.year);
    let after = rows_of(&admin, "cn", amendment.year);
    assert!(after.iter().any(|row| row["notice"] == amendment.notice), "the files have the amendment");
    let before = rows(amendment, &after);
    // The year as it was before: nobody has a case yet.
    let previewed = publish(&admin, &path, amendment.first_notice, &before);
    assert_eq!((previewed.at("/moved/total"), previewed.at("/settled/total")), (&json!(0), &json!(0)));
    // All exceptions that lie in reach of the cases.
    let around = [amendment.year - 1, amendment.year + 1].map(|year| rows_of(&admin, "cn", year)).concat();
    let all = |of_year: &[Value]| [around.clone(), of_year.to_vec()].concat();
    let (all_before, all_after) = (all(&before), all(&after));

    let cases = receive_daily(&office, amendment.received);
    for (received, (_, case)) in &cases {
        assert_eq!(case["time_limit"]["due_on"], json!(count(*received, 20, &all_before)), "{received}");
    }
    for (received, due_before, due_after) in amendment.known {
        assert_eq!(count(day(received), 20, &all_before), day(due_before), "{received}, by hand");
        assert_eq!(count(day(received), 20, &all_after), day(due_after), "{received}, by hand");
    }

    let previewed = preview(&admin, &path, amendment.notice, &after).must(200);
    let days: Vec<&str> = previewed
        .at("/differences")
        .as_array()
        .unwrap()
        .iter()
        .map(|day| day["date"].as_str().unwrap())
        .collect();
    assert_eq!(days, amendment.days);
    check_moves(&previewed.body, &cases, &all_before, &all_after);
    // Nothing was written.
    let clerk = office.as_role("clerk");
    check_cases(&clerk, &cases, &all_before, None);

    let applied = apply(&admin, &path, amendment.notice, &after, previewed.str("/digest")).must(200);
    assert_eq!(applied.at("/moved/total"), previewed.at("/moved/total"));
    assert_eq!(applied.at("/versions"), &json!([{ "year": amendment.year, "version": 2 }]));
    let told = (amendment, applied.str("/change_set"));
    check_cases(&clerk, &cases, &all_after, Some((told, &all_before)));
    let kept = rows_of(&admin, "cn", amendment.year);
    assert_eq!(kept, after, "each day with its own notice");
    let versions = admin.get(&path).must(200);
    assert_eq!(versions.at("/versions/1/notice"), amendment.notice);
    assert_eq!(versions.at("/version"), 2);
    // The same once more changes nothing.
    let again = publish(&admin, &path, amendment.notice, &after);
    assert_eq!((again.at("/moved/total"), again.at("/versions")), (&json!(0), &json!([])));
    office.server.place.must_be_sound();
}

/// A counter case received on each day from here to there; by that day.
fn receive_daily(office: &Office, (from, to): (&str, &str)) -> BTreeMap<NaiveDate, (String, Value)> {
    let clerk = office.as_role("clerk");
    let days = day(from).iter_days().take_while(|date| *date <= day(to));
    days.map(|date| {
        let mut request = request();
        request["arrived_on"] = json!(date);
        let case = clerk.post("/cases", &request).must(201);
        (date, (case.str("/id").to_owned(), case.body))
    })
    .collect()
}

/// What a case owes: the reply and the correction notice, counted one by one.
fn owed(received: NaiveDate, rows: &[Value]) -> (NaiveDate, NaiveDate) {
    (count(received, 20, rows), count(received, 7, rows))
}

fn check_moves(
    previewed: &Value,
    cases: &BTreeMap<NaiveDate, (String, Value)>,
    before: &[Value],
    after: &[Value],
) {
    let moved: BTreeMap<&str, &Value> = previewed["moved"]["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| (case["case_id"].as_str().unwrap(), case))
        .collect();
    let mut moving = 0;
    for (received, (id, _)) in cases {
        let (was, is) = (owed(*received, before), owed(*received, after));
        let found = moved.get(id.as_str());
        assert_eq!(found.is_some(), was != is, "received on {received}: {found:?}");
        let Some(found) = found else { continue };
        moving += 1;
        for (side, (reply, correction)) in [("before", was), ("after", is)] {
            assert_eq!(found[side]["due_on"], json!(reply), "{received}");
            let obligations = found[side]["obligations"].as_array().unwrap();
            let of =
                |kind: &str| obligations.iter().find(|owed| owed["kind"] == kind).unwrap()["due_on"].clone();
            assert_eq!(
                (of("reply"), of("correction_notice")),
                (json!(reply), json!(correction)),
                "{received}"
            );
        }
        assert_eq!(found["agency"], "320800");
    }
    assert_eq!(previewed["moved"]["total"], moving);
    assert!(moving > 5 && moving < cases.len(), "{moving} of {} move", cases.len());
}

/// Every case shows its date by these rows; where a change set moved it, also the event, in the list and in the history.
fn check_cases(
    clerk: &Client,
    cases: &BTreeMap<NaiveDate, (String, Value)>,
    rows: &[Value],
    moved: Option<((&Amendment, &str), &[Value])>,
) {
    for (received, (id, first)) in cases {
        let shown = clerk.get(&format!("/cases/{id}")).must(200);
        let (due, was) = (owed(*received, rows), moved.map(|(_, before)| owed(*received, before)));
        assert_eq!(shown.at("/time_limit/due_on"), &json!(due.0), "{received}");
        let history = clerk.get(&format!("/cases/{id}/history")).must(200);
        let events = history.at("/events").as_array().unwrap().clone();
        let told = events.iter().find(|event| event["type"] == "calendar_changed");
        let moves = was.is_some_and(|was| was != due);
        assert_eq!(told.is_some(), moves, "{received}");
        assert_eq!(shown.at("/version"), if moves { 2 } else { 1 }, "{received}");
        let (Some(told), Some(((amendment, change_set), _)), Some(was)) = (told, moved, was) else {
            assert_eq!(shown.at("/version"), &first["version"]);
            continue;
        };
        let event = json!({
            "type": "calendar_changed", "calendar": "cn", "year": amendment.year, "version": 2,
            "notice": amendment.notice, "due_before": was.0, "due_after": due.0, "change_set": change_set,
        });
        assert_eq!(told["event"], event, "{received}");
        assert_eq!(told["seq"], 2);
    }
    let last = cases.keys().next_back().unwrap();
    let list = clerk.get(&format!("/cases?sort=received_on&limit=200&received_to={last}")).must(200);
    for line in list.at("/items").as_array().unwrap() {
        let received = day(line["received_on"].as_str().unwrap());
        assert_eq!(line["due_on"], json!(owed(received, rows).0), "{received}");
    }
}
