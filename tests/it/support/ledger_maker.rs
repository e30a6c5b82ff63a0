//! A ledger made from a published annual report, such that the report of that year must come out of it again.

use chrono::{Days, NaiveDate};
use gongkai::app::ledger_file::HEADER;
use gongkai::domain::applicant::ApplicantKind;
use gongkai::domain::channel::Channel;
use gongkai::domain::outcome::Outcome;
use serde_json::Value;

/// The ledger (CSV) of an office whose table 3 for `report["year"]` is `report["table3"]`, in the order of
/// receipt.
///
/// Each column becomes its cases: those carried over were received in the last quarter of the year before,
/// the new ones from 1 January to 31 December; the first received are concluded, within the year; the rest
/// stay open. Form 2019's undivided `other_total` becomes `other_other`. Added are cases that must not count:
/// received and concluded in the year before. All texts are made up, and the same report gives the same
/// ledger.
///
/// # Panics
///
/// If a column is not balanced: no ledger can have it.
pub fn ledger_from_table3(report: &Value) -> String {
    let year = must(report["year"].as_i64().and_then(|year| i32::try_from(year).ok()), "a year");
    let mut cases: Vec<Case> =
        ApplicantKind::ALL.iter().flat_map(|&kind| cases_of_column(&report["table3"], kind, year)).collect();
    cases.extend(cases_that_must_not_count(year));
    cases.sort_by_key(|case| case.received_on);
    write(&cases, year)
}

struct Case {
    kind: ApplicantKind,
    received_on: NaiveDate,
    concluded: Option<(Outcome, NaiveDate)>,
}

fn cases_of_column(table3: &Value, kind: ApplicantKind, year: i32) -> Vec<Case> {
    let count = |row: &str| count(table3, row, kind);
    let earlier = spread(date(year - 1, 10, 1), date(year - 1, 12, 31), count("carried_over"));
    let received =
        earlier.into_iter().chain(spread(date(year, 1, 1), date(year, 12, 31), count("new_received")));
    let received: Vec<NaiveDate> = received.collect();
    let outcomes = outcomes_of_column(table3, kind);
    assert_eq!(outcomes.len(), count("handled_total"), "{}: the results do not add up", kind.code());
    assert_eq!(
        received.len(),
        outcomes.len() + count("carried_forward"),
        "{}: what came in is not what went out",
        kind.code()
    );
    let outcomes = outcomes.into_iter().map(Some).chain(std::iter::repeat(None));
    let case = |(nth, (received_on, outcome)): (u64, (NaiveDate, Option<Outcome>))| {
        let replied_on = (received_on + Days::new(nth % 21)).clamp(date(year, 1, 1), date(year, 12, 31));
        Case { kind, received_on, concluded: outcome.map(|outcome| (outcome, replied_on)) }
    };
    (0..).zip(received.into_iter().zip(outcomes)).map(case).collect()
}

/// The column's results, one by one, mixed.
fn outcomes_of_column(table3: &Value, kind: ApplicantKind) -> Vec<Outcome> {
    let rows = Outcome::ALL.iter().map(|&outcome| (outcome, outcome.code()));
    let rows = rows.chain([(Outcome::OtherOther, "other_total")]);
    let outcomes: Vec<Outcome> =
        rows.flat_map(|(outcome, row)| std::iter::repeat_n(outcome, count(table3, row, kind))).collect();
    let mut mixed: Vec<(usize, Outcome)> = outcomes.into_iter().enumerate().collect();
    mixed.sort_by_key(|(nth, _)| (nth * 7919) % 1009);
    mixed.into_iter().map(|(_, outcome)| outcome).collect()
}

/// What a cell of the published table counts as; a row that the form has not, or a blank cell, counts as 0.
fn count(table3: &Value, row: &str, kind: ApplicantKind) -> usize {
    let cell = table3.get(row).and_then(|cells| cells.get(kind.code()));
    must(usize::try_from(cell.and_then(Value::as_u64).unwrap_or(0)).ok(), "a count")
}

/// So many days, evenly from the first to the last.
fn spread(first: NaiveDate, last: NaiveDate, count: usize) -> Vec<NaiveDate> {
    let span = (last - first).num_days().unsigned_abs();
    let steps = must(u64::try_from(count).ok(), "a count").saturating_sub(1).max(1);
    (0..).take(count).map(|nth| first + Days::new(nth * span / steps)).collect()
}

/// One for each outcome, concluded up to the last day of the year before.
fn cases_that_must_not_count(year: i32) -> Vec<Case> {
    let received = spread(date(year - 1, 1, 1), date(year - 1, 12, 31), Outcome::ALL.len());
    let kinds = ApplicantKind::ALL.iter().cycle();
    let case = |((&outcome, &kind), received_on): ((&Outcome, &ApplicantKind), NaiveDate)| {
        let replied_on = (received_on + Days::new(15)).min(date(year - 1, 12, 31));
        Case { kind, received_on, concluded: Some((outcome, replied_on)) }
    };
    Outcome::ALL.iter().zip(kinds).zip(received).map(case).collect()
}

fn write(cases: &[Case], year: i32) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    must(writer.write_record(HEADER.split(',')).ok(), "a header");
    let channels = Channel::ALL.iter().cycle();
    for ((nth, case), channel) in (1..).zip(cases).zip(channels) {
        must(writer.write_record(record(case, *channel, nth, date(year, 12, 31))).ok(), "a record");
    }
    must(writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()), "a text")
}

/// The fields of the nth case; nothing happens after `end`.
fn record(case: &Case, channel: Channel, nth: u64, end: NaiveDate) -> [String; 11] {
    let registered_on = (case.received_on + Days::new(nth % 3)).min(end);
    let replied_on = case.concluded.map(|(_, on)| on);
    let archived_on = replied_on.filter(|_| !nth.is_multiple_of(4)).map(|on| (on + Days::new(30)).min(end));
    let date = |on: Option<NaiveDate>| on.map(|on| on.to_string()).unwrap_or_default();
    [
        format!("台账-{nth:05}"),
        channel.code().to_owned(),
        case.received_on.to_string(),
        registered_on.to_string(),
        case.kind.code().to_owned(),
        applicant(case.kind, nth),
        description(nth),
        if nth.is_multiple_of(5) { String::new() } else { format!("虚构{}科", nth % 5) },
        case.concluded.map(|(outcome, _)| outcome.code().to_owned()).unwrap_or_default(),
        date(replied_on),
        date(archived_on),
    ]
}

fn applicant(kind: ApplicantKind, nth: u64) -> String {
    match kind {
        ApplicantKind::NaturalPerson => format!("申请人{nth:05}"),
        ApplicantKind::CommercialEnterprise
        | ApplicantKind::ResearchInstitution
        | ApplicantKind::PublicWelfareOrg
        | ApplicantKind::LegalServiceOrg
        | ApplicantKind::OtherOrg => format!("虚构单位{nth:05}"),
    }
}

/// Texts as they come: with commas, quotation marks and line breaks.
fn description(nth: u64) -> String {
    match nth % 3 {
        0 => format!("虚构项目{nth}的\"批复\", 含附图"),
        1 => format!("虚构地块{nth}：\n一、征收公告；\n二、补偿方案"),
        _ => format!("虚构文件第{nth}号"),
    }
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    must(NaiveDate::from_ymd_opt(year, month, day), "a date")
}

fn must<T>(value: Option<T>, what: &str) -> T {
    value.unwrap_or_else(|| panic!("this is not {what}"))
}
