//! The places of remedies: something was brought against a reply, or the case is answered anew.

use gongkai::domain::case::command::RemedyCommandKind;

use super::*;

/// Those who have to do with it, and one who has not.
pub const PEOPLE: &[&str] =
    &["clerk", "handler", "legal_reviewer", "secrecy_reviewer", "approver", "archivist"];

pub const PLACES: &[&str] = &[
    "archived, remedy pending",
    "archived, remedy answered",
    "archived, remedy decided",
    "in_process, answered anew",
    "in_process, answered anew by a named day",
];

/// A case that stands there; everything happened today.
pub fn case_at<'a>(office: &'a Office, place: &str) -> CaseStory<'a> {
    let brought = || {
        let papers = json!({ "kind": "reconsideration", "organ": "某市人民政府" });
        CaseStory::archived(office).command("clerk", "POST", "/remedies", &papers)
    };
    let decided = |mut more: Value| {
        more["decided_on"] = json!(today());
        brought().command("legal_reviewer", "POST", "/remedies/1/result", &more)
    };
    let until = today() + Days::new(30);
    match place {
        "archived, remedy pending" => brought(),
        "archived, remedy answered" => brought().command("clerk", "POST", "/remedies/1/answer", &json!({})),
        "archived, remedy decided" => decided(json!({ "result": "upheld" })),
        "in_process, answered anew" => decided(json!({ "result": "corrected", "answer_anew": true })),
        "in_process, answered anew by a named day" => {
            decided(json!({ "result": "corrected", "answer_anew": true, "until": until }))
        }
        other => panic!("there is no place {other}"),
    }
}

/// The command as it is in order wherever it is.
pub fn request(case: &CaseStory, kind: RemedyCommandKind) -> (&'static str, &'static str, Value) {
    let remedy = |member: &str| case.last.at(&format!("/remedies/0/{member}")).clone();
    let part = if remedy("answered_on").is_string() {
        "answer"
    } else if remedy("decided_on").is_string() {
        "result"
    } else {
        "filing"
    };
    let (path, body) = match kind {
        RemedyCommandKind::File => {
            ("/remedies", json!({ "kind": "complaint", "organ": "某市人民政府办公室" }))
        }
        RemedyCommandKind::Answer => ("/remedies/1/answer", json!({})),
        RemedyCommandKind::Conclude => {
            ("/remedies/1/result", json!({ "result": "upheld", "decided_on": today() }))
        }
        RemedyCommandKind::Void => ("/remedies/1/void", json!({ "part": part, "reason": "误登" })),
    };
    ("POST", path, body)
}
