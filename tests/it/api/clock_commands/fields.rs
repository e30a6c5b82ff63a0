//! What is sent is read strictly: every bad field at once.

use super::*;
use crate::support::databases::Backend;

#[track_caller]
fn check_fields(reply: &Reply, wanted: &[(&str, &str)]) {
    assert_eq!(told(reply), "422 invalid", "{}", reply.told());
    check_answer(reply);
    let field = |error: &Value| (text(&error["pointer"]), text(&error["code"]));
    let mut found: Vec<_> = reply.at("/errors").as_array().unwrap().iter().map(field).collect();
    found.sort();
    let found: Vec<(&str, &str)> = found.iter().map(|(pointer, code)| (&**pointer, &**code)).collect();
    assert_eq!(found, wanted, "{}", reply.told());
}

#[test]
fn every_bad_field_of_the_clock_is_told_at_once() {
    let office = Office::open(Backend::Sqlite);
    let case = in_process(&office);
    let ask = |who: &str, of: &str, body: Value| case.as_role(who).post(&case.path(of), &body);
    check_fields(
        &ask(
            "clerk",
            "/corrections",
            json!({ "on": "2026-02-30", "working_days": 61, "ground": "taste", "items": " " }),
        ),
        &[
            ("/ground", "unknown_value"),
            ("/items", "blank"),
            ("/on", "wrong_type"),
            ("/working_days", "range"),
        ],
    );
    check_fields(
        &ask("clerk", "/corrections", json!({})),
        &[("/ground", "required"), ("/items", "required")],
    );
    check_fields(&ask("clerk", "/corrections/1/response", json!({})), &[("/description", "required")]);
    check_fields(
        &ask("handler", "/consultations", json!({ "kind": "neighbour" })),
        &[("/kind", "unknown_value"), ("/party", "required"), ("/question", "required")],
    );
    // Consent is deemed of the silent only: nobody says it.
    let deemed = json!({ "position": "deemed_consent" });
    check_fields(&ask("handler", "/consultations/1/answer", deemed), &[("/position", "unknown_value")]);
    for days in [0, 21] {
        let body = json!({ "working_days": days, "reason": "需核实" });
        check_fields(&ask("handler", "/extensions", body), &[("/working_days", "range")]);
    }
    for days in [json!("5"), json!(5.5), json!(true), json!(-1)] {
        let body = json!({ "working_days": days, "reason": "需核实" });
        check_fields(&ask("handler", "/extensions", body), &[("/working_days", "wrong_type")]);
    }
    check_fields(&ask("approver", "/extensions/1/decision", json!({})), &[("/approve", "required")]);
    let untold = json!({ "approve": false, "notified_on": "2026-03-30" });
    check_fields(
        &ask("approver", "/extensions/1/decision", untold.clone()),
        &[("/notified_on", "not_approved")],
    );
    check_fields(&ask("approver", "/fees/1/decision", untold), &[("/notified_on", "not_approved")]);
    check_fields(
        &ask("approver", "/reasons/1/delay", json!({})),
        &[("/text", "required"), ("/until", "required")],
    );
}

#[test]
fn one_way_of_counting_has_its_own_fields() {
    let office = Office::open(Backend::Sqlite);
    let case = in_process(&office);
    let ask = |body: Value| case.as_role("handler").post(&case.path("/fees"), &body);
    check_fields(&ask(json!({})), &[("/mode", "required")]);
    check_fields(&ask(json!({ "mode": "per_page" })), &[("/pages", "required")]);
    check_fields(
        &ask(json!({ "mode": "per_page", "pieces": 1, "already_this_month": 0 })),
        &[("/already_this_month", "other_mode"), ("/pages", "required"), ("/pieces", "other_mode")],
    );
    check_fields(
        &ask(json!({ "mode": "per_piece", "pages": 31 })),
        &[("/already_this_month", "required"), ("/pages", "other_mode"), ("/pieces", "required")],
    );
    check_fields(&ask(json!({ "mode": "per_page", "pages": 0 })), &[("/pages", "range")]);
    assert_eq!(told(&ask(json!({ "mode": "per_page", "pages": 31.0, "on": "2026-03-10" }))), "200");
}
