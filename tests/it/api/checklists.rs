//! 保密审查清单: a secrecy and privacy review answers what goes out, passes what the answers let pass, and its answers are kept.

use serde_json::{Value, json};

use super::operations::told;
use crate::support::client::Reply;
use crate::support::databases::both_databases;
use crate::support::office::Office;
use crate::support::replies::clear;
use crate::support::story::CaseStory;

/// A checklist with one answer of another kind.
fn with(question: &str, answer: &str) -> Value {
    let mut list = clear();
    list[question] = json!(answer);
    list
}

fn decide(case: &CaseStory, decision: &str, checklist: Option<&Value>) -> Reply {
    let mut body = json!({ "step": "secrecy", "decision": decision, "content_hash": case.content_hash() });
    if decision != "pass" {
        body["opinion"] = json!("见审查意见。");
    }
    if let Some(checklist) = checklist {
        body["checklist"] = checklist.clone();
    }
    case.as_role("secrecy_reviewer").if_match("*").post(&case.path("/reply/reviews"), &body)
}

both_databases! {
    fn a_secrecy_review_passes_what_its_checklist_lets_pass(backend) {
        let office = Office::open(backend);
        let case = CaseStory::in_review(&office).pass("legal");
        for decision in ["pass", "pass_with_remark"] {
            assert_eq!(told(&decide(&case, decision, None)), "409 checklist_missing", "{decision}");
        }
        for question in ["state_secret", "work_secret", "trade_secret", "personal_data", "aggregation_risk"] {
            for (answer, decision) in
                [("found", "pass"), ("unsure", "pass"), ("unsure", "pass_with_remark"), ("found", "pass_with_remark")]
            {
                // By consent or for the public interest (Art. 15) it may go out, and the remark says so.
                if (answer, decision) == ("found", "pass_with_remark")
                    && ["trade_secret", "personal_data"].contains(&question)
                {
                    continue;
                }
                let refused = decide(&case, decision, Some(&with(question, answer)));
                assert_eq!(told(&refused), "409 checklist_open", "{question} {answer} {decision}");
                assert!(refused.at("/article").is_string());
            }
        }
        let unsure = office.as_role("secrecy_reviewer").accept_language("en").if_match("*").post(
            &case.path("/reply/reviews"),
            &json!({ "step": "secrecy", "decision": "pass", "content_hash": case.content_hash(),
                     "checklist": with("state_secret", "unsure") }),
        );
        assert!(unsure.str("/detail").contains("referred to the secrecy authority"), "{}", unsure.told());
        // Each step of another kind has none.
        let mut legal = json!({ "step": "legal", "decision": "pass", "checklist": clear() });
        let other = CaseStory::in_review(&office);
        legal["content_hash"] = json!(other.content_hash());
        let refused = other.as_role("legal_reviewer").post(&other.path("/reply/reviews"), &legal);
        assert_eq!(told(&refused), "409 checklist_misplaced");
        // It is whole, in its own words.
        for (wrong, pointer) in [
            (json!({ "state_secret": "clear" }), "/checklist/work_secret"),
            (with("personal_data", "yes"), "/checklist/personal_data"),
            (with("weather", "clear"), "/checklist/weather"),
            (json!("clear"), "/checklist"),
        ] {
            let refused = decide(&case, "pass", Some(&wrong));
            assert_eq!(told(&refused), "422 invalid", "{wrong}");
            let errors = refused.at("/errors").as_array().unwrap();
            assert!(errors.iter().any(|error| error["pointer"] == pointer), "{wrong}: {errors:?}");
        }
        decide(&case, "pass_with_remark", Some(&with("personal_data", "found"))).must(200);
        let mut case = case;
        case.last = office.as_role("clerk").get(&case.path("")).must(200);
        assert_eq!(case.pass("sign_off").issue().last.str("/status"), "replied");
    }

    fn the_answers_are_kept_with_each_decision(backend) {
        let office = Office::open(backend);
        let case = CaseStory::in_review(&office).pass("legal");
        decide(&case, "return", Some(&with("work_secret", "found"))).must(200);
        let mut case = case;
        case.last = office.as_role("clerk").get(&case.path("")).must(200);
        let case = case.draft("granted", "已删去内部工作内容，予以公开。").submit().review_by_all();
        let read = office.as_role("secrecy_reviewer").get(&case.path("/reply/versions")).must(200);
        assert_eq!(read.at("/items/0/decisions/0/checklist"), &Value::Null, "the legal review has none");
        assert_eq!(read.at("/items/0/decisions/1/checklist"), &with("work_secret", "found"));
        assert_eq!(read.at("/items/1/decisions/1/checklist"), &clear());
    }
}
