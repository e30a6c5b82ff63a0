//! What callers send is read strictly: every bad field is told at once, by its JSON pointer; nothing that is wrong is
//! taken for something right.

use serde_json::{Value, json};

use super::operations::{Ids, check_answer, operations, told};
use crate::support::client::{Client, Reply};
use crate::support::databases::{Backend, both_databases};
use crate::support::office::Office;
use crate::support::story::{CaseStory, request};

/// The fields that a 422 names: pointer and code, in order.
#[track_caller]
fn fields(reply: &Reply) -> Vec<(String, String)> {
    assert_eq!(told(reply), "422 invalid", "{}", reply.told());
    check_answer(reply);
    let field = |error: &Value| {
        let text = |name: &str| error[name].as_str().unwrap().to_owned();
        assert!(!text("detail").is_empty());
        (text("pointer"), text("code"))
    };
    let mut fields: Vec<_> = reply.at("/errors").as_array().unwrap().iter().map(field).collect();
    fields.sort();
    fields
}

#[track_caller]
pub fn check_fields(reply: &Reply, wanted: &[(&str, &str)]) {
    let found = fields(reply);
    let found: Vec<(&str, &str)> = found.iter().map(|(pointer, code)| (&**pointer, &**code)).collect();
    assert_eq!(found, wanted, "{}", reply.told());
}

/// The request with a member in the place of another, or a new one; a pointer's last step.
fn with(pointer: &str, value: Value) -> Value {
    let mut body = request();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap()[name] = value;
    body
}

fn post_text(client: &Client, path: &str, body: &str) -> Reply {
    client
        .try_send_bytes("POST", &format!("/api/v1{path}"), Some("application/json"), body.as_bytes())
        .unwrap()
}

#[test]
fn every_bad_field_is_told_at_once() {
    let office = Office::open(Backend::Sqlite);
    let clerk = office.as_role("clerk");
    let all_wrong = json!({
        "channel": "pigeon",
        "arrived_on": "2026-02-30",
        "applicant": {
            "kind": "robot",
            "name": " \t ",
            "identity": { "kind": "resident_id", "number": "", "issued_by": "x" },
            "phone": "1",
            "email": "nobody",
            "address": "",
            "fax": "1",
        },
        "description": 5,
        "form_wanted": ["paper"],
        "evidence": "字".repeat(501),
        "priority": true,
    });
    let wanted = [
        ("/applicant/address", "length"),
        ("/applicant/email", "email"),
        ("/applicant/fax", "unknown_field"),
        ("/applicant/identity/issued_by", "unknown_field"),
        ("/applicant/identity/number", "length"),
        ("/applicant/kind", "unknown_value"),
        ("/applicant/name", "blank"),
        ("/applicant/phone", "length"),
        ("/arrived_on", "wrong_type"),
        ("/channel", "unknown_value"),
        ("/description", "wrong_type"),
        ("/evidence", "length"),
        ("/form_wanted", "wrong_type"),
        ("/priority", "unknown_field"),
    ];
    check_fields(&clerk.post("/cases", &all_wrong), &wanted);
    check_fields(&clerk.accept_language("en").post("/cases", &all_wrong), &wanted);
    // Names are told as RFC 6901 has it.
    let odd = json!({ "a.b": 1, "c/d": 1, "e~f": 1, "g[0]": 1, "": 1, "`": 1, "字段": 1 });
    let pointers = ["/", "/`", "/a.b", "/c~1d", "/e~0f", "/g[0]", "/字段"];
    let told: Vec<(String, String)> = fields(&clerk.post("/cases", &odd));
    let unknown = told.iter().filter(|(_, code)| code == "unknown_field").map(|(pointer, _)| pointer);
    assert_eq!(unknown.collect::<Vec<_>>(), pointers);
    let missing = [("/applicant", "required"), ("/channel", "required"), ("/description", "required")];
    check_fields(&clerk.post("/cases", &json!({})), &missing);
    let empty = json!({ "channel": null, "applicant": {}, "description": null });
    let missing = [
        ("/applicant/kind", "required"),
        ("/applicant/name", "required"),
        ("/channel", "required"),
        ("/description", "required"),
    ];
    check_fields(&clerk.post("/cases", &empty), &missing);
    assert_eq!(clerk.get("/cases").must(200).at("/items"), &json!([]), "nothing was received");
}

#[test]
fn a_field_is_what_the_document_says_and_nothing_else() {
    let office = Office::open(Backend::Sqlite);
    let clerk = office.as_role("clerk");
    let long = |count: usize| json!("字".repeat(count));
    for (pointer, value, code) in [
        ("/description", long(8001), "length"),
        ("/description", json!(""), "length"),
        ("/description", json!("\u{3000}\n"), "blank"),
        ("/description", json!("a\u{0}b"), "control_character"),
        ("/applicant/name", long(201), "length"),
        ("/applicant/name", json!(["王"]), "wrong_type"),
        ("/applicant", json!("王示例"), "wrong_type"),
        ("/applicant", json!([]), "wrong_type"),
        ("/applicant", json!(["natural_person", "王示例", null, null, null, null]), "wrong_type"),
        ("/applicant/identity", json!(["passport", "E00000000"]), "wrong_type"),
        ("/applicant/phone", json!(13_800_000_000_i64), "wrong_type"),
        ("/applicant/kind", json!("Natural_Person"), "unknown_value"),
        ("/channel", json!("COUNTER"), "unknown_value"),
        ("/channel", json!({ "counter": null }), "wrong_type"),
        ("/channel", json!(0), "wrong_type"),
        ("/form_wanted", json!(""), "unknown_value"),
        ("/form_wanted", json!({ "paper": null }), "wrong_type"),
        ("/applicant/kind", json!({ "natural_person": null }), "wrong_type"),
        ("/id", json!("0197a3b2-5a5e-7c3e-9f0a-1c2d3e4f5a6b"), "unknown_field"),
        ("/applicant/id", json!(1), "unknown_field"),
        ("/", json!(1), "unknown_field"),
    ] {
        check_fields(&clerk.post("/cases", &with(pointer, value)), &[(pointer, code)]);
    }
    // What is as long as it may be is taken.
    for (pointer, value) in [
        ("/description", long(8000)),
        ("/applicant/name", long(200)),
        ("/evidence", long(500)),
        ("/description", json!("反斜线\\u0000 不是空字符")),
        ("/description", json!("a\u{1}b\u{202e}😀")),
        ("/form_wanted", Value::Null),
    ] {
        clerk.post("/cases", &with(pointer, value)).must(201);
    }
    for wrong in ["11010519491231002", "11010519491231002Y", "110105194912310020", "11010519491331002X"] {
        let body = with("/applicant/identity", json!({ "kind": "resident_id", "number": wrong }));
        check_fields(&clerk.post("/cases", &body), &[("/applicant/identity/number", "check_digit")]);
    }
    let body = with("/applicant/identity", json!({ "kind": "resident_id", "number": "11010519491231002X" }));
    clerk.post("/cases", &body).must(201);
    let body = with("/applicant/identity", json!({ "kind": "credit_code", "number": "91320800MA1XXXXX0A" }));
    check_fields(&clerk.post("/cases", &body), &[("/applicant/identity/number", "check_digit")]);
}

#[test]
fn a_civil_date_is_written_in_one_way() {
    let office = Office::open(Backend::Sqlite);
    let clerk = office.as_role("clerk");
    for wrong in [
        "2026-02-30",
        "2026-2-3",
        "2026-02-3",
        "26-02-03",
        "2026-13-01",
        "2026-00-01",
        "2026-01-00",
        "2025-02-29",
        "20260203",
        "2026/02/03",
        "2026-02-03T00:00:00Z",
        "2026-02-03 ",
        " 2026-2-03",
        "2026- 2-03",
        "+2026-2-03",
        "-026-02-03",
        "2026-+2-03",
        "２０２６-02-03",
        "0000-01-01",
        "9999-12-31",
        "1899-12-31",
        "yesterday",
        "",
    ] {
        let reply = clerk.post("/cases", &with("/arrived_on", json!(wrong)));
        check_fields(&reply, &[("/arrived_on", "wrong_type")]);
        let escaped: Vec<String> = wrong.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let reply = clerk.get(&format!("/cases?received_from={}", escaped.concat()));
        check_fields(&reply, &[("received_from", "wrong_type")]);
    }
    for wrong in [json!(20_260_203), json!({}), json!([2026, 2, 3]), json!(true)] {
        check_fields(&clerk.post("/cases", &with("/arrived_on", wrong)), &[("/arrived_on", "wrong_type")]);
    }
    clerk.post("/cases", &with("/arrived_on", json!("2024-02-29"))).must(201);
}

#[test]
fn a_list_names_the_item_that_is_wrong() {
    let office = Office::open(Backend::Sqlite);
    let account = office.as_role("handler").get("/me").must(200).str("/account_id").to_owned();
    let put = |roles: Value| {
        office
            .as_role("security_admin")
            .put(&format!("/accounts/{account}/roles"), &json!({ "roles": roles }))
    };
    check_fields(
        &put(
            json!([{ "role": "handler" }, { "role": "king" }, { "department_id": 1 }, { "role": "clerk", "x": 1 }]),
        ),
        &[
            ("/roles/1/role", "unknown_value"),
            ("/roles/2/department_id", "wrong_type"),
            ("/roles/2/role", "required"),
            ("/roles/3/x", "unknown_field"),
        ],
    );
    check_fields(
        &put(json!(["handler", { "role": "handler" }, 5, { "role": "queen" }])),
        &[("/roles/0", "wrong_type"), ("/roles/2", "wrong_type"), ("/roles/3/role", "unknown_value")],
    );
    check_fields(&put(json!([["handler", null]])), &[("/roles/0", "wrong_type")]);
    check_fields(&put(json!({ "0": { "role": "handler" } })), &[("/roles", "wrong_type")]);
    check_fields(&put(json!([{ "role": "handler" }, { "role": "handler" }])), &[("/roles/1", "duplicate")]);
    check_fields(&put(json!(vec![json!({ "role": "handler" }); 51])), &[("/roles", "length")]);
    let errors = put(json!(vec![json!({ "role": "king" }); 50]));
    assert_eq!(fields(&errors).len(), 50);
}

#[test]
fn a_body_is_one_json_object_with_each_member_once() {
    let office = Office::open(Backend::Sqlite);
    let clerk = office.as_role("clerk");
    let good = request().to_string();
    for malformed in [
        "",
        " ",
        "{",
        "{\"channel\":",
        "{'channel':'counter'}",
        "{\"channel\":\"counter\",}",
        "{\"description\":\"\u{1}\"}",
        "{\"description\":\"\\ud800\"}",
        "{\"description\":\"\\x\"}",
        "NaN",
        &format!("{good}{good}"),
        &format!("{good}x"),
        &format!("\u{feff}{good}"),
    ] {
        let reply = post_text(&clerk, "/cases", malformed);
        assert_eq!(told(&reply), "400 malformed", "{malformed:?}: {}", reply.told());
        check_answer(&reply);
    }
    let reply = clerk.try_send_bytes(
        "POST",
        "/api/v1/cases",
        Some("application/json"),
        b"{\"description\":\"\xff\"}",
    );
    assert_eq!(told(&reply.unwrap()), "400 malformed");
    let case = CaseStory::registered(&office);
    for no_object in ["null", "[]", "[null]", "[\"2026-02-03\"]", "\"on\"", "5", "true"] {
        let reply = post_text(&clerk.if_match("*"), &case.path("/withdrawal"), no_object);
        check_fields(&reply, &[("", "wrong_type")]);
    }
    for (twice, pointer) in [
        (good.replacen('{', "{\"channel\":\"fax\",", 1), "/channel"),
        (good.replacen("\"applicant\":{", "\"applicant\":{\"name\":\"李\",", 1), "/applicant/name"),
        (good.replacen('{', "{\"form_wanted\":null,\"form_wanted\":\"paper\",", 1), "/form_wanted"),
    ] {
        assert_ne!(twice, good);
        check_fields(&post_text(&clerk, "/cases", &twice), &[(pointer, "duplicate")]);
    }
    post_text(&clerk, "/cases", &format!("\r\n\t {good} \n")).must(201);
}

#[test]
fn what_is_put_right_is_one_thing() {
    let office = Office::open(Backend::Sqlite);
    let case = CaseStory::registered(&office);
    let amend = |body: Value| case.as_role("clerk").post(&case.path("/amendments"), &body);
    check_fields(&amend(json!({ "reason": "误" })), &[("", "one_of")]);
    check_fields(&amend(json!({ "reason": "误", "subject": "甲", "description": "乙" })), &[("", "one_of")]);
    check_fields(
        &amend(json!({ "subject": " ", "receipt": { "channel": "x" } })),
        &[
            ("/reason", "required"),
            ("/receipt/arrived_on", "required"),
            ("/receipt/channel", "unknown_value"),
            ("/subject", "blank"),
        ],
    );
}

both_databases! {
    fn a_parameter_is_what_the_document_says(backend) {
        let office = Office::open(backend);
        let clerk = office.as_role("clerk");
        for _ in 0..3 {
            CaseStory::registered(&office);
        }
        let next = clerk.get("/cases?limit=1").must(200).str("/next_cursor").to_owned();
        for (path, name, code) in [
            ("/cases?limit=0", "limit", "range"),
            ("/cases?limit=201", "limit", "range"),
            ("/cases?limit=abc", "limit", "wrong_type"),
            ("/cases?limit=", "limit", "wrong_type"),
            ("/cases?limit=-1", "limit", "wrong_type"),
            ("/cases?limit=1.5", "limit", "wrong_type"),
            ("/cases?limit=65537", "limit", "wrong_type"),
            ("/cases?limit=99999999999999999999", "limit", "wrong_type"),
            ("/cases?limit=5&limit=5", "limit", "duplicate"),
            ("/cases?cursor=x", "cursor", "unknown_value"),
            ("/cases?cursor=", "cursor", "unknown_value"),
            ("/cases?cursor=ZHVlX29ufDIwMjYtMDEtMDF8eA", "cursor", "unknown_value"),
            ("/cases?sort=subject", "sort", "unknown_value"),
            ("/cases?page=2", "page", "unknown_field"),
            ("/cases?stage=done", "stage", "unknown_value"),
            ("/cases?light=blue", "light", "unknown_value"),
            ("/cases?clock=late", "clock", "unknown_value"),
            ("/cases?obligation=haste", "obligation", "unknown_value"),
            ("/cases?obligation_due_before=2026-02-30", "obligation_due_before", "wrong_type"),
            ("/inbox?limit=201", "limit", "range"),
            ("/inbox?cursor=x", "cursor", "unknown_value"),
            ("/inbox?cursor=ZHVlX29ufDIwMjYtMDEtMDF8eA", "cursor", "unknown_value"),
            ("/reports/dashboard?agency_id=1", "agency_id", "wrong_type"),
            ("/cases?department_id=1", "department_id", "wrong_type"),
            ("/cases?number=", "number", "length"),
            ("/cases?number=%00", "number", "duplicate"),
            ("/accounts?limit=0", "limit", "range"),
            ("/accounts?cursor=", "cursor", "length"),
            ("/accounts?q=x", "q", "unknown_field"),
            ("/reports/annual/2024?form=2020", "form", "unknown_value"),
            ("/reports/annual/2024?agency=320800", "agency", "unknown_field"),
            ("/reports/annual/2024/cells/granted/total?limit=500", "limit", "range"),
            ("/reports/annual/2024/cells/granted/total?cursor=x", "cursor", "unknown_value"),
        ] {
            check_fields(&clerk.get(path), &[(name, code)]);
        }
        // A cursor belongs to its order.
        check_fields(&clerk.get(&format!("/cases?sort=received_on&cursor={next}")), &[("cursor", "unknown_value")]);
        clerk.get(&format!("/cases?sort=due_on&cursor={next}")).must(200);
        clerk.get("/cases?").must(200);
        check_fields(
            &clerk.get("/cases?limit=x&stage=x&colour=red&due_before=2026-2-3"),
            &[
                ("colour", "unknown_field"),
                ("due_before", "wrong_type"),
                ("limit", "wrong_type"),
                ("stage", "unknown_value"),
            ],
        );
    }
}

#[test]
fn an_unknown_parameter_is_refused_everywhere() {
    let office = Office::open(Backend::Sqlite);
    let case = CaseStory::registered(&office);
    let clerk = office.as_role("clerk").if_match("*");
    let ids = Ids { case: case.id.clone(), agency: office.agency.id.to_string(), ..Ids::default() };
    for operation in operations() {
        let caller = if operation.is_public() { &office.anonymous() } else { &clerk };
        let path = format!("{}?{}nothing=1", operation.path_of(&ids), operation.query());
        let reply = caller.send(&operation.method, &path, operation.body().as_ref());
        if operation.id == "endProviderSignIn" {
            // What a provider adds is ignored (RFC 6749, 4.1.2).
            assert_eq!(reply.status, 409, "{}", reply.told());
            continue;
        }
        check_fields(&reply, &[("nothing", "unknown_field")]);
    }
    clerk.get("/me").must(200);
    assert_eq!(clerk.get(&case.path("")).must(200).etag(), case.etag(), "nothing was done");
    assert_eq!(clerk.get("/cases").must(200).at("/items").as_array().unwrap().len(), 1);
}
