//! 答复: what each outcome must state, over the interface. Every missing thing is told, and every outcome can be replied to.

use gongkai::domain::outcome::Outcome;
use gongkai::domain::reply::Basis;
use gongkai::domain::statute::{OutcomeEntry, Releases};
use gongkai::law::LawBook;
use serde_json::{Value, json};

use super::operations::told;
use crate::support::databases::both_databases;
use crate::support::office::{BUDGET, Office};
use crate::support::replies::{body, draft, whole};
use crate::support::story::CaseStory;

const TEXT: &str = "经研究，现答复如下。";

/// A case whose handler is at work, with a third party who objected.
fn at_work(office: &Office) -> CaseStory<'_> {
    CaseStory::registered(office).assign(BUDGET).acknowledge()
}

/// A whole draft, and the same with each thing missing: the pointers that must be told.
fn drafts(entry: &OutcomeEntry, whole: &Basis<String>, bodies: &[&str]) -> Vec<(Value, Vec<String>)> {
    let full = body(whole, entry.code.code(), TEXT);
    let mut drafts = vec![(full.clone(), Vec::new())];
    let without = |parent: &str, name: &str| {
        let mut lacking = full.clone();
        lacking[parent].as_object_mut().unwrap().remove(name).unwrap();
        lacking
    };
    for fact in whole.facts.keys() {
        drafts.push((without("facts", fact.code()), vec![format!("/facts/{}", fact.code())]));
    }
    for name in bodies {
        drafts.push((without("remedies", name), vec![format!("/remedies/{name}")]));
    }
    if entry.releases == Releases::Part {
        drafts.push((json_with(&full, "withheld", json!([])), vec!["/withheld".to_owned()]));
        let mut groundless = full.clone();
        groundless["withheld"][0]["grounds"] = json!([]);
        drafts.push((groundless, vec!["/withheld/0/grounds".to_owned()]));
    }
    // Nothing but the words: all that is missing, at once. What is asked under a ground waits for the ground.
    let mut all: Vec<String> = Vec::new();
    if !entry.articles.is_empty() {
        all.push("/grounds".to_owned());
    }
    let always = entry.facts.iter().filter(|rule| rule.under.is_empty());
    all.extend(always.map(|rule| format!("/facts/{}", rule.any_of[0].code())));
    if entry.releases == Releases::Part {
        all.push("/withheld".to_owned());
    }
    all.extend(bodies.iter().map(|name| format!("/remedies/{name}")));
    drafts.push((json!({ "outcome": entry.code.code(), "text": TEXT }), all));
    drafts
}

fn json_with(draft: &Value, name: &str, value: Value) -> Value {
    let mut changed = draft.clone();
    changed[name] = value;
    changed
}

fn pointers(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| item["pointer"].as_str().unwrap().to_owned()).collect()
}

both_databases! {
    fn a_draft_is_kept_without_what_it_lacks_and_submitted_only_whole(backend) {
        let office = Office::open(backend);
        let law = LawBook::embedded().unwrap();
        let pack = law.pack("cn-ogi-2019").unwrap();
        let mut case = at_work(&office);
        let mut refused = 0;
        for outcome in Outcome::ALL {
            let entry = pack.outcome(*outcome).unwrap();
            let bodies: Vec<_> =
                pack.remedy_clause(*outcome).unwrap().bodies.iter().map(|body| body.code()).collect();
            for (sent, missing) in drafts(entry, &whole(pack, *outcome), &bodies) {
                case = case.command("handler", "PUT", "/reply", &sent);
                assert_eq!(pointers(case.last.at("/reply/lacking")), missing, "{sent}");
                let submit = case.as_role("handler").get(&case.path("")).must(200);
                let offered = submit.at("/allowed_actions").as_array().unwrap().contains(&json!("submit"));
                assert_eq!(offered, missing.is_empty(), "what is offered is what is allowed");
                if missing.is_empty() {
                    continue;
                }
                let submission = case.path("/reply/submission");
                let answer = case.as_role("handler").post(&submission, &json!({}));
                assert_eq!(told(&answer), "409 reply_incomplete");
                assert_eq!(pointers(answer.at("/errors")), missing);
                let english = case.as_role("handler").header("Accept-Language", "en").post(&submission, &json!({}));
                for (n, lack) in answer.at("/errors").as_array().unwrap().iter().enumerate() {
                    assert_eq!(lack["code"], "missing");
                    assert_eq!(lack["detail"], case.last.at("/reply/lacking")[n]["detail_zh"]);
                    assert_eq!(english.at("/errors")[n]["detail"], case.last.at("/reply/lacking")[n]["detail_en"]);
                    assert!(answer.str("/detail").contains(lack["detail"].as_str().unwrap()));
                    refused += 1;
                }
            }
        }
        assert_eq!(refused, 168, "things missing that were told");
    }

    fn every_outcome_can_be_replied_to(backend) {
        let office = Office::open(backend);
        for outcome in Outcome::ALL {
            let case = at_work(&office).draft(outcome.code(), TEXT);
            let case = case.submit().review_by_all().issue();
            assert_eq!((case.last.str("/status"), case.last.str("/outcome")), ("replied", outcome.code()));
            let read = office.as_role("clerk").get(&case.path("")).must(200);
            let sent = draft(outcome.code(), TEXT);
            for name in ["grounds", "facts", "overrides"] {
                assert_eq!(read.at(&format!("/reply/{name}")), &sent[name], "{outcome:?}");
            }
            assert_eq!(pointers(read.at("/reply/lacking")), Vec::<String>::new());
            // Type A or B, by name and period.
            let clause = read.str("/reply/remedies/clause_zh");
            let first = read.str("/reply/remedies/type") == "reconsideration_first";
            assert!(clause.contains("60日内") && clause.contains("示例市人民政府"), "{clause}");
            assert_eq!(clause.contains("6个月内向示例区人民法院"), !first, "{clause}");
            assert_eq!(read.str("/reply/remedies/clause_en").contains("6 months"), !first);
        }
    }

    fn what_does_not_belong_in_a_reply_is_a_wrong_field(backend) {
        let office = Office::open(backend);
        let case = at_work(&office);
        let put = |body: &Value| case.as_role("handler").put(&case.path("/reply"), body);
        let secret = draft("denied_state_secret", TEXT);
        let part = json!([{ "what": "附件", "outcome": "granted", "reason": "理由", "grounds": ["14"] }]);
        let overriding = json!([{ "consultation": 1, "content": "内容", "reason": "理由" }]);
        for (sent, pointer) in [
            (json_with(&secret, "grounds", json!(["14", "39(1)"])), "/grounds/1"),
            (json_with(&secret, "grounds", json!(["14", ""])), "/grounds"),
            (json_with(&secret, "withheld", part.clone()), "/withheld"),
            (json_with(&secret, "overrides", overriding.clone()), "/overrides"),
            (json_with(&draft("partially_granted", TEXT), "withheld", part), "/withheld/0/outcome"),
            (json_with(&draft("granted", TEXT), "overrides", overriding), "/overrides/0/consultation"),
            (json_with(&secret, "facts", json!({ "secrecy_level": "workflow" })), "/facts/secrecy_level"),
            (json_with(&secret, "facts", json!({ "earlier_reply_on": "2999-01-01" })), "/facts/earlier_reply_on"),
            (json_with(&secret, "facts", json!({ "unheard_of": "x" })), "/facts/unheard_of"),
            (json_with(&secret, "facts", json!({ "reason": " " })), "/facts/reason"),
            (json_with(&secret, "remedies", json!({ "court": "" })), "/remedies/court"),
        ] {
            let refused = put(&sent);
            assert_eq!(told(&refused), "422 invalid", "{sent}");
            assert_eq!(pointers(refused.at("/errors")), [pointer], "{sent}");
        }
        assert_eq!(case.last.at("/reply"), &Value::Null);
        let kept = office.as_role("clerk").get(&case.path("")).must(200);
        assert_eq!(kept.etag(), case.etag(), "nothing of it was kept");
    }

    fn a_third_party_who_objected_is_told_before_the_reply_goes_out(backend) {
        let office = Office::open(backend);
        let consult = json!({
            "kind": "third_party", "party": "示例公司", "question": "是否同意公开？",
        });
        let answer = json!({ "position": "objects", "text": "涉及商业秘密。" });
        let case = at_work(&office).post("handler", "/consultations", consult.clone());
        let case = case.post("clerk", "/consultations/1/answer", answer.clone());
        let case = case.draft("granted", TEXT);
        let refused = case.as_role("handler").post(&case.path("/reply/submission"), &json!({}));
        assert_eq!(told(&refused), "409 reply_incomplete");
        assert_eq!(pointers(refused.at("/errors")), ["/overrides"]);
        assert!(refused.str("/errors/0/detail").contains("第32条"), "{}", refused.str("/errors/0/detail"));
        let told_to = json!([{ "consultation": 1, "content": "绩效评价结论", "reason": "涉及公共利益" }]);
        let telling = json_with(&draft("granted", TEXT), "overrides", told_to);
        let case = case.command("handler", "PUT", "/reply", &telling).submit().review_by_all().issue();
        assert_eq!(case.last.str("/reply/overrides/0/content"), "绩效评价结论");
        // Or the objection is honoured in the part that is withheld.
        let case = at_work(&office).post("handler", "/consultations", consult.clone());
        let case = case.post("clerk", "/consultations/1/answer", answer.clone());
        let part = json!([{
            "what": "报价明细", "outcome": "denied_third_party_rights", "grounds": ["15"], "reason": "商业秘密",
            "consultation": 1,
        }]);
        let partial = json_with(&draft("partially_granted", TEXT), "withheld", part);
        let case = case.command("handler", "PUT", "/reply", &partial).submit().review_by_all().issue();
        assert_eq!(case.last.at("/reply/withheld/0/consultation"), 1);
        // An objection that comes while the draft is in review stops the issue.
        let case = at_work(&office).post("handler", "/consultations", consult).draft("granted", TEXT).submit();
        let answered = case.as_role("clerk").post(&case.path("/consultations/1/answer"), &answer);
        if answered.status == 200 {
            let mut case = case;
            case.last = answered;
            let case = case.review_by_all();
            let issue = json!({ "content_hash": case.content_hash() });
            assert_eq!(told(&case.as_role("approver").post(&case.path("/reply/issue"), &issue)), "409 reply_incomplete");
        }
    }
}
