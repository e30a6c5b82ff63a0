//! 打开附件原件: what people wrote is opened for a reason, by whoever needs it now; whoever controls them sees who opened what, when and
//! why; no answer, no export shows it otherwise.

use std::io::Cursor;

use gongkai::audit::export::verify_export;
use serde_json::{Value, json};

use crate::api::archive::export::unzipped;
use crate::api::operations::{check_answer, told};
use crate::api::reviews::second_account;
use crate::support::client::Client;
use crate::support::databases::both_databases;
use crate::support::files::{REASON, TEXT, attach, download, export_with_files, newest, open};
use crate::support::office::{BUDGET, Office};
use crate::support::server::GONGKAI;
use crate::support::story::{CaseStory, SUBJECT};

const NAME: &str = "濮阳示例";
/// What the scanner of all answers must find, did any answer but an opening show it.
const LETTER: &str = "申请人濮阳示例，电话13912345678，住江苏省淮安市涟水县某路2号。\n";

fn request() -> Value {
    json!({
        "channel": "counter",
        "applicant": { "kind": "natural_person", "name": NAME, "address": "江苏省淮安市涟水县某路2号" },
        "description": "申请公开2025年度绩效评价报告。",
    })
}

fn id_of(who: &Client, case: &CaseStory) -> String {
    newest(who, &case.id)["id"].as_str().unwrap().to_owned()
}

/// The files of a ZIP that are the case's.
fn enclosed(zip: &[u8]) -> Vec<String> {
    assert!(verify_export(Cursor::new(zip), None).unwrap().is_sound());
    unzipped(zip).into_keys().filter(|name| name.starts_with("attachments/")).collect()
}

fn command(office: &Office, arguments: &[&str]) -> (bool, String) {
    let ran = office.server.place.command(GONGKAI).args(arguments).output().unwrap();
    (ran.status.success(), String::from_utf8_lossy(&ran.stderr).into_owned())
}

/// Who may open the file now, and who is told that it is not his.
fn may_open(office: &Office, case: &CaseStory, id: &str, allowed: &[&str], refused: &[&str]) {
    for who in allowed {
        let who = office.as_role(who);
        assert_eq!(newest(&who, &case.id)["opening"], "with_reason");
        assert_eq!(told(&download(&who, &case.id, id)), "403 reason_required");
        assert_eq!(open(&who, &case.id, id).must(200).bytes, LETTER.as_bytes());
    }
    for name in refused {
        let who = office.as_role(name);
        assert_eq!(newest(&who, &case.id)["opening"], "refused", "{name}");
        for reply in
            [download(&who, &case.id, id), open(&who, &case.id, id), export_with_files(&who, &case.id)]
        {
            assert_eq!(told(&reply), "403 forbidden", "{name}: {}", reply.asked);
        }
    }
    for name in ["handler-2", "supervisor", "auditor", "system_admin", "security_admin"] {
        let who = office.as_role(name);
        for reply in
            [download(&who, &case.id, id), open(&who, &case.id, id), export_with_files(&who, &case.id)]
        {
            assert_eq!(told(&reply), "404 not_found", "{name}: {}", reply.asked);
        }
    }
}

both_databases! {
    fn what_people_wrote_is_opened_for_a_reason_and_it_is_known_by_whom(backend) {
        let office = Office::open(backend);
        let case = CaseStory::receive(&office, &request()).register(SUBJECT).assign(BUDGET).acknowledge();
        let clerk = office.as_role("clerk").if_match("*");
        attach(&clerk, &case.id, "application", "申请书.txt", LETTER.as_bytes()).must(200);
        let id = id_of(&clerk, &case);
        let refused = download(&clerk, &case.id, &id);
        check_answer(&refused);
        assert!(refused.str("/detail").contains("/openings"), "it says how: {}", refused.told());
        // A reason that is none, or names somebody, opens nothing.
        let path = case.path(&format!("/attachments/{id}/openings"));
        for body in [
            json!({}), json!({ "reason": " " }), json!({ "reason": "aaaaaa" }), json!({ "reason": "。。。。" }),
            json!({ "reason": "因".repeat(501) }), json!({ "reason": format!("给{NAME}回信") }), json!({ "reason": "拨打13912345678" }),
        ] {
            let reply = clerk.post(&path, &body);
            assert_eq!((told(&reply), reply.str("/errors/0/pointer")), ("422 invalid".to_owned(), "/reason"), "{body}");
        }
        // While it is worked on; while it is reviewed; once it is closed.
        let (reviewers, desk) = (["legal_reviewer", "secrecy_reviewer", "approver"], ["clerk", "handler"]);
        may_open(&office, &case, &id, &desk, &[&reviewers[..], &["archivist"]].concat());
        let case = CaseStory::told(&office, clerk.get(&case.path("")).must(200));
        let case = case.draft("granted", "予以公开。").submit();
        may_open(&office, &case, &id, &[&reviewers[..], &desk].concat(), &["archivist"]);
        let case = case.review_by_all().issue().serve("direct").archive();
        may_open(&office, &case, &id, &["clerk", "archivist"], &reviewers);
        let case = case.command("clerk", "POST", "/remedies", &json!({ "kind": "complaint", "organ": "某市人民政府" }));
        may_open(&office, &case, &id, &["legal_reviewer"], &["secrecy_reviewer", "approver"]);

        // Who controls it.
        let list = office.as_role("auditor").get(&case.path("/reveals?limit=200")).must(200);
        check_answer(&list);
        let items = list.at("/items").as_array().unwrap();
        assert_eq!(items.len(), 2 + 5 + 2 + 1, "one record for each opening, none without");
        for item in items {
            assert_eq!((&item["kind"], &item["attachment_id"]), (&json!("attachment"), &json!(id)));
            assert_eq!(item["reason"], REASON);
        }
        let report = office.as_role("approver").post("/accesses/search", &json!({ "applicant_name": NAME, "limit": 200 })).must(200);
        assert_eq!(report.at("/items").as_array().unwrap().len(), items.len());
        assert!(command(&office, &["audit", "verify"]).0);
        office.server.place.must_be_sound();
    }

    fn a_document_of_the_reply_is_downloaded_by_whoever_reads_the_case(backend) {
        let office = Office::open(backend);
        let case = CaseStory::receive(&office, &request()).register(SUBJECT).assign(BUDGET).acknowledge();
        let handler = office.as_role("handler").if_match("*");
        attach(&handler, &case.id, "reply_attachment", "报告.txt", TEXT).must(200);
        let id = id_of(&handler, &case);
        for who in ["clerk", "handler", "legal_reviewer", "secrecy_reviewer", "approver", "archivist"] {
            let who = office.as_role(who);
            assert_eq!(newest(&who, &case.id)["opening"], "free");
            assert_eq!(download(&who, &case.id, &id).must(200).bytes, TEXT);
        }
        assert_eq!(office.server.place.database.rows_of("accesses").len(), 0);
        assert_eq!(enclosed(&handler.get(&case.path("/export")).must(200).bytes).len(), 1);
    }

    fn an_export_holds_what_people_wrote_only_for_a_reason(backend) {
        let office = Office::open(backend);
        let case = CaseStory::receive(&office, &request()).register(SUBJECT).assign(BUDGET).acknowledge();
        let clerk = office.as_role("clerk").if_match("*");
        attach(&clerk, &case.id, "consultation", "来函.txt", LETTER.as_bytes()).must(200);
        attach(&clerk, &case.id, "identity_proof", "证件.txt", b"who it is").must(200);
        assert_eq!(enclosed(&clerk.get(&case.path("/export")).must(200).bytes), Vec::<String>::new());
        let whole = export_with_files(&clerk, &case.id).must(200);
        check_answer(&whole);
        assert_eq!(enclosed(&whole.bytes).len(), 1, "and no proof of identity");
        for (body, pointer) in [
            (json!({ "files": true }), "/reason"), (json!({ "reason": REASON }), "/files"), (json!({ "reason": REASON, "files": false }), "/files"),
            (json!({ "reason": "aaaa", "files": true }), "/reason"), (json!({ "reason": NAME, "files": true }), "/reason"),
        ] {
            let reply = clerk.post(&case.path("/export"), &body);
            assert_eq!((told(&reply), reply.str("/errors/0/pointer")), ("422 invalid".to_owned(), pointer), "{body}");
        }
        // The operator at the server says why, too.
        let number = clerk.get(&case.path("")).must(200).str("/number").to_owned();
        let out = office.server.place.folder().join("1.zip").display().to_string();
        let export = |more: &[&str]| command(&office, &[&["export-case", "--agency", "320800", "--number", &number, "--out", &out], more].concat());
        for more in [&["--with-files"][..], &["--reason", REASON], &["--with-files", "--reason", "x"], &["--with-files", "--reason", NAME]] {
            assert!(!export(more).0, "{more:?}");
        }
        assert_eq!(export(&["--with-files", "--reason", REASON]), (true, String::new()));
        assert!(std::fs::read(&out).unwrap() == whole.bytes, "the same files, the same bytes");
        let list = office.as_role("auditor").get(&case.path("/reveals")).must(200);
        let items = list.at("/items").as_array().unwrap();
        let kinds: Vec<(&str, &Value)> = items.iter().map(|it| (it["kind"].as_str().unwrap(), &it["reason"])).collect();
        let reason = json!(REASON);
        assert_eq!(kinds, [("export_with_files", &reason), ("export_with_files", &reason), ("export", &Value::Null)]);
        assert_eq!((&items[0]["account_id"], items[1]["account_id"].is_string()), (&Value::Null, true));
        office.server.place.must_be_sound();
    }

    /// Whichever account, whichever way: files and exports with files are counted together.
    fn a_person_opens_so_many_in_an_hour_and_then_must_wait(backend) {
        let office = Office::open_with(backend, &[("GONGKAI_ATTACHMENT_OPENINGS", "3")]);
        let case = CaseStory::receive(&office, &request()).register(SUBJECT);
        let clerk = office.as_role("clerk").if_match("*");
        attach(&clerk, &case.id, "identity_proof", "证件.txt", b"who it is").must(200);
        let proof = id_of(&clerk, &case);
        attach(&clerk, &case.id, "evidence", "信封.txt", LETTER.as_bytes()).must(200);
        let id = id_of(&clerk, &case);
        let other = second_account(&office, "clerk", "clerk");
        open(&clerk, &case.id, &id).must(200);
        open(&other, &case.id, &proof).must(200);
        export_with_files(&clerk, &case.id).must(200);
        for who in [&clerk, &other] {
            for reply in [open(who, &case.id, &id), open(who, &case.id, &proof), export_with_files(who, &case.id)] {
                check_answer(&reply);
                assert_eq!(told(&reply), "429 too_often");
                assert!((1..=3_600).contains(&reply.header("retry-after").unwrap().parse::<u32>().unwrap()));
            }
        }
        // Reveals and plain exports are counted apart, and so is everybody else.
        clerk.post(&case.path("/reveals"), &json!({ "fields": ["name"], "reason": REASON })).must(200);
        clerk.get(&case.path("/export")).must(200);
        open(&office.as_role("clerk-2"), &case.id, &id).must(200);
        office.server.place.must_be_sound();
    }
}
