//! What may be asked for about other cases, each time with others that fit: received long ago, of the same applicant.

use gongkai::domain::case::command::RelationCommandKind;

use super::*;
use crate::support::replies;

/// An agency of the tree.
pub const BELOW: &str = "320803";

/// Answered by naming the body that holds the information.
pub fn naming_another(office: &Office) -> CaseStory<'_> {
    let case = CaseStory::registered(office).assign(BUDGET).acknowledge();
    let case = case.command("handler", "PUT", "/reply", &replies::naming_another("某区自然资源局"));
    case.submit().review_by_all().issue()
}

/// An old case that stands so, made when it is asked for first.
fn standing(office: &Office, status: &str) -> String {
    let day = today() - Days::new(400);
    let found = office.as_role("clerk").get(&format!("/cases?status={status}&received_to={day}"));
    if let Some(id) = found.must(200).at("/items/0/id").as_str() {
        return id.to_owned();
    }
    let case = CaseStory::receive(office, &by_channel("registered_post", day)).on(day).register(SUBJECT);
    let case = case.assign(BUDGET);
    if status == "assigned" {
        return case.id;
    }
    let case = case.acknowledge().draft("granted", "予以公开。").submit();
    case.review_by_all().issue().id
}

/// The command as it is in order wherever it is.
pub fn request(office: &Office, kind: RelationCommandKind) -> (&'static str, &'static str, Value) {
    let (path, body) = match kind {
        RelationCommandKind::HandOn => {
            ("/relations/hand-on", json!({ "agency_code": BELOW, "reason": "该信息由贵局保存" }))
        }
        RelationCommandKind::Split => (
            "/relations/split",
            json!({ "parts": [{ "description": "申请公开另一报告。" }], "reason": "一事一申请" }),
        ),
        RelationCommandKind::Merge => (
            "/relations/merge",
            json!({ "into_case_id": standing(office, "assigned"), "reason": "同一事项" }),
        ),
        RelationCommandKind::LinkRepeat => (
            "/relations",
            json!({ "kind": "repeat", "case_id": standing(office, "replied"), "reason": "与此前申请相同" }),
        ),
        RelationCommandKind::LinkSupplement => (
            "/relations",
            json!({ "kind": "supplement", "case_id": standing(office, "assigned"), "reason": "补充" }),
        ),
    };
    ("POST", path, body)
}
