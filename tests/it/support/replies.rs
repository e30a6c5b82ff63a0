//! Replies that say all that the law asks of them, made from the statute pack.

use std::collections::BTreeMap;

use gongkai::domain::outcome::Outcome;
use gongkai::domain::reply::{Basis, Fact, FactForm, FactValue, RemedyBodies, WithheldPart};
use gongkai::domain::statute::StatutePack;
use gongkai::law::LawBook;
use serde_json::{Map, Value, json};

/// What a reply of an outcome says besides its words: its first ground, every fact asked for, a withheld part where one is.
pub fn whole(pack: &StatutePack, outcome: Outcome) -> Basis<String> {
    let entry = pack.outcome(outcome).unwrap();
    let grounds: Vec<String> = entry.articles.first().cloned().into_iter().collect();
    let asked = entry.facts.iter().filter(|rule| rule.under.is_empty() || rule.under.contains(&grounds[0]));
    let facts: BTreeMap<_, _> = asked.map(|rule| (rule.any_of[0], value(rule.any_of[0]))).collect();
    let withheld = entry.withheld.first().map(|refusal| WithheldPart {
        what: "附件第3页".to_owned(),
        outcome: *refusal,
        grounds: pack.outcome(*refusal).unwrap().articles[..1].to_vec(),
        reason: "不应当公开".to_owned(),
        consultation: None,
    });
    let remedies = RemedyBodies {
        reconsideration_body: Some("示例市人民政府".to_owned()),
        court: Some("示例区人民法院".to_owned()),
        online_filing: None,
    };
    Basis { grounds, facts, withheld: withheld.into_iter().collect(), overrides: Vec::new(), remedies }
}

fn value(fact: Fact) -> FactValue<String> {
    match fact.form() {
        FactForm::Text => FactValue::Text(format!("{}：如所附。", fact.label_zh())),
        FactForm::Date => FactValue::Date("2026-01-05".parse().unwrap()),
        FactForm::Word(words) => FactValue::Word(words[0].code.to_owned()),
    }
}

/// The body of a whole draft.
pub fn draft(outcome: &str, text: &str) -> Value {
    let law = LawBook::embedded().unwrap();
    body(&whole(law.pack("cn-ogi-2019").unwrap(), Outcome::parse(outcome).unwrap()), outcome, text)
}

/// The reply that Article 36(5) asks for: not held here, and who holds it.
pub fn naming_another(body: &str) -> Value {
    let mut draft = draft("unable_not_held", "本机关不掌握该信息。");
    draft["grounds"] = json!(["36(5)"]);
    draft["facts"] = json!({ "reason": "该信息不由本机关制作或者保存。", "other_body": body });
    draft
}

/// A basis as the interface takes it.
pub fn body(basis: &Basis<String>, outcome: &str, text: &str) -> Value {
    let stated = |value: &FactValue<String>| match value {
        FactValue::Text(text) | FactValue::Word(text) => text.clone(),
        FactValue::Date(date) => date.to_string(),
    };
    let facts: Map<String, Value> =
        basis.facts.iter().map(|(fact, value)| (fact.code().to_owned(), json!(stated(value)))).collect();
    json!({
        "outcome": outcome,
        "text": text,
        "grounds": basis.grounds,
        "facts": facts,
        "withheld": basis.withheld,
        "overrides": basis.overrides,
        "remedies": basis.remedies,
    })
}

/// A secrecy review's checklist with nothing found.
pub fn clear() -> Value {
    json!({
        "state_secret": "clear", "work_secret": "clear", "trade_secret": "clear", "personal_data": "clear",
        "aggregation_risk": "clear",
    })
}

/// A decision about a step; a secrecy review that passes has answered its checklist.
pub fn decision(step: &str, decision: &str, content: &str) -> Value {
    let mut body = json!({ "step": step, "decision": decision, "content_hash": content });
    if step == "secrecy" && decision.starts_with("pass") {
        body["checklist"] = clear();
    }
    body
}
