//! The order of checks: 401, shape (400, 413, 415, 422), 404, 403, idempotent replay, 428, 412, 409. Each test breaks
//! two neighbours at once: the earlier one is told.

use serde_json::{Value, json};

use super::operations::{NOBODY, operations, told};
use crate::support::client::{Client, Reply};
use crate::support::databases::{Backend, both_databases};
use crate::support::office::{BUDGET, Office, today};
use crate::support::story::{CaseStory, SUBJECT, request};

const JSON: Option<&str> = Some("application/json");

/// POSTs bytes to a path below `/api/v1`.
fn post_bytes(client: &Client, path: &str, kind: Option<&str>, body: &[u8]) -> Reply {
    client.try_send_bytes("POST", &format!("/api/v1{path}"), kind, body).unwrap()
}

/// Bodies that are wrong in every way a body can be, and what is told of each.
fn misshapen() -> Vec<(&'static str, Option<&'static str>, Vec<u8>)> {
    vec![
        ("400 malformed", JSON, b"{\"subject\":".to_vec()),
        ("413 too_large", JSON, vec![b' '; 256 * 1024 + 1]),
        ("415 unsupported_media_type", Some("text/plain"), b"{\"subject\":\"x\"}".to_vec()),
        ("415 unsupported_media_type", Some("application/x-www-form-urlencoded"), b"subject=x".to_vec()),
        ("415 unsupported_media_type", Some("application/jsonp"), b"{\"subject\":\"x\"}".to_vec()),
        ("422 invalid", JSON, b"{\"subject\":\"x\",\"nothing\":1}".to_vec()),
    ]
}

#[test]
fn a_sign_in_comes_before_the_shape() {
    let office = Office::open(Backend::Sqlite);
    for (_, kind, body) in misshapen() {
        let reply = post_bytes(&office.anonymous(), &format!("/cases/{NOBODY}/registration"), kind, &body);
        assert_eq!(told(&reply), "401 unauthenticated");
    }
    assert_eq!(told(&office.anonymous().get("/cases?limit=x")), "401 unauthenticated");
}

#[test]
fn the_shape_comes_before_whether_there_is_such_a_case() {
    let office = Office::open(Backend::Sqlite);
    let clerk = office.as_role("clerk");
    for (wanted, kind, body) in misshapen() {
        let reply = post_bytes(&clerk, &format!("/cases/{NOBODY}/registration"), kind, &body);
        assert_eq!(told(&reply), wanted);
    }
    assert_eq!(told(&clerk.get(&format!("/cases/{NOBODY}?explain=perhaps"))), "422 invalid");
    assert_eq!(told(&clerk.get("/reports/annual/1066?form=2020")), "422 invalid");
    let key = clerk.idempotency_key("two words");
    let reply = key.post(&format!("/cases/{NOBODY}/registration"), &json!({ "subject": SUBJECT }));
    assert_eq!((told(&reply).as_str(), reply.str("/errors/0/pointer")), ("422 invalid", "Idempotency-Key"));
    let whole = json!({ "subject": SUBJECT });
    assert_eq!(told(&clerk.post(&format!("/cases/{NOBODY}/registration"), &whole)), "404 not_found");
    // Other spellings of the same kind of content are that kind.
    for kind in ["application/json; charset=utf-8", "Application/JSON", "application/json;charset=UTF-8 "] {
        let path = format!("/cases/{NOBODY}/registration");
        assert_eq!(told(&post_bytes(&clerk, &path, Some(kind), b"{\"subject\":\"x\"}")), "404 not_found");
    }
}

both_databases! {
    fn whether_there_is_such_a_case_comes_before_the_role(backend) {
        let office = Office::open(backend);
        let case = CaseStory::registered(&office);
        let note = json!({ "note": "第一柜" });
        let clerk = office.as_role("clerk");
        assert_eq!(told(&clerk.post(&format!("/cases/{NOBODY}/archive"), &note)), "404 not_found");
        assert_eq!(told(&clerk.post(&case.path("/archive"), &note)), "403 forbidden");
        // Who may not even know of it is told that there is none.
        for nobody in ["supervisor", "system_admin", "security_admin", "auditor", "handler-2"] {
            assert_eq!(told(&office.as_role(nobody).post(&case.path("/archive"), &note)), "404 not_found", "{nobody}");
        }
    }

    fn the_role_comes_before_the_replay(backend) {
        let office = Office::open(backend);
        let clerk = office.as_role("clerk").idempotency_key("receive-1");
        let first = clerk.post("/cases", &request()).must(201);
        assert_eq!(clerk.post("/cases", &request()).must(201).text, first.text, "the role is held: a replay");
        let account = clerk.get("/me").must(200).str("/account_id").to_owned();
        let roles = |roles: Value| {
            let body = json!({ "roles": roles });
            office.as_role("security_admin").put(&format!("/accounts/{account}/roles"), &body).must(204)
        };
        roles(json!([{ "role": "archivist" }]));
        assert_eq!(told(&clerk.post("/cases", &request())), "403 forbidden");
        roles(json!([{ "role": "clerk" }]));
        assert_eq!(clerk.post("/cases", &request()).must(201).text, first.text);
    }

    fn the_replay_comes_before_the_version(backend) {
        let office = Office::open(backend);
        let case = CaseStory::receive(&office, &request());
        let clerk = office.as_role("clerk").idempotency_key("register-1");
        let (path, body) = (case.path("/registration"), json!({ "subject": SUBJECT }));
        let first = clerk.if_match("\"1\"").post(&path, &body).must(200);
        // The same request again, as a client sends it that has not seen the answer; and with any version, or none.
        for again in [clerk.if_match("\"1\""), clerk.clone(), clerk.if_match("\"77\""), clerk.if_match("*")] {
            let again = again.post(&path, &body).must(200);
            assert_eq!((again.etag(), &again.text), (first.etag(), &first.text));
        }
        let other = json!({ "subject": "另一份报告" });
        assert_eq!(told(&clerk.post(&path, &other)), "422 idempotency_key_reused");
        // The key is this caller's, for this path: elsewhere it is another key.
        let second = CaseStory::receive(&office, &request());
        let number = clerk.if_match("*").post(&second.path("/registration"), &body).must(200);
        assert_ne!(number.str("/number"), first.str("/number"));
        let colleague = office.as_role("clerk-2").idempotency_key("register-1");
        assert_eq!(told(&colleague.post(&path, &body)), "428 version_required");
    }

    fn only_what_was_done_is_replayed(backend) {
        let office = Office::open(backend);
        let case = CaseStory::receive(&office, &request());
        let clerk = office.as_role("clerk").idempotency_key("again");
        let (path, body) = (case.path("/registration"), json!({ "subject": SUBJECT }));
        assert_eq!(told(&clerk.post(&path, &body)), "428 version_required");
        assert_eq!(told(&clerk.if_match("\"9\"").post(&path, &body)), "412 version_stale");
        let tomorrow = json!({ "subject": SUBJECT, "on": today().succ_opt().unwrap() });
        assert_eq!(told(&clerk.if_match("*").post(&path, &tomorrow)), "409 date_in_future");
        clerk.if_match("*").post(&path, &body).must(200);
    }

    fn the_version_comes_before_the_rules(backend) {
        let office = Office::open(backend);
        // A case that is registered cannot be registered again, nor confirmed, nor archived.
        let case = CaseStory::registered(&office);
        assert_eq!(case.etag(), "\"2\"");
        for (who, path, body) in [
            ("clerk", "/registration", json!({ "subject": SUBJECT })),
            ("clerk", "/confirmation", json!({ "evidence": "电话确认" })),
            ("archivist", "/archive", json!({})),
        ] {
            let (path, who) = (case.path(path), office.as_role(who));
            assert_eq!(told(&who.post(&path, &body)), "428 version_required");
            for stale in ["\"1\"", "\"3\"", "W/\"2\"", "2", "\"02x\"", "\"\"", "\"-2\"", "\"4294967298\""] {
                assert_eq!(told(&who.if_match(stale).post(&path, &body)), "412 version_stale", "{stale}");
            }
            for right in ["\"2\"", "*", "\"1\", \"2\"", "\"x\",\"2\""] {
                assert_eq!(told(&who.if_match(right).post(&path, &body)), "409 wrong_status", "{right}");
            }
        }
        assert_eq!(office.as_role("clerk").get(&case.path("")).must(200).etag(), "\"2\"", "nothing was changed");
    }

    fn a_command_refused_by_the_rules_says_why_and_what_is_possible(backend) {
        let office = Office::open(backend);
        let case = CaseStory::registered(&office).assign(BUDGET);
        let reply = case.as_role("handler").post(&case.path("/reply/submission"), &json!({})).must(409);
        assert_eq!(reply.code(), "wrong_status");
        assert_eq!(reply.str("/article"), "政府信息公开条例 第45条");
        let mut allowed: Vec<&str> =
            reply.at("/allowed").as_array().unwrap().iter().filter_map(Value::as_str).collect();
        allowed.sort_unstable();
        let possible = [
            "acknowledge", "amend", "amend_receipt", "assign", "assign_co_handling", "attach", "consult", "file_remedy",
            "link_repeat", "link_supplement", "log_contact", "merge", "place_hold", "propose_appraisal", "propose_extension",
            "propose_fee", "raise_sensitivity", "request_correction", "request_reasons", "return", "split", "withdraw",
        ];
        assert_eq!(allowed, possible);
    }
}

#[test]
fn every_command_on_a_case_needs_its_version_and_takes_a_key() {
    let office = Office::open(Backend::Sqlite);
    super::allowed::clear_some(&office);
    let case = CaseStory::in_review(&office);
    let mut commands = 0;
    for operation in operations() {
        let parameters = operation.item["parameters"].as_array();
        let named: Vec<&str> =
            parameters.into_iter().flatten().filter_map(|parameter| parameter["name"].as_str()).collect();
        // What only asks decides nothing: there is no version to decide upon, and no answer to keep.
        // A reveal, an opening, an export with files is recorded each time it is asked for, and what it showed is not kept.
        let asks = ["/what-if", "/preview", "/search", "/reveals", "/openings", "/export"]
            .iter()
            .any(|end| operation.path.ends_with(end));
        // What is on its way in is not of the case before it is attached.
        let on_its_way = operation.path.contains("/uploads");
        let creates =
            operation.method == "POST" && operation.path != "/auth/logout" && !operation.is_public() && !asks;
        let command = operation.path.starts_with("/cases/{case_id}")
            && operation.method != "GET"
            && !asks
            && !on_its_way;
        assert_eq!(named.contains(&"If-Match"), command, "{}", operation.id);
        assert_eq!(named.contains(&"Idempotency-Key"), creates || command, "{}", operation.id);
        if !command {
            continue;
        }
        commands += 1;
        let ids = super::operations::Ids { case: case.id.clone(), ..Default::default() };
        let people = ["clerk", "handler", "legal_reviewer", "secrecy_reviewer", "approver", "archivist"];
        let replies: Vec<String> =
            people.iter().map(|name| told(&operation.ask(&office.as_role(name), &ids))).collect();
        assert!(replies.contains(&"428 version_required".to_owned()), "{}: {replies:?}", operation.id);
        assert!(replies.iter().all(|told| told.starts_with("428") || told.starts_with("403")), "{replies:?}");
    }
    assert!(commands >= 14, "{commands}");
}
