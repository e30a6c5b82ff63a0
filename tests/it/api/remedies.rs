//! Remedies through the interface: a request handed in on Monday 2 March 2026, refused for a state secret on the 13th, archived, taken
//! to reconsideration, corrected, and answered anew under a clock of its own.

use serde_json::{Value, json};

use super::operations::{check_answer, told};
use super::stories::by_channel;
use crate::support::client::Reply;
use crate::support::databases::{Backend, both_databases};
use crate::support::office::{BUDGET, Office};
use crate::support::story::{CaseStory, SUBJECT, day};

/// The case, archived on 20 March.
fn refused_for_a_secret(office: &Office) -> CaseStory<'_> {
    let case = CaseStory::receive(office, &by_channel("counter", day("2026-03-02")));
    let case = case.on(day("2026-03-03")).register(SUBJECT).assign(BUDGET).acknowledge();
    let case = case.on(day("2026-03-10")).draft("denied_state_secret", "属于国家秘密，不予公开。").submit();
    let case = case.on(day("2026-03-13")).review_by_all().issue();
    case.on(day("2026-03-18")).serve("post").on(day("2026-03-20")).archive()
}

fn step<'a>(case: CaseStory<'a>, who: &str, of: &str, body: &Value) -> CaseStory<'a> {
    let case = case.command(who, "POST", of, body);
    check_answer(&case.last);
    case
}

fn brought<'a>(case: CaseStory<'a>, kind: &str) -> CaseStory<'a> {
    let papers = json!({
        "kind": kind, "received_on": "2026-04-13", "filed_on": "2026-04-07",
        "organ": "某市人民政府", "reference": "〔2026〕某行复第12号",
    });
    step(case, "legal_reviewer", "/remedies", &papers)
}

fn corrected(until: Option<&str>) -> Value {
    let mut body = json!({
        "result": "corrected", "decided_on": "2026-06-08", "served_on": "2026-06-12",
        "decision_number": "〔2026〕某行复决字第12号", "answer_anew": true,
    });
    if let Some(until) = until {
        body["until"] = json!(until);
    }
    body
}

#[track_caller]
fn refusal(case: &CaseStory, who: &str, of: &str, body: &Value) -> (String, Option<String>) {
    let reply = case.as_role(who).post(&case.path(of), body);
    check_answer(&reply);
    (told(&reply), reply.at("/article").as_str().map(ToOwned::to_owned))
}

/// What the queue says is owed next on the case, and its row.
fn line(office: &Office, case: &CaseStory, query: &str) -> Option<Value> {
    let page = office.as_role("clerk").get(&format!("/cases?limit=200{query}")).must(200);
    page.at("/items").as_array().unwrap().iter().find(|item| item["id"] == case.id.as_str()).cloned()
}

fn table3(office: &Office, row: &str) -> Value {
    let report = office.as_role("approver").get("/reports/annual/2026").must(200);
    report.at(&format!("/table3/{row}/total")).clone()
}

fn obligation(reply: &Reply, kind: &str) -> Value {
    let all = reply.at("/obligations").as_array().unwrap();
    all.iter().find(|owed| owed["kind"] == kind).cloned().unwrap_or(Value::Null)
}

both_databases! {
    fn an_archived_case_owes_an_answer_and_stays_in_the_archive(backend) {
        let office = Office::open(backend);
        let case = brought(refused_for_a_secret(&office), "reconsideration");
        assert_eq!((case.last.str("/status"), case.last.str("/archived_on")), ("archived", "2026-03-20"));
        assert_eq!(
            case.last.at("/remedies/0"),
            &json!({
                "n": 1, "kind": "reconsideration", "procedure": "ordinary", "state": "pending",
                "filed_on": "2026-04-07", "received_on": "2026-04-13",
                "answer_due_on": "2026-04-27", "answer_article": "行政复议法 48", "answered_on": null,
                "decided_on": null, "served_on": null, "answer_anew": false, "until": null,
            })
        );
        let owed = json!({ "kind": "reconsideration_answer", "due_on": "2026-04-27" });
        let shown = line(&office, &case, "&obligation=reconsideration_answer").unwrap();
        assert_eq!((&shown["next_obligation"], &shown["status"]), (&owed, &json!("archived")));
        assert!(line(&office, &case, "&sort=obligation_due_on&obligation_due_before=2026-04-27").is_some());
        let dashboard = office.as_role("clerk").get("/reports/dashboard").must(200);
        assert_eq!(dashboard.at("/obligations/reconsideration_answer/overdue"), 1, "{}", dashboard.body);
        let explained = office.as_role("clerk").get(&case.path("/time-limit")).must(200);
        let told_there = obligation(&explained, "reconsideration_answer");
        assert_eq!((&told_there["due_on"], &told_there["article"]), (&json!("2026-04-27"), &json!("行政复议法 48")));

        let case = step(case, "clerk", "/remedies/1/answer", &json!({ "on": "2026-04-20", "evidence": "送达回证" }));
        assert_eq!(case.last.str("/remedies/0/answered_on"), "2026-04-20");
        assert_eq!(line(&office, &case, "&obligation=reconsideration_answer"), None);
        let explained = office.as_role("clerk").get(&case.path("/time-limit")).must(200);
        assert_eq!(obligation(&explained, "reconsideration_answer")["met_on"], "2026-04-20");
        assert_eq!(obligation(&explained, "litigation"), Value::Null, "reconsideration comes first");
        let upheld = json!({ "result": "upheld", "decided_on": "2026-06-08", "served_on": "2026-06-12" });
        let case = step(case, "legal_reviewer", "/remedies/1/result", &upheld);
        assert_eq!((case.last.str("/remedies/0/state"), case.last.str("/status")), ("upheld", "archived"));
        let explained = office.as_role("clerk").get(&case.path("/time-limit")).must(200);
        assert_eq!(obligation(&explained, "litigation")["due_on"], "2026-06-29");
        let history = office.as_role("clerk").get(&case.path("/history")).must(200);
        let words: Vec<&Value> = history.at("/events").as_array().unwrap().iter().rev().take(3).map(|it| &it["words"]).collect();
        assert_eq!(words[2], &json!([{ "kind": "organ", "text": "某市人民政府" }, { "kind": "reference", "text": "〔2026〕某行复第12号" }]));
        office.server.place.must_be_sound();
    }

    fn a_corrected_case_is_answered_anew_and_counts_once(backend) {
        let office = Office::open(backend);
        let case = brought(refused_for_a_secret(&office), "reconsideration");
        let number = case.number().to_owned();
        let hash = case.last.str("/reply/content_hash").to_owned();
        let case = step(case, "legal_reviewer", "/remedies/1/result", &corrected(None));
        let last = &case.last;
        assert_eq!((last.str("/status"), last.str("/stage"), last.at("/archived_on")), ("in_process", "process", &Value::Null));
        assert_eq!((last.str("/time_limit/due_on"), last.str("/time_limit/article")), ("2026-07-13", "33(2)"));
        assert_eq!((last.str("/outcome"), last.str("/concluded_on")), ("denied_state_secret", "2026-03-13"));
        assert_eq!((last.at("/reply"), last.at("/services")), (&Value::Null, &json!([])));
        assert_eq!(
            last.at("/earlier_replies"),
            &json!([{
                "outcome": "denied_state_secret", "concluded_on": "2026-03-13", "version": 1, "content_hash": hash, "number": null,
                "served_on": "2026-03-18", "archived_on": "2026-03-20", "upon_remedy": null,
            }])
        );
        assert_eq!(line(&office, &case, "&obligation=reply").unwrap()["due_on"], "2026-07-13");
        let explained = office.as_role("clerk").get(&case.path("/time-limit")).must(200);
        assert_eq!((explained.str("/received_on"), explained.str("/due_on")), ("2026-06-12", "2026-07-13"));
        let dashboard = office.as_role("clerk").get("/reports/dashboard").must(200);
        let budget = dashboard.at("/departments").as_array().unwrap().iter().find(|it| it["name"] == BUDGET).unwrap();
        assert_eq!((&budget["open"], &budget["leading"]), (&json!(1), &json!(1)), "{}", dashboard.body);
        assert_eq!((table3(&office, "denied_state_secret"), table3(&office, "handled_total")), (json!(1), json!(1)));

        // What belongs to the applicant is not begun once more.
        let body = json!({ "on": "2026-06-15", "ground": "unclear_content", "items": "请补充" });
        assert_eq!(refusal(&case, "clerk", "/corrections", &body).0, "409 answered_anew");
        let case = case.on(day("2026-06-22")).draft("partially_granted", "区分处理，部分公开。").submit();
        assert_eq!(case.last.at("/reply/version"), 2);
        let case = case.on(day("2026-06-24")).review_by_all().issue();
        let case = case.on(day("2026-06-26")).serve("direct");
        assert_eq!(case.last.at("/time_limit"), &Value::Null, "it has left");
        let case = case.on(day("2026-06-29")).archive();
        let last = &case.last;
        assert_eq!((last.str("/status"), last.str("/archived_on"), last.str("/number")), ("archived", "2026-06-29", &*number));
        assert_eq!((last.str("/outcome"), last.str("/reply/outcome")), ("denied_state_secret", "partially_granted"));
        assert_eq!((table3(&office, "denied_state_secret"), table3(&office, "partially_granted")), (json!(1), json!(0)));
        assert_eq!((table3(&office, "new_received"), table3(&office, "carried_forward")), (json!(1), json!(0)));
        // Against the new reply there is a suit, and it is a remedy of its own.
        let case = step(case, "clerk", "/remedies", &json!({
            "kind": "litigation_after_reconsideration", "received_on": "2026-07-13", "organ": "某某人民法院",
        }));
        assert_eq!((case.last.at("/remedies/1/n"), case.last.str("/remedies/1/answer_due_on")), (&json!(2), "2026-07-28"));
        office.server.place.must_be_sound();
    }

    fn a_named_period_holds_and_a_mistake_is_undone(backend) {
        let office = Office::open(backend);
        let case = brought(refused_for_a_secret(&office), "litigation_direct");
        assert_eq!(case.last.str("/remedies/0/answer_due_on"), "2026-04-28");
        let case = step(case, "legal_reviewer", "/remedies/1/result", &corrected(Some("2026-06-28")));
        assert_eq!(
            (case.last.str("/time_limit/due_on"), case.last.str("/time_limit/article")),
            ("2026-06-29", "行政复议法实施条例 49")
        );
        let extension = json!({ "on": "2026-06-15", "working_days": 5, "reason": "需核实" });
        assert_eq!(refusal(&case, "handler", "/extensions", &extension).0, "409 answered_anew");
        let mistake = json!({ "part": "result", "reason": "结果录入有误" });
        assert_eq!(refusal(&case, "legal_reviewer", "/remedies/1/void", &mistake).0, "403 forbidden");
        let case = step(case, "approver", "/remedies/1/void", &mistake);
        assert_eq!((case.last.str("/status"), case.last.str("/remedies/0/state")), ("archived", "pending"));
        assert_eq!((case.last.at("/earlier_replies"), case.last.str("/archived_on")), (&json!([]), "2026-03-20"));
        assert_eq!(line(&office, &case, "&obligation=litigation_answer").unwrap()["status"], "archived");
        let case = step(case, "legal_reviewer", "/remedies/1/result", &corrected(None));
        let case = case.on(day("2026-06-22")).draft("granted", "予以公开。");
        assert_eq!(refusal(&case, "approver", "/remedies/1/void", &mistake).0, "409 answered_anew_since");
        office.server.place.must_be_sound();
    }

    fn a_remedy_against_silence_is_recorded_beside_the_work(backend) {
        let office = Office::open(backend);
        let case = CaseStory::receive(&office, &by_channel("counter", day("2026-03-02")));
        let case = case.on(day("2026-03-03")).register(SUBJECT).assign(BUDGET).acknowledge();
        let case = brought(case, "reconsideration");
        assert_eq!(case.last.str("/status"), "in_process");
        assert!(line(&office, &case, "&obligation=reply").is_some());
        assert!(line(&office, &case, "&obligation=reconsideration_answer").is_some());
        let order = Some("行政复议法实施条例 第49条".to_owned());
        let anew = refusal(&case, "legal_reviewer", "/remedies/1/result", &corrected(None));
        assert_eq!(anew, ("409 not_answered_yet".to_owned(), order));
        let case = case.on(day("2026-04-20")).draft("granted", "予以公开。");
        assert_eq!(case.last.str("/reply/state"), "draft");
        office.server.place.must_be_sound();
    }
}

#[test]
fn every_bad_field_of_a_remedy_is_told_at_once() {
    let office = Office::open(Backend::Sqlite);
    let case = refused_for_a_secret(&office);
    let fields = |of: &str, who: &str, body: Value| {
        let reply = case.as_role(who).post(&case.path(of), &body);
        assert_eq!(told(&reply), "422 invalid", "{}", reply.told());
        check_answer(&reply);
        let field = |error: &Value| format!("{} {}", error["pointer"], error["code"]).replace('"', "");
        let mut found: Vec<String> = reply.at("/errors").as_array().unwrap().iter().map(field).collect();
        found.sort();
        found
    };
    assert_eq!(fields("/remedies", "clerk", json!({})), ["/kind required", "/organ required"]);
    let wrong = json!({ "kind": "petition", "procedure": "quick", "organ": " ", "filed_on": "2026-02-30", "reference": "" });
    assert_eq!(
        fields("/remedies", "clerk", wrong),
        [
            "/filed_on wrong_type",
            "/kind unknown_value",
            "/organ blank",
            "/procedure unknown_value",
            "/reference length"
        ]
    );
    assert_eq!(
        fields("/remedies/1/result", "clerk", json!({})),
        ["/decided_on required", "/result required"]
    );
    // Pending is what a remedy is until its result is recorded: nobody records it.
    let pending = json!({ "result": "pending", "decided_on": "2026-06-01" });
    assert_eq!(fields("/remedies/1/result", "clerk", pending), ["/result unknown_value"]);
    let until = json!({ "result": "upheld", "decided_on": "2026-06-01", "until": "2026-07-01" });
    assert_eq!(fields("/remedies/1/result", "clerk", until), ["/until not_ordered"]);
    assert_eq!(
        fields("/remedies/1/void", "approver", json!({ "part": "all" })),
        ["/part unknown_value", "/reason required"]
    );
    let simplified = json!({ "kind": "complaint", "procedure": "simplified", "organ": "某市人民政府办公室" });
    assert_eq!(refusal(&case, "clerk", "/remedies", &simplified).0, "409 no_simplified_procedure");
    assert_eq!(refusal(&case, "clerk", "/remedies/1/answer", &json!({})).0, "409 no_such_remedy");
    assert_eq!(
        refusal(&case, "handler", "/remedies", &json!({ "kind": "complaint", "organ": "甲" })).0,
        "403 forbidden"
    );
}
