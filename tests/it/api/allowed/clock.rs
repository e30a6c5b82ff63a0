//! The places of the clock: something is under way in a case that is in process, since today or for long.

use gongkai::domain::case::command::ClockKind;
use gongkai::law::LawBook;

use super::*;

/// Those who have to do with it, and one who has not.
pub const PEOPLE: &[&str] = &["clerk", "handler", "handler-2", "legal_reviewer", "approver", "approver-2"];

pub const PLACES: &[&str] = &[
    "in_process, correction awaited",
    "in_process, correction served",
    "in_process, correction overdue",
    "in_process, corrected",
    "in_process, answer awaited",
    "in_process, answer served",
    "in_process, answer overdue",
    "in_process, extension proposed",
    "in_process, extension approved",
    "in_process, reasons awaited",
    "in_process, reasons given",
    "in_process, fee proposed",
    "in_process, fee approved",
    "in_process, fee told",
    "in_process, fee overdue",
];

/// A case that stands there. What is overdue began 90 days ago: longer than any period of the clock.
pub fn case_at<'a>(office: &'a Office, place: &str) -> CaseStory<'a> {
    let since = |days: u64| {
        let day = today() - Days::new(days);
        let received = CaseStory::receive(office, &by_channel("counter", day)).on(day).register(SUBJECT);
        received.assign(BUDGET).acknowledge()
    };
    let post = |case: CaseStory<'a>, who: &str, of: &str, body: Value| case.post(who, of, body);
    // Served on the day it was sent, when it was: nothing lapses before.
    let served = |days: Option<u64>, mut body: Value| {
        if let Some(days) = days {
            body["served_on"] = json!(today() - Days::new(days));
        }
        body
    };
    let ask = |days, on| post(since(days), "clerk", "/corrections", served(on, correction()));
    let consult = |days, on| post(since(days), "handler", "/consultations", served(on, consultation()));
    let extend =
        || post(since(0), "handler", "/extensions", json!({ "working_days": 5, "reason": "需核实" }));
    let why = || post(since(0), "handler", "/reasons", json!({ "text": "请说明理由" }));
    let charge = |days| post(since(days), "handler", "/fees", json!({ "mode": "per_page", "pages": 150 }));
    let approve = |case, of: &str| post(case, "approver", of, json!({ "approve": true }));
    let tell = |case, on| post(case, "clerk", "/fees/1/notice", served(on, json!({})));
    let corrected = json!({ "description": "申请公开另一文件。" });
    match place {
        "in_process, correction awaited" => ask(0, None),
        "in_process, correction served" => ask(0, Some(0)),
        "in_process, correction overdue" => ask(90, Some(90)),
        "in_process, corrected" => post(ask(0, None), "clerk", "/corrections/1/response", corrected),
        "in_process, answer awaited" => consult(0, None),
        "in_process, answer served" => consult(0, Some(0)),
        "in_process, answer overdue" => consult(90, Some(90)),
        "in_process, extension proposed" => extend(),
        "in_process, extension approved" => approve(extend(), "/extensions/1/decision"),
        "in_process, reasons awaited" => why(),
        "in_process, reasons given" => post(why(), "clerk", "/reasons/1/answer", json!({ "text": "研究" })),
        "in_process, fee proposed" => charge(0),
        "in_process, fee approved" => approve(charge(0), "/fees/1/decision"),
        "in_process, fee told" => tell(approve(charge(0), "/fees/1/decision"), None),
        "in_process, fee overdue" => tell(approve(charge(90), "/fees/1/decision"), Some(90)),
        "lapsed" => ask(90, Some(90)).command("clerk", "POST", "/corrections/1/lapse", &json!({})),
        other => panic!("there is no place {other}"),
    }
}

pub fn correction() -> Value {
    json!({ "ground": "unclear_content", "items": "请补充所需文件的名称或者文号" })
}

pub fn consultation() -> Value {
    json!({ "kind": "third_party", "party": "某某有限公司", "question": "是否同意公开合同" })
}

/// The command as it is in order wherever it is: what may come too late is entered for the first day possible.
pub fn request(case: &CaseStory, kind: ClockKind) -> (&'static str, &'static str, Value) {
    let date = |pointer: &str| case.last.at(pointer).as_str().map(ToOwned::to_owned);
    let received = date("/received_on");
    let on = |date: Option<String>, mut body: Value| {
        if let Some(date) = date {
            body["on"] = json!(date);
        }
        body
    };
    let (path, body) = match kind {
        ClockKind::RequestCorrection => ("/corrections", on(received, correction())),
        ClockKind::RequestCorrectionByException => {
            let mut body = correction();
            body["exception_reason"] = json!("补正后仍不明确");
            ("/corrections", body)
        }
        ClockKind::ServeCorrection => ("/corrections/1/service", json!({})),
        ClockKind::RecordCorrection => {
            ("/corrections/1/response", json!({ "description": "申请公开另一文件。" }))
        }
        ClockKind::LapseCorrection => ("/corrections/1/lapse", json!({})),
        ClockKind::Consult => ("/consultations", consultation()),
        ClockKind::ServeConsultation => ("/consultations/1/service", json!({})),
        ClockKind::RecordAnswer => ("/consultations/1/answer", json!({ "position": "partly" })),
        ClockKind::LapseConsultation => ("/consultations/1/lapse", json!({})),
        ClockKind::ProposeExtension => {
            ("/extensions", on(received, json!({ "working_days": 5, "reason": "需核实" })))
        }
        ClockKind::DecideExtension => {
            let body = json!({ "approve": true });
            ("/extensions/1/decision", on(date("/extensions/0/proposed_on"), body))
        }
        ClockKind::NotifyExtension => {
            ("/extensions/1/notice", on(date("/extensions/0/decided_on"), json!({})))
        }
        ClockKind::RequestReasons => ("/reasons", json!({ "text": "请说明理由" })),
        ClockKind::RecordReasons => ("/reasons/1/answer", json!({ "text": "用于研究" })),
        ClockKind::SetDelayedReply => {
            let due = date("/time_limit/due_on").map_or_else(today, |due| due.parse().unwrap());
            ("/reasons/1/delay", json!({ "until": working_days_after(due, 5), "text": "将延迟答复" }))
        }
        ClockKind::ProposeFee => ("/fees", on(received, json!({ "mode": "per_page", "pages": 150 }))),
        ClockKind::DecideFee => {
            ("/fees/1/decision", on(date("/fees/0/proposed_on"), json!({ "approve": true })))
        }
        ClockKind::NotifyFee => ("/fees/1/notice", on(date("/fees/0/decided_on"), json!({}))),
        ClockKind::ServeFee => ("/fees/1/service", json!({})),
        ClockKind::RecordPayment => ("/fees/1/payment", json!({})),
        ClockKind::LapseFee => ("/fees/1/lapse", json!({})),
    };
    ("POST", path, body)
}

pub fn working_days_after(day: NaiveDate, count: u16) -> NaiveDate {
    LawBook::embedded().unwrap().calendar("cn").unwrap().add_working_days(day, count).unwrap()
}
