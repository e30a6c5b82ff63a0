//! 审核流程: an agency sets its own, each submission keeps the one it was given, and every draft stays readable.

use serde_json::{Value, json};

use super::operations::told;
use super::reviews::second_account;
use crate::support::client::{Client, Reply};
use crate::support::databases::both_databases;
use crate::support::office::{BUDGET, Office};
use crate::support::replies::{decision as decision_about, draft};
use crate::support::story::CaseStory;

fn step(kind: &str, level: &str, turn: u8) -> Value {
    json!({ "step": kind, "level": level, "turn": turn })
}

fn path(office: &Office, of: &str) -> String {
    let agency = office.as_role("clerk").get("/me").must(200).str("/agency_id").to_owned();
    format!("/agencies/{agency}{of}")
}

fn person(office: &Office, who: &str) -> String {
    office.as_role(who).get("/me").must(200).str("/person_id").to_owned()
}

fn set(office: &Office, who: &str, steps: &[Value]) -> Reply {
    office.as_role(who).put(&path(office, "/review-route"), &json!({ "steps": steps }))
}

fn decide(case: &CaseStory, who: &str, step: &str, decision: &str, opinion: Option<&str>) -> Reply {
    decide_as(case, &case.as_role(who), step, decision, opinion)
}

fn decide_as(case: &CaseStory, who: &Client, step: &str, decision: &str, opinion: Option<&str>) -> Reply {
    let mut body = decision_about(step, decision, case.content_hash());
    body["opinion"] = json!(opinion);
    who.if_match("*").post(&case.path("/reply/reviews"), &body)
}

fn due(case: &Reply) -> Vec<String> {
    let steps = case.at("/reply/steps").as_array().unwrap();
    let due = steps.iter().filter(|step| step["state"] == "due");
    due.map(|step| format!("{} {}", step["step"].as_str().unwrap(), step["level"].as_str().unwrap()))
        .collect()
}

both_databases! {
    fn an_agency_sets_its_route_and_what_is_submitted_keeps_it(backend) {
        let office = Office::open(backend);
        let usual = office.as_role("clerk").get(&path(&office, "/review-route")).must(200);
        assert_eq!((usual.at("/usual"), usual.at("/steps/1/step")), (&json!(true), &json!("secrecy")));
        let before = CaseStory::in_review(&office);
        // Legal and secrecy side by side, a second secrecy review by a named person, then the signature.
        let other = second_account(&office, "legal_reviewer-2", "secrecy_reviewer");
        let second = other.get("/me").must(200).str("/person_id").to_owned();
        let mut named = step("secrecy", "second", 2);
        named["person_id"] = json!(second);
        let steps = [step("legal", "first", 1), step("secrecy", "first", 1), named, step("sign_off", "first", 3)];
        for who in ["clerk", "handler", "legal_reviewer", "approver", "auditor", "supervisor"] {
            assert_eq!(told(&set(&office, who, &steps)), "403 forbidden", "{who}");
        }
        let made = set(&office, "security_admin", &steps).must(200);
        assert_eq!((made.at("/usual"), made.at("/steps").as_array().unwrap().len()), (&json!(false), 4));
        assert_eq!(office.as_role("handler").get(&path(&office, "/review-route")).must(200).body, made.body);
        set(&office, "system_admin", &steps).must(200);
        // What was submitted before goes on as it was.
        assert_eq!(before.pass("legal").pass("secrecy").pass("sign_off").issue().last.str("/status"), "replied");
        let mut case = CaseStory::in_review(&office);
        assert_eq!(due(&case.last), ["legal first", "secrecy first"]);
        // The route is changed back meanwhile: the submission keeps its own.
        let back = [step("secrecy", "first", 1), step("sign_off", "first", 2)];
        set(&office, "system_admin", &back).must(200);
        case.last = decide(&case, "secrecy_reviewer", "secrecy", "pass", None).must(200);
        assert_eq!(due(&case.last), ["legal first"]);
        assert_eq!(told(&decide_as(&case, &other, "secrecy", "pass", None)), "409 step_not_due");
        case.last = decide(&case, "legal_reviewer", "legal", "pass_with_remark", Some("请注意期限")).must(200);
        assert_eq!(due(&case.last), ["secrecy second"]);
        assert_eq!(told(&decide(&case, "secrecy_reviewer", "secrecy", "pass", None)), "409 one_person_one_step");
        case.last = decide_as(&case, &other, "secrecy", "pass", None).must(200);
        let case = case.pass("sign_off").issue();
        assert_eq!(case.last.str("/status"), "replied");
        // And the next one takes the new route, without a legal review.
        let case = CaseStory::in_review(&office);
        assert_eq!(told(&decide(&case, "legal_reviewer", "legal", "pass", None)), "409 step_not_due");
        assert_eq!(case.pass("secrecy").pass("sign_off").issue().last.str("/status"), "replied");
    }

    fn steps_side_by_side_pass_in_any_order_and_one_return_voids_them_all(backend) {
        let office = Office::open(backend);
        let steps = [step("legal", "first", 1), step("secrecy", "first", 1), step("sign_off", "first", 2)];
        set(&office, "system_admin", &steps).must(200);
        let reviewers = [("legal", "legal_reviewer"), ("secrecy", "secrecy_reviewer")];
        for order in [[0, 1], [1, 0]] {
            let mut case = CaseStory::in_review(&office);
            for n in order {
                assert_eq!(told(&decide(&case, "approver", "sign_off", "pass", None)), "409 step_not_due");
                let (kind, who) = reviewers[n];
                case.last = decide(&case, who, kind, "pass", None).must(200);
            }
            assert_eq!(due(&case.last), ["sign_off first"]);
            assert_eq!(case.pass("sign_off").issue().last.str("/status"), "replied");
            // One passes, the other returns it: the pass counts for nothing in the next round.
            let mut case = CaseStory::in_review(&office);
            let [(kind, who), (other, returner)] = order.map(|n| reviewers[n]);
            let old = case.content_hash().to_owned();
            decide(&case, who, kind, "pass", None).must(200);
            case.last = decide(&case, returner, other, "return", Some("请补充依据。")).must(200);
            let case = case.draft("granted", "重拟。").submit();
            assert_eq!(due(&case.last), ["legal first", "secrecy first"]);
            let stale = decision_about(kind, "pass", &old);
            let refused = case.as_role(who).post(&case.path("/reply/reviews"), &stale);
            assert_eq!(told(&refused), "409 content_differs");
        }
    }

    fn a_step_that_names_a_person_is_his(backend) {
        let office = Office::open(backend);
        let mut named = step("legal", "first", 1);
        named["person_id"] = json!(person(&office, "legal_reviewer-2"));
        set(&office, "system_admin", &[named, step("secrecy", "first", 2), step("sign_off", "first", 3)]).must(200);
        let case = CaseStory::in_review(&office);
        let explained = office.as_role("legal_reviewer").get(&case.path("?explain=true")).must(200);
        let refused = explained.at("/refused_actions").as_array().unwrap();
        assert!(refused.iter().any(|it| it["action"] == "review_legal" && it["code"] == "anothers_step"));
        assert_eq!(told(&decide(&case, "legal_reviewer", "legal", "pass", None)), "409 anothers_step");
        decide(&case, "legal_reviewer-2", "legal", "pass", None).must(200);
    }

    fn what_is_no_route_is_a_wrong_field(backend) {
        let office = Office::open(backend);
        let (secrecy, sign) = (step("secrecy", "first", 1), step("sign_off", "first", 2));
        let mut stranger = secrecy.clone();
        stranger["person_id"] = json!(person(&office, "legal_reviewer"));
        for (steps, pointer) in [
            (vec![], "/steps"),
            (vec![sign.clone()], "/steps/0/turn"),
            (vec![step("sign_off", "first", 1)], "/steps"),
            (vec![step("legal", "first", 1), sign.clone()], "/steps"),
            (vec![secrecy.clone(), secrecy.clone(), sign.clone()], "/steps/1"),
            (vec![secrecy.clone(), step("sign_off", "first", 3)], "/steps/1/turn"),
            (vec![secrecy.clone(), step("legal", "first", 2), sign.clone()], "/steps/1/turn"),
            (vec![secrecy.clone(), step("secrecy", "second", 1), sign.clone()], "/steps/1/level"),
            (vec![stranger, sign.clone()], "/steps/0/person_id"),
            (vec![json!({ "step": "secrecy", "turn": 7 }), sign.clone()], "/steps/0/turn"),
            (vec![json!({ "step": "other", "turn": 1 }), sign.clone()], "/steps/0/step"),
            (vec![json!({ "turn": 1 }), sign.clone()], "/steps/0/step"),
        ] {
            let refused = set(&office, "system_admin", &steps);
            assert_eq!(told(&refused), "422 invalid", "{steps:?}");
            let pointers: Vec<&Value> =
                refused.at("/errors").as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
            assert!(pointers.contains(&&json!(pointer)), "{steps:?}: {pointers:?}");
        }
        let kept = office.as_role("clerk").get(&path(&office, "/review-route")).must(200);
        assert_eq!(kept.at("/usual"), true);
    }

    fn a_secrecy_review_refers_to_the_authority_and_waits(backend) {
        let office = Office::open(backend);
        let mut case = CaseStory::in_review(&office).pass("legal");
        assert_eq!(told(&decide(&case, "secrecy_reviewer", "secrecy", "refer", None)), "409 question_missing");
        let answer = json!({ "finding": "secret", "text": "市国家保密局：属于秘密级国家秘密。" });
        let record = |case: &CaseStory| case.as_role("secrecy_reviewer").if_match("*").post(&case.path("/reply/referral-answer"), &answer);
        assert_eq!(told(&record(&case)), "409 nothing_referred");
        case.last = decide(&case, "secrecy_reviewer", "secrecy", "refer", Some("是否属于国家秘密？")).must(200);
        assert_eq!(case.last.str("/reply/steps/1/state"), "referred");
        for decision in ["pass", "return"] {
            assert_eq!(told(&decide(&case, "secrecy_reviewer", "secrecy", decision, Some("意见"))), "409 answer_awaited");
        }
        assert_eq!(told(&case.as_role("legal_reviewer").post(&case.path("/reply/referral-answer"), &answer)), "403 forbidden");
        case.last = record(&case).must(200);
        // What was found to be a secret is not released whole.
        assert_eq!(told(&decide(&case, "secrecy_reviewer", "secrecy", "pass", None)), "409 found_secret");
        case.last = decide(&case, "secrecy_reviewer", "secrecy", "return", Some("属于国家秘密，请改为不予公开。")).must(200);
        let case = case.draft("denied_state_secret", "不予公开。").submit().review_by_all().issue();
        assert_eq!(case.last.str("/outcome"), "denied_state_secret");
    }

    /// Side by side, another reviewer sends the draft back while the authority thinks: its answer comes later, and binds what is drafted anew.
    fn the_authority_s_answer_is_recorded_after_a_return_and_binds_the_next_version(backend) {
        let office = Office::open(backend);
        let steps = [step("legal", "first", 1), step("secrecy", "first", 1), step("sign_off", "first", 2)];
        set(&office, "system_admin", &steps).must(200);
        let mut case = CaseStory::in_review(&office);
        decide(&case, "secrecy_reviewer", "secrecy", "refer", Some("是否属于国家秘密？")).must(200);
        case = case.again();
        decide(&case, "legal_reviewer", "legal", "return", Some("请补充依据")).must(200);
        case = case.again();
        assert_eq!(case.last.str("/status"), "in_process");
        let answer = json!({ "finding": "secret", "text": "市国家保密局：属于秘密级国家秘密。" });
        case = case.command("secrecy_reviewer", "POST", "/reply/referral-answer", &answer);
        let again = case.as_role("secrecy_reviewer").post(&case.path("/reply/referral-answer"), &answer);
        assert_eq!(told(&again), "409 nothing_referred");
        let mut case = case.draft("granted", "予以公开，理由另附。").submit();
        assert_eq!(told(&decide(&case, "secrecy_reviewer", "secrecy", "pass", None)), "409 found_secret");
        case.last = decide(&case, "secrecy_reviewer", "secrecy", "return", Some("属于国家秘密")).must(200);
        let case = case.draft("denied_state_secret", "不予公开。").submit().review_by_all().issue();
        assert_eq!(case.last.str("/outcome"), "denied_state_secret");
        office.server.place.must_be_sound();
    }

    fn every_version_stays_readable_with_what_was_decided_about_it(backend) {
        let office = Office::open(backend);
        let case = CaseStory::in_review(&office);
        decide(&case, "legal_reviewer", "legal", "return", Some("请补充依据，联系13812345678。")).must(200);
        let mut case = case;
        case.last = office.as_role("clerk").get(&case.path("")).must(200);
        let case = case.draft("partially_granted", "部分公开，联系13812345678。").submit().review_by_all().issue();
        let read = office.as_role("legal_reviewer").get(&case.path("/reply/versions")).must(200);
        let items = read.at("/items").as_array().unwrap();
        assert_eq!(items.len(), 2);
        let of = |n: usize, name: &str| items[n][name].clone();
        assert_eq!((of(0, "outcome"), of(1, "outcome")), (json!("granted"), json!("partially_granted")));
        assert_eq!(of(0, "decisions")[0]["opinion"], "请补充依据，联系138****5678。");
        assert_eq!(of(0, "decisions")[0]["person_id"], json!(person(&office, "legal_reviewer")));
        assert_eq!((of(0, "issued_on"), of(0, "decisions").as_array().unwrap().len()), (Value::Null, 1));
        assert_eq!(of(1, "decisions").as_array().unwrap().len(), 3);
        assert_eq!(of(1, "text"), "部分公开，联系138****5678。");
        assert_eq!(of(1, "content_hash"), case.content_hash());
        assert_eq!(of(1, "withheld")[0]["outcome"], "denied_state_secret");
        assert!(of(1, "route")["usual"].as_bool().unwrap() && of(1, "issued_on").is_string());
    }

    fn the_usual_bodies_stand_where_a_draft_names_none(backend) {
        let office = Office::open(backend);
        let usual = json!({ "reconsideration_body": "示例省人民政府", "court": "示例铁路运输法院", "online_filing": null });
        let bodies = path(&office, "/remedy-bodies");
        assert_eq!(told(&office.as_role("approver").put(&bodies, &usual)), "403 forbidden");
        office.as_role("system_admin").put(&bodies, &usual).must(200);
        assert_eq!(office.as_role("handler").get(&bodies).must(200).body, usual);
        let mut sent = draft("granted", "予以公开。");
        sent["remedies"] = json!({ "court": "另一法院" });
        let at_work = CaseStory::registered(&office).assign(BUDGET).acknowledge();
        let case = at_work.command("handler", "PUT", "/reply", &sent);
        let named = case.last.at("/reply/remedies");
        assert_eq!((&named["reconsideration_body"], &named["court"]), (&json!("示例省人民政府"), &json!("另一法院")));
        // It is frozen with the draft, whatever is set afterwards.
        let hash = case.content_hash().to_owned();
        office.as_role("system_admin").put(&bodies, &json!({})).must(200);
        let read = office.as_role("handler").get(&case.path("")).must(200);
        assert_eq!(read.str("/reply/content_hash"), hash);
        assert!(read.str("/reply/remedies/clause_zh").contains("示例省人民政府"));
        assert_eq!(case.submit().last.str("/status"), "in_review");
    }
}
