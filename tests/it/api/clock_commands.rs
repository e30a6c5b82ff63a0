//! Corrections, consultations, extensions, reasons and fees through the interface, around a request handed in on Monday
//! 2 March 2026: day 7 is Wednesday 11 March, day 20 Monday 30 March.

mod ends;
mod fields;
mod stops;

use serde_json::{Value, json};

use super::operations::{check_answer, told};
use super::stories::by_channel;
use crate::support::client::Reply;
use crate::support::office::{BUDGET, Office};
use crate::support::story::{CaseStory, SUBJECT, day};

/// In process since the day after it was handed in.
fn in_process(office: &Office) -> CaseStory<'_> {
    let case = CaseStory::receive(office, &by_channel("counter", day("2026-03-02")));
    case.on(day("2026-03-03")).register(SUBJECT).assign(BUDGET).acknowledge()
}

fn due(case: &CaseStory) -> Option<String> {
    case.last.at("/time_limit/due_on").as_str().map(ToOwned::to_owned)
}

/// A step on a day, which must be granted.
fn step<'a>(case: CaseStory<'a>, who: &str, of: &str, on: &str, body: Value) -> CaseStory<'a> {
    let case = case.on(day(on)).post(who, of, body);
    check_answer(&case.last);
    case
}

/// A step on a day, which must be refused; nothing changes. Code and article, the words checked in both languages.
#[track_caller]
fn refused(case: &CaseStory, who: &str, of: &str, on: &str, mut body: Value) -> (String, Option<String>) {
    body["on"] = json!(on);
    let ask = |language: &str| case.as_role(who).accept_language(language).post(&case.path(of), &body);
    let (zh, en) = (ask("zh-CN"), ask("en"));
    assert_eq!(told(&zh), told(&en));
    if zh.status == 409 {
        check_answer(&zh);
        assert!(zh.str("/detail").ends_with('。') && en.str("/detail").is_ascii(), "{}", zh.told());
    }
    (told(&zh), zh.at("/article").as_str().map(ToOwned::to_owned))
}

/// The same when the date is not of the body's `on`.
fn code(answer: (String, Option<String>)) -> String {
    answer.0
}

/// The types and words of what was recorded after the case was in process.
fn history(office: &Office, case: &CaseStory) -> Vec<(String, Vec<(String, String)>)> {
    let history = office.as_role("clerk").get(&case.path("/history")).must(200);
    let events = history.at("/events").as_array().unwrap().iter().skip(4);
    let words = |event: &Value| {
        let words = event["words"].as_array().unwrap().iter();
        words.map(|one| (text(&one["kind"]), text(&one["text"]))).collect()
    };
    events.map(|event| (text(&event["type"]), words(event))).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn correction() -> Value {
    json!({ "ground": "unclear_content", "items": "请补充所需信息的文号", "working_days": 10 })
}

fn consultation(kind: &str) -> Value {
    json!({ "kind": kind, "party": "某某有限公司", "question": "是否同意公开合同" })
}

const ART_30: &str = "政府信息公开条例 第30条";
const ART_33: &str = "政府信息公开条例 第33条第二款";
const ART_35: &str = "政府信息公开条例 第35条";

fn by(article: &str, code: &str) -> (String, Option<String>) {
    (format!("409 {code}"), Some(article.to_owned()))
}

/// What the answer shows of one thing of the clock.
fn shown(reply: &Reply, pointer: &str, members: &[&str]) -> Value {
    let found = reply.at(pointer);
    members
        .iter()
        .map(|name| ((*name).to_owned(), found[*name].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
