//! Another agency's case looks exactly like one that does not exist: same status, same headers, same body.

use serde_json::json;

use super::operations::{Ids, NOBODY, Operation, check_answer, operations, without_request};
use crate::support::client::Client;
use crate::support::databases::{Backend, both_databases};
use crate::support::office::{BUDGET, Office, PLANNING, ROLES};
use crate::support::server::GONGKAI;
use crate::support::story::CaseStory;

/// The operations that name something which belongs to somebody.
fn owned() -> Vec<Operation> {
    let names = ["{case_id}", "{agency_id}", "{account_id}"];
    let owned: Vec<Operation> = operations()
        .into_iter()
        .filter(|operation| names.iter().any(|name| operation.path.contains(name)))
        .collect();
    assert!(owned.len() >= 19, "{}", owned.len());
    owned
}

/// Asks for the operation once with each of two sets of ids, in every way that could make a difference.
#[track_caller]
fn check_alike(operation: &Operation, caller: &Client, theirs: &Ids, nobodys: &Ids) {
    let ways = [
        caller.clone(),
        caller.if_match("*"),
        caller.if_match("\"1\""),
        caller.if_match("\"99\"").idempotency_key("foreign"),
        caller.accept_language("en"),
    ];
    for caller in ways {
        let foreign = operation.ask(&caller, theirs);
        check_answer(&foreign);
        let missing = operation.ask(&caller, nobodys);
        assert_eq!(without_request(&foreign), without_request(&missing), "{}", operation.id);
        assert_eq!(foreign.status, 404, "{}", foreign.told());
    }
    // Neither does the query of the path, or a body of the wrong shape, tell them apart.
    for path in [operation.path_of(theirs), operation.path_of(nobodys)] {
        let reply =
            caller.send(&operation.method, &path, operation.takes_body().then(|| json!({ "x": 1 })).as_ref());
        let wanted = if operation.takes_body() {
            422
        } else if operation.takes_bytes() {
            415
        } else {
            404
        };
        assert_eq!(reply.status, wanted, "{}", reply.told());
    }
}

both_databases! {
    fn a_foreign_thing_is_one_that_does_not_exist(backend) {
        let office = Office::open(backend);
        let neighbour = office.neighbour("320900");
        // Ours, at two places of its life, seen by the neighbour's people.
        let account = office.as_role("handler").get("/me").must(200).str("/account_id").to_owned();
        let agency = office.agency.id.to_string();
        for (case, people) in
            [(CaseStory::in_review(&office), ROLES), (CaseStory::archived(&office), &["archivist"][..])]
        {
            let ours =
                Ids { case: case.id.clone(), agency: agency.clone(), account: account.clone(), ..Ids::default() };
            for name in people {
                let stranger = office.of_agency(&neighbour, name);
                for operation in owned() {
                    check_alike(&operation, &stranger, &ours, &Ids::default());
                }
            }
            assert_eq!(office.as_role("clerk").get(&case.path("")).must(200).etag(), case.etag(), "untouched");
        }
        let strangers_queue = office.of_agency(&neighbour, "clerk").get("/cases").must(200);
        assert_eq!(strangers_queue.at("/items"), &json!([]));
    }

    fn what_a_request_names_beside_its_path_may_be_foreign_too(backend) {
        let office = Office::open(backend);
        let neighbour = office.neighbour("320900");
        let theirs = office.of_agency(&neighbour, "handler").get("/me").must(200).str("/account_id").to_owned();
        let (foreign, clerk) = (neighbour.departments[BUDGET].to_string(), office.as_role("clerk"));
        let case = CaseStory::registered(&office);
        let assign = |department: &str, account: &str| {
            let body = json!({ "department_id": department, "assignee_id": account });
            without_request(&clerk.if_match("*").post(&case.path("/assignments"), &body))
        };
        assert_eq!(assign(&foreign, &theirs).0, 422);
        assert_eq!(assign(&foreign, &theirs), assign(NOBODY, NOBODY));
        assert_eq!(assign(&office.department(BUDGET), &theirs), assign(&office.department(BUDGET), NOBODY));
        let foreign_agency = neighbour.id.to_string();
        for (theirs, nobodys) in [
            (format!("/cases?department_id={foreign}"), format!("/cases?department_id={NOBODY}")),
            (format!("/cases?assignee_id={theirs}"), format!("/cases?assignee_id={NOBODY}")),
            (
                format!("/reports/annual/2024?agency_id={foreign_agency}"),
                format!("/reports/annual/2024?agency_id={NOBODY}"),
            ),
            (
                format!("/reports/annual/2024/cells/granted/total?agency_id={foreign_agency}"),
                format!("/reports/annual/2024/cells/granted/total?agency_id={NOBODY}"),
            ),
        ] {
            for caller in [&clerk, &office.as_role("supervisor"), &office.as_role("auditor")] {
                assert_eq!(without_request(&caller.get(&theirs)), without_request(&caller.get(&nobodys)), "{theirs}");
            }
        }
        let roles = |department: &str| {
            let account = clerk.get("/me").must(200).str("/account_id").to_owned();
            let body = json!({ "roles": [{ "role": "handler", "department_id": department }] });
            without_request(&office.as_role("security_admin").put(&format!("/accounts/{account}/roles"), &body))
        };
        assert_eq!(roles(&foreign).0, 422);
        assert_eq!(roles(&foreign), roles(NOBODY));
    }

    fn another_departments_case_does_not_exist_for_a_handler(backend) {
        let office = Office::open(backend);
        let case = CaseStory::in_review(&office);
        let stranger = office.as_role("handler-2");
        let ours = Ids { case: case.id.clone(), ..Ids::default() };
        for operation in owned().iter().filter(|operation| operation.path.contains("{case_id}")) {
            check_alike(operation, &stranger, &ours, &Ids::default());
        }
        assert_eq!(stranger.get("/cases").must(200).at("/items"), &json!([]));
        // Once it helps, it sees the case; once it gave it back, it does not.
        let case = CaseStory::registered(&office).assign(BUDGET);
        let help = json!({ "department_id": office.department(PLANNING), "kind": "co_handling" });
        let case = case.command("clerk", "POST", "/assignments", &help);
        assert_eq!(stranger.get("/cases").must(200).at("/items/0/id"), &json!(case.id));
        stranger.get(&case.path("/history")).must(200);
        let case = case.command("handler-2", "POST", "/assignments/2/return", &json!({ "reason": "不属本处" }));
        stranger.get(&case.path("/history")).must(404);
        assert_eq!(stranger.get("/cases").must(200).at("/items"), &json!([]));
    }
}

/// A supervisor sees the figures of the agencies below, and no case.
#[test]
fn a_supervisor_sees_figures_below_and_no_case() {
    let office = Office::open(Backend::Sqlite);
    let place = &office.server.place;
    let below = place
        .command(GONGKAI)
        .args(["agency", "create", "--code", "320803", "--name", "某区", "--parent", "320800", "--json"])
        .output()
        .unwrap();
    let below: serde_json::Value = serde_json::from_slice(&below.stdout).unwrap();
    let supervisor = office.as_role("supervisor");
    let path = format!("/reports/annual/2024?agency_id={}", below["id"].as_str().unwrap());
    assert_eq!(supervisor.get(&path).must(200).str("/agency"), "某区");
    assert_eq!(office.as_role("clerk").get(&path).status, 404);
    let case = CaseStory::registered(&office);
    supervisor.get(&case.path("")).must(404);
    supervisor.get("/cases").must(403);
}
