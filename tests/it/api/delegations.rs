//! 委托: a named reviewer is away, and somebody else takes his steps: with his conflicts, on the days that were given, and no
//! role is lent.

use chrono::Days;
use serde_json::{Value, json};

use super::operations::told;
use super::reviews::second_account;
use crate::support::client::{Client, Reply};
use crate::support::databases::both_databases;
use crate::support::office::{Office, today};
use crate::support::replies;
use crate::support::story::CaseStory;

fn person(client: &Client) -> String {
    client.get("/me").must(200).str("/person_id").to_owned()
}

fn path(office: &Office) -> String {
    format!("/agencies/{}/delegations", office.agency.id)
}

/// From yesterday until tomorrow.
fn around_today(to: &str) -> Value {
    json!({
        "to_person_id": to, "starts_on": today() - Days::new(1), "ends_on": today() + Days::new(1),
    })
}

/// The legal review is 李's (`legal_reviewer-2`).
fn route_names(office: &Office, person: &str) {
    let steps = json!({ "steps": [
        { "step": "legal", "turn": 1, "person_id": person }, { "step": "secrecy", "turn": 2 },
        { "step": "sign_off", "turn": 3 },
    ] });
    let route = format!("/agencies/{}/review-route", office.agency.id);
    office.as_role("system_admin").put(&route, &steps).must(200);
}

fn review(case: &CaseStory, who: &Client, acting_for: Option<&str>) -> Reply {
    let mut body = replies::decision("legal", "pass", case.content_hash());
    body["acting_for"] = json!(acting_for);
    who.if_match("*").post(&case.path("/reply/reviews"), &body)
}

both_databases! {
    fn a_named_reviewer_is_away_and_his_delegate_takes_the_step(backend) {
        let office = Office::open(backend);
        let (li, wang) = (office.as_role("legal_reviewer-2"), office.as_role("legal_reviewer"));
        let (li_id, wang_id) = (person(&li), person(&wang));
        route_names(&office, &li_id);
        let mut case = CaseStory::in_review(&office);
        assert_eq!(told(&review(&case, &wang, None)), "409 anothers_step");
        assert_eq!(told(&review(&case, &wang, Some(&li_id))), "409 not_delegated");
        let made = li.post(&path(&office), &around_today(&wang_id)).must(201);
        assert_eq!((made.str("/from_person_id"), made.str("/to_person_id")), (li_id.as_str(), wang_id.as_str()));
        let listed = office.as_role("clerk").get(&path(&office)).must(200);
        assert_eq!(listed.at("/items"), &json!([made.body]));
        // Not silently: he says for whom. And not for somebody who did not delegate.
        assert_eq!(told(&review(&case, &wang, None)), "409 anothers_step");
        assert_eq!(told(&review(&case, &wang, Some(&person(&office.as_role("approver"))))), "409 not_delegated");
        case.last = review(&case, &wang, Some(&li_id)).must(200);
        let read = office.as_role("clerk").get(&case.path("/reply/versions")).must(200);
        assert_eq!(read.at("/items/0/decisions/0/person_id"), &json!(wang_id));
        assert_eq!(read.at("/items/0/decisions/0/acting_for"), &json!(li_id));
        // Either has taken a step by it: neither takes another.
        for of in ["legal_reviewer", "legal_reviewer-2"] {
            let same = second_account(&office, of, "secrecy_reviewer");
            let body = replies::decision("secrecy", "pass", case.content_hash());
            let refused = same.if_match("*").post(&case.path("/reply/reviews"), &body);
            assert_eq!(told(&refused), "409 one_person_one_step", "{of}");
        }
        assert_eq!(case.pass("secrecy").pass("sign_off").issue().last.str("/status"), "replied");
        // He is back: what was lent is his again.
        let end = format!("{}/{}", path(&office), made.str("/id"));
        assert_eq!(told(&wang.delete(&end)), "403 forbidden", "it is not the delegate's to end");
        li.delete(&end).must(204);
        li.delete(&end).must(204);
        assert_eq!(office.as_role("clerk").get(&path(&office)).must(200).at("/items"), &json!([]));
        let case = CaseStory::in_review(&office);
        assert_eq!(told(&review(&case, &wang, Some(&li_id))), "409 not_delegated");
        review(&case, &li, None).must(200);
    }

    fn a_delegate_has_the_conflicts_of_both(backend) {
        let office = Office::open(backend);
        let (li, wang) = (office.as_role("legal_reviewer-2"), office.as_role("legal_reviewer"));
        let li_id = person(&li);
        // The handler who drafts holds the role of a legal reviewer too, and 李 delegates to him.
        let drafter = second_account(&office, "handler", "legal_reviewer");
        let drafter_id = person(&drafter);
        route_names(&office, &li_id);
        li.post(&path(&office), &around_today(&drafter_id)).must(201);
        let case = CaseStory::in_review(&office);
        assert_eq!(told(&review(&case, &drafter, Some(&li_id))), "409 drafter_may_not_review");
        // The other way round: the drafter is the one who is away, and his delegate is clean.
        route_names(&office, &drafter_id);
        office.as_role("security_admin").post(&path(&office), &{
            let mut new = around_today(&person(&wang));
            new["from_person_id"] = json!(drafter_id);
            new
        }).must(201);
        let case = CaseStory::in_review(&office);
        assert_eq!(told(&review(&case, &wang, Some(&drafter_id))), "409 delegator_drafted");
        assert_eq!(told(&review(&case, &wang, None)), "409 anothers_step");
    }

    fn a_delegation_holds_on_its_days_for_the_roles_that_both_hold(backend) {
        let office = Office::open(backend);
        let (li, wang) = (office.as_role("legal_reviewer-2"), office.as_role("legal_reviewer"));
        let (li_id, wang_id) = (person(&li), person(&wang));
        route_names(&office, &li_id);
        let day = |n: i64| today() + chrono::TimeDelta::days(n);
        let new = |from: i64, to: i64| json!({ "to_person_id": wang_id, "starts_on": day(from), "ends_on": day(to) });
        // Next week's is no use today.
        li.post(&path(&office), &new(1, 7)).must(201);
        let case = CaseStory::in_review(&office);
        assert_eq!(told(&review(&case, &wang, Some(&li_id))), "409 not_delegated");
        for (body, pointer) in [
            (new(1, 0), "/ends_on"),
            (new(-3, -1), "/ends_on"),
            (new(0, 366), "/ends_on"),
            (json!({ "to_person_id": li_id, "starts_on": day(0), "ends_on": day(1) }), "/to_person_id"),
            (
                json!({ "to_person_id": person(&office.as_role("secrecy_reviewer")), "starts_on": day(0), "ends_on": day(1) }),
                "/to_person_id",
            ),
            (json!({ "starts_on": day(0), "ends_on": day(1) }), "/to_person_id"),
        ] {
            let refused = li.post(&path(&office), &body);
            assert_eq!((told(&refused).as_str(), refused.str("/errors/0/pointer")), ("422 invalid", pointer), "{body}");
        }
        let admin = office.as_role("system_admin");
        let mut no_reviewer = new(0, 1);
        no_reviewer["from_person_id"] = json!(person(&office.as_role("clerk")));
        assert_eq!(admin.post(&path(&office), &no_reviewer).str("/errors/0/pointer"), "/from_person_id");
        // Nobody delegates another's steps but the administrators; who reviews nothing delegates nothing.
        let mut anothers = new(0, 1);
        anothers["from_person_id"] = json!(person(&office.as_role("approver")));
        assert_eq!(told(&li.post(&path(&office), &anothers)), "403 forbidden");
        for who in ["clerk", "handler", "archivist", "supervisor", "auditor"] {
            assert_eq!(told(&office.as_role(who).post(&path(&office), &new(0, 1))), "403 forbidden", "{who}");
        }
        // A retry makes no second one.
        let once = li.idempotency_key("away-1");
        let first = once.post(&path(&office), &new(0, 365)).must(201);
        assert_eq!(once.post(&path(&office), &new(0, 365)).must(201).body, first.body);
        assert_eq!(office.as_role("clerk").get(&path(&office)).must(200).at("/items").as_array().unwrap().len(), 2);
        // The absent person who holds the role no longer has nothing to lend.
        let account = li.get("/me").must(200).str("/account_id").to_owned();
        let roles = format!("/accounts/{account}/roles");
        office.as_role("security_admin").put(&roles, &json!({ "roles": [{ "role": "clerk" }] })).must(204);
        assert_eq!(told(&review(&case, &wang, Some(&li_id))), "409 not_delegated");
        office.as_role("security_admin").put(&roles, &json!({ "roles": [{ "role": "legal_reviewer" }] })).must(204);
        // Nor who left, and whose account is disabled.
        let switch = |disabled: bool| {
            admin.send("PATCH", &format!("/accounts/{account}"), Some(&json!({ "disabled": disabled }))).must(204)
        };
        switch(true);
        assert_eq!(told(&review(&case, &wang, Some(&li_id))), "409 not_delegated");
        switch(false);
        review(&case, &wang, Some(&li_id)).must(200);
    }
}
