//! What a clerk can read out on the phone: the situations in which a date is hard to explain, in full, as the interface says it.
//! The texts lie in `tests/golden/words`; `UPDATE_GOLDEN=1` writes them anew, to be read before they are committed.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::databases::Backend;
use crate::support::office::Office;

const PATH: &str = "/time-limits/calculate";

fn consulted(name: &str, kind: &str, on: &str) -> Value {
    json!({ "type": "consultation_sent", "on": on, "ref": name, "kind": kind, "served_on": on })
}

fn answered(name: &str, on: &str) -> Value {
    json!({ "type": "consultation_answered", "on": on, "ref": name })
}

fn extended(on: &str) -> Value {
    json!({ "type": "extended", "on": on, "working_days": 10, "approved_on": on })
}

fn replied(method: &str, served_on: &str) -> Value {
    json!({ "type": "replied", "on": "2026-03-30", "outcome": "granted", "method": method,
            "dispatched_on": "2026-03-30", "served_on": served_on })
}

/// The situations: every application was received on Monday 2 March 2026.
fn situations() -> Vec<(&'static str, &'static str, Vec<Value>)> {
    let asked = json!({ "type": "correction_requested", "on": "2026-03-09", "served_on": "2026-03-09" });
    let corrected = json!({ "type": "corrected", "on": "2026-03-16" });
    let charged = json!({ "type": "fee_notice", "on": "2026-03-09", "served_on": "2026-03-10" });
    let paid = json!({ "type": "fee_paid", "on": "2026-03-14" });
    vec![
        (
            "overlapping-consultations",
            "2026-03-19",
            vec![
                consulted("甲", "third_party", "2026-03-10"),
                consulted("乙", "joint_maker", "2026-03-11"),
                answered("甲", "2026-03-12"),
                answered("乙", "2026-03-18"),
            ],
        ),
        (
            "extension-during-a-suspension",
            "2026-03-17",
            vec![
                consulted("甲", "third_party", "2026-03-10"),
                extended("2026-03-12"),
                answered("甲", "2026-03-16"),
            ],
        ),
        ("correction-after-an-extension", "2026-03-17", vec![extended("2026-03-05"), asked, corrected]),
        ("fee-paid-on-a-saturday", "2026-03-17", vec![charged, paid]),
        ("reply-by-post-on-the-due-date", "2026-04-02", vec![replied("post", "2026-04-01")]),
        ("reply-by-hand-a-day-late", "2026-04-02", vec![replied("direct", "2026-03-31")]),
        ("reply-by-hand-on-the-due-date", "2026-04-02", vec![replied("direct", "2026-03-30")]),
    ]
}

#[test]
fn what_is_hard_to_explain_is_explained() {
    let office = Office::open(Backend::Sqlite);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/words");
    for (name, as_of, facts) in situations() {
        let facts: Vec<Value> =
            std::iter::once(json!({ "type": "received", "on": "2026-03-02" })).chain(facts).collect();
        let request = json!({ "statute": "cn-ogi-2019", "facts": facts, "as_of": as_of });
        for language in ["zh", "en"] {
            let client = office.anonymous().accept_language(language).header("Accept", "text/plain");
            let told = client.post(PATH, &request).must(200).text;
            let file = folder.join(format!("{name}.{language}.txt"));
            if std::env::var_os("UPDATE_GOLDEN").is_some() {
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(&file, &told).unwrap();
            }
            let wanted = std::fs::read_to_string(&file).unwrap_or_default();
            assert_eq!(told, wanted, "{}", file.display());
        }
    }
}
