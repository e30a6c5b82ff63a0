//! What goes out with a reply is frozen with it: the hash that the reviews name covers the files, and another file voids what
//! was decided.

use serde_json::{Value, json};

use super::scanning::{FakeClamd, nowhere, wait_for};
use crate::api::operations::{check_answer, told};
use crate::support::databases::both_databases;
use crate::support::files::{TEXT, attach, newest};
use crate::support::office::{BUDGET, Office};
use crate::support::replies::decision;
use crate::support::story::CaseStory;

/// A case on the handler's desk.
fn acknowledged(office: &Office) -> CaseStory<'_> {
    CaseStory::registered(office).assign(BUDGET).acknowledge()
}

/// The handler attaches a file to the reply; its id.
fn attached(case: &mut CaseStory, name: &str, bytes: &[u8]) -> String {
    let handler = case.as_role("handler");
    case.last = attach(&handler, &case.id, "reply_attachment", name, bytes).must(200);
    newest(&handler, &case.id)["id"].as_str().unwrap().to_owned()
}

fn struck<'a>(case: CaseStory<'a>, id: &str) -> CaseStory<'a> {
    let path = format!("/attachments/{id}/strike");
    case.command("handler", "POST", &path, &json!({ "reason": "换一份" }))
}

fn names(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|it| it["file_name"].as_str().unwrap_or("-").to_owned()).collect()
}

both_databases! {
    fn the_hash_of_a_submission_covers_the_files_that_go_out_with_it(backend) {
        let office = Office::open(backend);
        let mut case = acknowledged(&office);
        let one = attached(&mut case, "一.txt", TEXT);
        let clerk = case.as_role("clerk");
        case.last = attach(&clerk, &case.id, "evidence", "凭证.txt", b"not of the reply").must(200);
        case = case.draft("granted", "经研究，予以公开，见附件。");
        assert_eq!(names(case.last.at("/reply/attachments")), ["一.txt"], "what would go out");
        let draft = case.content_hash().to_owned();
        case = case.submit();
        let first = case.content_hash().to_owned();
        assert_ne!(first, draft, "the draft alone is not what is reviewed");
        let listed = case.last.at("/reply/attachments/0").clone();
        let whole = case.as_role("handler").get(&case.path(&format!("/attachments/{one}"))).must(200).body;
        for member in ["id", "file_name", "file_type", "size", "content_hash", "sha256"] {
            assert_eq!(listed[member], whole[member], "{member}");
        }
        // In review nothing of it changes, and who names the draft's hash decides nothing.
        let handler = case.as_role("handler");
        let late = attach(&handler, &case.id, "reply_attachment", "二.txt", b"second");
        assert_eq!(told(&late), "409 wrong_status");
        let strike = handler.post(&case.path(&format!("/attachments/{one}/strike")), &json!({ "reason": "换" }));
        assert_eq!(told(&strike), "409 reply_attachment_fixed");
        let stale = case.as_role("legal_reviewer").post(&case.path("/reply/reviews"), &decision("legal", "pass", &draft));
        assert_eq!(told(&stale), "409 content_differs");
        // Returned, the same draft goes out with another file: what was passed is passed no more.
        case = case.pass("legal");
        let mut back = decision("secrecy", "return", &first);
        back["opinion"] = json!("附件请换");
        case = case.command("secrecy_reviewer", "POST", "/reply/reviews", &back);
        case = struck(case, &one);
        let two = attached(&mut case, "二.txt", b"second");
        case = case.submit();
        let second = case.content_hash().to_owned();
        assert_eq!((case.last.at("/reply/version"), case.last.at("/reply/passed_steps")), (&json!(1), &json!([])));
        assert!(second != first && second != draft);
        let stale = case.as_role("legal_reviewer").post(&case.path("/reply/reviews"), &decision("legal", "pass", &first));
        assert_eq!(told(&stale), "409 content_differs");
        case = case.review_by_all().issue();
        assert_eq!(case.content_hash(), second);
        assert_eq!(case.last.at("/reply/attachments/0/id"), two.as_str());
        let versions = case.as_role("handler").get(&case.path("/reply/versions")).must(200);
        check_answer(&versions);
        let submissions = versions.at("/items/0/submissions").as_array().unwrap().clone();
        let told: Vec<_> = submissions.iter().map(|it| (it["content_hash"].as_str().unwrap(), names(&it["attachments"]))).collect();
        assert_eq!(told, [(first.as_str(), vec!["一.txt".to_owned()]), (second.as_str(), vec!["二.txt".to_owned()])]);
        let decided: Vec<_> = versions.at("/items/0/decisions").as_array().unwrap().iter().map(|it| it["content_hash"].clone()).collect();
        assert_eq!(decided, [&first, &first, &second, &second, &second].map(|hash| json!(hash)));
        assert_eq!(versions.at("/items/0/content_hash"), draft.as_str());
        office.server.place.must_be_sound();
    }

    fn a_file_in_quarantine_cannot_be_submitted(backend) {
        let address = nowhere();
        let office = Office::open_with(backend, &[("GONGKAI_CLAMD", &format!("tcp://{address}"))]);
        let mut case = acknowledged(&office);
        let clerk = case.as_role("clerk");
        case.last = attach(&clerk, &case.id, "evidence", "凭证.txt", b"waits as well").must(200);
        let one = attached(&mut case, "一.txt", TEXT);
        case = case.draft("granted", "经研究，予以公开，见附件。");
        let handler = case.as_role("handler");
        let refused = handler.post(&case.path("/reply/submission"), &json!({}));
        check_answer(&refused);
        assert_eq!(told(&refused), "409 reply_attachment_unscanned");
        assert!(refused.str("/detail").contains(&one), "it names the file: {}", refused.told());
        assert!(refused.str("/detail").contains("第2件"), "{}", refused.told());
        let clamd = FakeClamd::at(address);
        wait_for(&handler, &case.id, "available");
        let case = case.submit();
        assert_eq!(names(case.last.at("/reply/attachments")), ["一.txt"]);
        drop(clamd);
        office.server.place.must_be_sound();
    }
}
