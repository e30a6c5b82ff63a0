//! The history tells every event, who did it and when, with the words masked.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::operations::{check_answer, without_request};
use crate::support::client::Reply;
use crate::support::databases::both_databases;
use crate::support::office::{BUDGET, Office, PLANNING};
use crate::support::replies::draft;
use crate::support::story::{CaseStory, SUBJECT};

/// What no answer may hold.
const SECRETS: &[&str] =
    &["欧阳示例", "11010519491231002X", "13812345678", "ouyang@example.com", "人民路18号", "010-88886666"];

/// Words with somebody's data in them.
const WORDS: &str = "联系13812345678或ouyang@example.com，证件11010519491231002X";

fn check_silent(reply: &Reply) {
    check_answer(reply);
    for secret in SECRETS {
        assert!(!reply.text.contains(secret), "{secret}: {}", reply.told());
    }
}

both_databases! {
    fn every_event_is_told_and_nobodys_data_are(backend) {
        let office = Office::open(backend);
        let request = json!({
            "channel": "ordinary_post",
            "applicant": {
                "kind": "natural_person",
                "name": "欧阳示例",
                "identity": { "kind": "resident_id", "number": "11010519491231002X" },
                "phone": "010-88886666",
                "email": "ouyang@example.com",
                "address": "江苏省淮安市清江浦区人民路18号3栋201室",
            },
            "description": WORDS,
            "evidence": WORDS,
        });
        let hash = |case: &CaseStory| case.content_hash().to_owned();
        let case = CaseStory::receive(&office, &request);
        check_silent(&case.last);
        let masked = case.last.at("/applicant").clone();
        assert_eq!(masked["identity_number"], "110*************2X");
        assert!(masked["name"].as_str().unwrap().starts_with('欧') && masked["address"].as_str().unwrap().contains("淮安市"));
        let confirmation = json!({ "evidence": WORDS });
        let case = case.command("clerk", "POST", "/confirmation", &confirmation).register(SUBJECT);
        let assign = json!({ "department_id": office.department(PLANNING), "note": WORDS });
        let case = case.command("clerk", "POST", "/assignments", &assign);
        let reason = json!({ "reason": WORDS });
        let case = case.command("handler-2", "POST", "/assignments/1/return", &reason).assign(BUDGET);
        let case = case.command("handler", "POST", "/assignments/2/acknowledgement", &json!({}));
        let mut draft = draft("granted", WORDS);
        draft["facts"]["provided"] = json!(WORDS);
        draft["remedies"] = json!({ "reconsideration_body": WORDS, "court": WORDS });
        let case = case.command("handler", "PUT", "/reply", &draft);
        check_silent(&case.last);
        let case = case.submit();
        let opinion = json!({ "step": "legal", "decision": "return", "content_hash": hash(&case), "opinion": WORDS });
        let case = case.command("legal_reviewer", "POST", "/reply/reviews", &opinion);
        let case = case.draft("granted", WORDS).submit().review_by_all().issue();
        let case = case.command("clerk", "POST", "/services", &json!({ "method": "post", "evidence": WORDS }));
        let case = case.command("clerk", "POST", "/services/1/proof", &json!({ "evidence": WORDS }));
        let case = case.command("archivist", "POST", "/archive", &json!({ "note": WORDS }));
        let amend = json!({ "reason": WORDS, "description": format!("再：{WORDS}") });
        let case = case.command("clerk", "POST", "/amendments", &amend);
        check_silent(&case.last);

        for who in ["clerk", "handler", "legal_reviewer", "secrecy_reviewer", "approver", "archivist"] {
            check_silent(&office.as_role(who).get(&case.path("")).must(200));
            check_silent(&office.as_role(who).get(&case.path("?explain=true")).must(200));
            check_silent(&office.as_role(who).get(&case.path("/history")).must(200));
            check_silent(&office.as_role(who).get("/cases").must(200));
        }
        let history = office.as_role("archivist").get(&case.path("/history")).must(200);
        let events = history.at("/events").as_array().unwrap();
        let types: Vec<&str> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
        let wanted = [
            "received", "confirmed", "registered", "assigned", "returned", "assigned", "acknowledged", "drafted",
            "submitted", "reviewed", "drafted", "submitted", "reviewed", "reviewed", "reviewed", "issued", "dispatched",
            "served", "archived", "amended",
        ];
        assert_eq!(types, wanted);
        check_people(&office, events);
        let masked = "联系138****5678或o***@example.com，证件110*************2X";
        for (n, words) in [
            (0, &["description", "evidence"][..]),
            (1, &["evidence"]),
            (3, &["note"]),
            (4, &["note"]),
            (7, &["reply", "fact", "remedy", "remedy"]),
            (9, &["opinion"]),
            (16, &["evidence"]),
            (17, &["evidence"]),
            (18, &["note"]),
        ] {
            let wanted: Vec<Value> = words.iter().map(|kind| json!({ "kind": kind, "text": masked })).collect();
            assert_eq!(events[n]["words"], Value::Array(wanted), "{}", types[n]);
        }
        assert_eq!(events[2]["words"][0]["text"], SUBJECT);
        // Reading leaves no trace in it.
        let again = office.as_role("archivist").get(&case.path("/history"));
        assert_eq!(without_request(&again), without_request(&history));
        check_silent_logs(&office);
    }
}

/// Each event is its place's, somebody's, of a moment, and has a link of its own.
fn check_people(office: &Office, events: &[Value]) {
    let names =
        ["clerk", "handler", "handler-2", "legal_reviewer", "secrecy_reviewer", "approver", "archivist"];
    let account = |name: &str| office.as_role(name).get("/me").must(200).str("/account_id").to_owned();
    let known = names.map(account);
    let mut links = BTreeSet::new();
    let mut before = String::new();
    for (event, seq) in events.iter().zip(1_u64..) {
        assert_eq!(event["seq"], seq);
        assert_eq!((&event["origin"], &event["late"]), (&json!("api"), &json!(false)), "{event}");
        assert!(known.iter().any(|account| event["account_id"] == *account), "{event}");
        let at = event["recorded_at"].as_str().unwrap().to_owned();
        assert!(at.ends_with('Z') && at >= before, "{at} after {before}");
        before = at;
        let link = event["link"].as_str().unwrap();
        assert!(link.len() == 64 && links.insert(link.to_owned()), "{event}");
    }
    let who = |n: usize| known.iter().position(|account| events[n]["account_id"] == **account).unwrap();
    assert_eq!(
        [0, 4, 7, 9, 13, 15, 18].map(|n| names[who(n)]),
        ["clerk", "handler-2", "handler", "legal_reviewer", "secrecy_reviewer", "approver", "archivist"]
    );
}

/// The log and the tables hold nobody's data in clear.
fn check_silent_logs(office: &Office) {
    let printed = office.server.printed();
    let stored = office.server.place.database.contents().join("\n");
    for secret in SECRETS {
        assert!(!printed.contains(secret), "the log holds {secret}");
        assert!(!stored.contains(secret), "the database holds {secret}");
    }
    assert!(stored.contains(SUBJECT), "what may be in clear is found, so what may not would be");
}
