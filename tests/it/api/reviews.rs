//! No reply without its reviews: they bind to the exact content, nobody reviews his own draft, there is no way round.

use serde_json::json;

use super::operations::told;
use super::sign_in::make_account;
use crate::support::client::{Client, Reply};
use crate::support::databases::both_databases;
use crate::support::office::{BUDGET, Office, PASSWORD};
use crate::support::story::{CaseStory, SUBJECT, request};

/// Another account of the person behind somebody, which holds another role.
pub fn second_account(office: &Office, of: &str, role: &str) -> Client {
    let person = office.as_role(of).get("/me").must(200).str("/person_id").to_owned();
    let username = format!("{of}.as.{role}");
    let new = json!({ "username": username, "password": PASSWORD, "person": format!("person-{person}") });
    make_account(office, &new, &json!([{ "role": role }]));
    let login = json!({ "username": username, "password": PASSWORD });
    let tokens = office.anonymous().post("/auth/login", &login).must(200);
    let caller =
        office.anonymous().header("Authorization", format!("Bearer {}", tokens.str("/access_token")));
    let change = json!({ "current_password": PASSWORD, "new_password": "Chun-Jiang-Hua-Yue-Ye" });
    caller.put("/me/password", &change).must(204);
    assert_eq!(caller.get("/me").must(200).str("/person_id"), person);
    caller
}

fn decide(case: &CaseStory, who: &Client, step: &str, decision: &str, hash: &str) -> Reply {
    let mut body = crate::support::replies::decision(step, decision, hash);
    if decision == "return" {
        body["opinion"] = json!("请补充法律依据，另见13812345678。");
    }
    who.if_match("*").post(&case.path("/reply/reviews"), &body)
}

both_databases! {
    fn a_reviewer_returns_it_with_an_opinion_and_a_second_round_begins(backend) {
        let office = Office::open(backend);
        let mut case = CaseStory::in_review(&office);
        let mut hashes = vec![case.content_hash().to_owned()];
        for (step, reviewer, before) in [
            ("legal", "legal_reviewer", &[][..]),
            ("secrecy", "secrecy_reviewer", &["legal"]),
            ("sign_off", "approver", &["legal", "secrecy"]),
            ("sign_off", "approver", &["legal", "secrecy", "sign_off"]),
        ] {
            for step in before {
                case = case.pass(step);
            }
            let silent = json!({ "step": step, "decision": "return", "content_hash": case.content_hash() });
            let refused = case.as_role(reviewer).post(&case.path("/reply/reviews"), &silent);
            assert_eq!(told(&refused), "409 opinion_missing");
            let opinion = json!({
                "step": step, "decision": "return", "content_hash": case.content_hash(), "opinion": "请补充法律依据。",
            });
            case = case.command(reviewer, "POST", "/reply/reviews", &opinion);
            assert_eq!((case.last.str("/status"), case.last.str("/reply/state")), ("in_process", "draft"));
            assert_eq!(case.last.at("/reply/passed_steps"), &json!([]), "the next round begins at the first step");
            // The same words again are another version, with a hash of its own.
            case = case.draft("granted", "经研究，予以公开，见附件。");
            assert!(!hashes.contains(&case.content_hash().to_owned()));
            hashes.push(case.content_hash().to_owned());
            assert_eq!(case.last.at("/reply/version"), hashes.len());
            case = case.submit();
            assert_eq!(case.last.str("/reply/due_step"), "legal");
        }
        let case = case.review_by_all().issue();
        assert_eq!((case.last.str("/status"), case.content_hash()), ("replied", hashes[4].as_str()));
    }

    fn whoever_drafted_decides_nothing_about_it(backend) {
        let office = Office::open(backend);
        let case = CaseStory::in_review(&office);
        let hash = case.content_hash().to_owned();
        let reviewers = ["legal_reviewer", "secrecy_reviewer", "approver"];
        let steps = ["legal", "secrecy", "sign_off"];
        // Another account, the same person.
        let same = reviewers.map(|role| second_account(&office, "handler", role));
        let mut case = case;
        for n in 0..3 {
            for decision in ["pass", "return"] {
                let refused = decide(&case, &same[n], steps[n], decision, &hash);
                assert_eq!(told(&refused), "409 drafter_may_not_review", "{}", steps[n]);
            }
            case = case.pass(steps[n]);
        }
        let issue = |who: &Client| told(&who.if_match("*").post(&case.path("/reply/issue"), &json!({ "content_hash": hash })));
        assert_eq!(issue(&same[2]), "409 drafter_may_not_review");
        assert_eq!(issue(&office.as_role("approver-2")), "200", "who issues need not be who signed it off");
        // Whoever drafted a version that was returned is a drafter still, though another wrote the one in review.
        let colleague = json!({ "username": "he", "password": PASSWORD });
        make_account(&office, &colleague, &json!([{ "role": "handler", "department_id": office.department(BUDGET) }]));
        let tokens = office.anonymous().post("/auth/login", &colleague).must(200);
        let he = office.anonymous().header("Authorization", format!("Bearer {}", tokens.str("/access_token")));
        let change = json!({ "current_password": PASSWORD, "new_password": "Chun-Jiang-Hua-Yue-Ye" });
        he.put("/me/password", &change).must(204);
        let mut case = CaseStory::in_review(&office);
        decide(&case, &office.as_role("legal_reviewer"), "legal", "return", case.content_hash()).must(200);
        let draft = crate::support::replies::draft("granted", "重拟。");
        he.if_match("*").put(&case.path("/reply"), &draft).must(200);
        case.last = he.if_match("*").post(&case.path("/reply/submission"), &json!({})).must(200);
        assert_eq!(told(&decide(&case, &same[0], "legal", "pass", case.content_hash())), "409 drafter_may_not_review");
        decide(&case, &office.as_role("legal_reviewer"), "legal", "pass", case.content_hash()).must(200);
    }

    fn one_person_takes_one_step(backend) {
        let office = Office::open(backend);
        let secrecy = second_account(&office, "legal_reviewer", "secrecy_reviewer");
        let approver = second_account(&office, "legal_reviewer", "approver");
        let case = CaseStory::in_review(&office).pass("legal");
        let hash = case.content_hash().to_owned();
        assert_eq!(told(&decide(&case, &secrecy, "secrecy", "pass", &hash)), "409 one_person_one_step");
        let case = case.pass("secrecy");
        for decision in ["pass", "return"] {
            assert_eq!(told(&decide(&case, &approver, "sign_off", decision, &hash)), "409 one_person_one_step");
        }
        // Neither in the next round, though the step was taken in the one before.
        decide(&case, &office.as_role("approver"), "sign_off", "return", &hash).must(200);
        let mut case = case;
        case.last = office.as_role("clerk").get(&case.path("")).must(200);
        let mut case = case.draft("granted", "重拟。").submit();
        let hash = case.content_hash().to_owned();
        let other = office.as_role("legal_reviewer-2");
        case.last = decide(&case, &other, "legal", "pass", &hash).must(200);
        assert_eq!(told(&decide(&case, &secrecy, "secrecy", "pass", &hash)), "409 one_person_one_step");
        let case = case.pass("secrecy").pass("sign_off").issue();
        assert_eq!(case.last.str("/status"), "replied");
    }

    fn a_decision_binds_to_the_content_that_was_read(backend) {
        let office = Office::open(backend);
        let case = CaseStory::in_review(&office);
        let old = case.content_hash().to_owned();
        decide(&case, &office.as_role("legal_reviewer"), "legal", "return", &old).must(200);
        let mut case = case;
        case.last = office.as_role("clerk").get(&case.path("")).must(200);
        let case = case.draft("denied_state_secret", "不予公开。").submit();
        let new = case.content_hash().to_owned();
        let legal = office.as_role("legal_reviewer");
        for stale in [old.as_str(), &"0".repeat(64)] {
            for decision in ["pass", "return"] {
                assert_eq!(told(&decide(&case, &legal, "legal", decision, stale)), "409 content_differs");
            }
        }
        for wrong in ["", "x", &new[1..], &new.to_uppercase(), &format!("{new}0")] {
            let refused = decide(&case, &legal, "legal", "pass", wrong);
            assert_eq!(told(&refused), "422 invalid", "{wrong}");
            assert_eq!(refused.str("/errors/0/pointer"), "/content_hash");
        }
        // The steps come in their order, each by its own role.
        for (who, step, wanted) in [
            ("secrecy_reviewer", "secrecy", "409 step_not_due"),
            ("approver", "sign_off", "409 step_not_due"),
            ("secrecy_reviewer", "legal", "403 forbidden"),
            ("legal_reviewer", "secrecy", "403 forbidden"),
            ("legal_reviewer", "sign_off", "403 forbidden"),
            ("handler", "legal", "403 forbidden"),
            ("clerk", "legal", "403 forbidden"),
        ] {
            assert_eq!(told(&decide(&case, &office.as_role(who), step, "pass", &new)), wanted, "{who} {step}");
        }
        let case = case.review_by_all();
        let issue = |hash: &str| {
            told(&case.as_role("approver").post(&case.path("/reply/issue"), &json!({ "content_hash": hash })))
        };
        assert_eq!(issue(&old), "409 content_differs");
        assert_eq!(told(&decide(&case, &office.as_role("approver"), "sign_off", "pass", &new)), "409 wrong_status");
        assert_eq!(issue(&new), "200");
    }

    fn what_is_in_review_is_frozen(backend) {
        let office = Office::open(backend);
        for case in [CaseStory::in_review(&office), CaseStory::approved(&office)] {
            let hash = case.content_hash().to_owned();
            let draft = crate::support::replies::draft("granted", "另一个答复。");
            assert_eq!(told(&case.as_role("handler").put(&case.path("/reply"), &draft)), "409 wrong_status");
            let other = json!({ "department_id": office.department(crate::support::office::PLANNING) });
            assert_eq!(told(&case.as_role("clerk").post(&case.path("/assignments"), &other)), "409 wrong_status");
            let reason = json!({ "reason": "不属本处" });
            let back = case.as_role("handler").post(&case.path("/assignments/1/return"), &reason);
            assert_eq!(told(&back), "409 wrong_status");
            let read = office.as_role("approver").get(&case.path("")).must(200);
            assert_eq!((read.etag(), read.str("/reply/content_hash")), (case.etag(), hash.as_str()));
        }
    }

    fn two_equal_drafts_have_different_hashes(backend) {
        let office = Office::open(backend);
        let drafted = || {
            let case = CaseStory::receive(&office, &request()).register(SUBJECT).assign(BUDGET).acknowledge();
            case.draft("granted", "予以公开。").content_hash().to_owned()
        };
        assert_ne!(drafted(), drafted(), "a hash that could be guessed from the words would tell them");
    }
}
