//! A year of a real district, by hand: its 95 requests of 2024, each taken through the interface by the people whose
//! steps they are, give the table 3 that it published.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{Datelike, Days, NaiveDate};
use gongkai::domain::annual_report::{Column, Form, Row};
use gongkai::domain::outcome::Outcome;
use serde_json::{Value, json};

use crate::support::databases::both_databases;
use crate::support::office::{BUDGET, Office};
use crate::support::story::CaseStory;

/// How many desks work at the same time.
const DESKS: usize = 4;

/// A published report of the folder `tests/data/annual-reports`.
pub fn published(name: &str) -> Value {
    let path = format!("{}/tests/data/annual-reports/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The cells of a table, row by row, in which it differs from the published one.
pub fn differences(published: &Value, ours: &Value) -> Vec<String> {
    let form = Form::parse(published["form"].as_str().unwrap()).unwrap();
    let cells = Row::of(form).flat_map(|row| Column::ALL.map(|column| (row.code(), column.code())));
    let cell = |table: &Value, (row, column): (&str, &str)| table["table3"][row][column].clone();
    let differ = |at: &(&str, &str)| cell(published, *at).as_u64().unwrap_or(0) != cell(ours, *at);
    let told = |at| format!("{at:?}: {} and not {}", cell(ours, at), cell(published, at));
    cells.filter(differ).map(told).collect()
}

/// One request as it will come.
struct Coming {
    kind: &'static str,
    outcome: Outcome,
    arrives_on: NaiveDate,
    channel: &'static str,
}

/// The requests that were received and concluded in the year, as the table counts them: mixed, spread over the year,
/// by every channel in turn.
fn requests(report: &Value) -> Vec<Coming> {
    let year = i32::try_from(report["year"].as_i64().unwrap()).unwrap();
    let channels = ["counter", "registered_post", "ordinary_post", "fax", "online", "email"];
    // The older form has one row for the three results that the newer one divides.
    let divided = [Outcome::OtherOverdueCorrection, Outcome::OtherOverdueFee, Outcome::OtherOther];
    let mut all = Vec::new();
    for column in Column::ALL.into_iter().filter(|column| *column != Column::Total) {
        let count = |row: &str| report["table3"][row][column.code()].as_u64().unwrap_or(0);
        for outcome in Outcome::ALL {
            all.extend((0..count(outcome.code())).map(|_| (column.code(), *outcome)));
        }
        all.extend(
            (0..count("other_total"))
                .zip(divided.iter().cycle())
                .map(|(_, outcome)| (column.code(), *outcome)),
        );
        assert_eq!((count("carried_over"), count("carried_forward")), (0, 0), "all in one year");
    }
    let length = u64::try_from(all.len()).unwrap();
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
    let mut mixed: Vec<_> = (0_u64..).zip(all).collect();
    mixed.sort_by_key(|(nth, _)| (nth * 7919) % 1009);
    let coming = |(nth, (_, (kind, outcome))): (u64, (u64, (&'static str, Outcome)))| Coming {
        kind,
        outcome,
        // The last is answered on the year's last day.
        arrives_on: first + Days::new(nth * 337 / (length - 1)),
        channel: channels[usize::try_from(nth).unwrap() % channels.len()],
    };
    (0_u64..).zip(mixed).map(coming).collect()
}

/// Takes a request through its life and returns its number.
fn take_through(office: &Office, nth: usize, coming: &Coming) -> String {
    let day = |days: u64| coming.arrives_on + Days::new(days);
    let request = json!({
        "channel": coming.channel,
        "arrived_on": day(0),
        "applicant": { "kind": coming.kind, "name": format!("申请人{nth}"), "address": "某市某区某路1号" },
        "description": format!("申请公开某项目{nth}的验收材料。"),
        "evidence": "收件登记",
    });
    let mut case = CaseStory::receive(office, &request);
    // Ordinary post and fax are received on the day of confirmation (Art. 31); an online submission may be confirmed,
    // which moves nothing.
    if matches!(coming.channel, "ordinary_post" | "fax") || nth % 12 == 4 {
        case = case.on(day(2)).confirm();
    }
    let received = if matches!(coming.channel, "ordinary_post" | "fax") { day(2) } else { day(0) };
    assert_eq!(case.last.str("/received_on"), received.to_string(), "{}", coming.channel);
    case = case.on(day(3)).register(&format!("某项目{nth}的验收材料"));
    let number = case.number().to_owned();
    case = case.assign(BUDGET).on(day(4)).acknowledge();
    case = case.on(day(20)).draft(coming.outcome.code(), "经研究，答复如下。").on(day(21)).submit();
    case = case.pass("legal").on(day(22)).pass("secrecy").on(day(27)).pass("sign_off");
    case = case.on(day(28)).issue();
    assert_eq!(case.last.str("/concluded_on"), day(28).to_string());
    // What happens after the year's end is no matter of the year's report.
    let last = case.on(day(35)).serve("post").on(day(60)).archive().last;
    assert_eq!((last.str("/status"), last.str("/outcome")), ("archived", coming.outcome.code()));
    number
}

both_databases! {
    fn a_real_year_by_hand_gives_the_published_table(backend) {
        let report = published("hongze-district-2024");
        let office = Office::open(backend);
        let coming = requests(&report);
        assert_eq!(coming.len(), 95);
        let next = AtomicUsize::new(0);
        let desk = || {
            let mut numbers = Vec::new();
            loop {
                let nth = next.fetch_add(1, Ordering::SeqCst);
                let Some(coming) = coming.get(nth) else { return numbers };
                numbers.push(take_through(&office, nth, coming));
            }
        };
        let mut numbers: Vec<String> = std::thread::scope(|scope| {
            let desks: Vec<_> = (0..DESKS).map(|_| scope.spawn(desk)).collect();
            desks.into_iter().flat_map(|desk| desk.join().unwrap()).collect()
        });

        let ours = office.as_role("approver").get("/reports/annual/2024?form=2019").must(200);
        assert_eq!(differences(&report, &ours.body), Vec::<String>::new());
        assert_eq!(ours.at("/consistent"), true);
        let year_before = office.as_role("approver").get("/reports/annual/2023?form=2019").must(200);
        assert_eq!(year_before.at("/table3/new_received/total"), 0);

        let mut wanted: Vec<String> = (1..=95).map(|n| format!("公申〔2024〕{n}号")).collect();
        numbers.sort();
        wanted.sort();
        assert_eq!(numbers, wanted, "numbers without a gap, none twice");
        let last_day = coming.iter().map(|coming| coming.arrives_on + Days::new(28)).max().unwrap();
        assert_eq!((last_day.month(), last_day.day()), (12, 31), "the last is answered on the year's last day");
    }
}

#[test]
fn a_table_that_differs_in_one_cell_is_told() {
    let report = published("hongze-district-2024");
    let mut other = report.clone();
    assert_eq!(differences(&report, &other), Vec::<String>::new());
    other["table3"]["unable_not_held"]["natural_person"] = json!(32);
    other["table3"]["carried_over"]["other_org"] = Value::Null;
    assert_eq!(differences(&report, &other).len(), 2, "{:?}", differences(&report, &other));
}
