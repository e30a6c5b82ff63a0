//! 暂缓处置、鉴定、销毁、删除: what becomes of a file, and that the record can still be verified.

use super::*;
use crate::support::client::Reply;
use crate::support::databases::{Backend, both_databases};
use crate::support::server::GONGKAI;

/// Handed in on 2 March 2015, granted, and archived on 11 May 2015: kept through 31 December 2025.
fn old(office: &Office) -> CaseStory<'_> {
    let case = CaseStory::receive(office, &by_channel("counter", day("2015-03-02")));
    let case = case.on(day("2015-03-03")).register(SUBJECT).assign(BUDGET).acknowledge();
    let case =
        case.on(day("2015-03-10")).draft("granted", "予以公开，王示例收。").submit().review_by_all().issue();
    case.on(day("2015-03-12")).serve("post").on(day("2015-05-11")).archive()
}

pub(super) fn propose(proposal: Value) -> Value {
    let mut body = json!({ "reason": "保管期满，无继续保存价值", "on": "2026-01-05" });
    body.as_object_mut().unwrap().extend(proposal.as_object().unwrap().clone());
    body
}

pub(super) fn decide(approve: bool) -> Value {
    json!({ "approve": approve, "opinion": "同意", "on": "2026-01-06" })
}

fn listed(office: &Office, state: &str) -> Vec<Value> {
    let page = office.as_role("archivist").get(&format!("/archive?state={state}")).must(200);
    check_answer(&page);
    page.at("/items").as_array().unwrap().clone()
}

fn history(office: &Office, case: &CaseStory) -> Reply {
    office.as_role("archivist").get(&case.path("/history")).must(200)
}

/// The record verifies, and the queue is what the record makes of it.
pub(super) fn must_verify(office: &Office) {
    let ran = office.server.place.command(GONGKAI).args(["audit", "verify", "--json"]).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
    office.server.place.must_be_sound();
}

/// Every erased words' place in the history, and those that stay.
fn words(history: &Reply) -> (usize, Vec<String>) {
    let all =
        history.at("/events").as_array().unwrap().iter().flat_map(|event| event["words"].as_array().unwrap());
    let (mut erased, mut kept) = (0, Vec::new());
    for one in all {
        if let Some(text) = one["text"].as_str() {
            kept.push(text.to_owned());
        } else {
            assert_eq!(one["kind"], "erased");
            erased += 1;
        }
    }
    (erased, kept)
}

both_databases! {
    fn a_file_whose_period_has_ended_is_appraised_and_disposed_of(backend) {
        let office = Office::open(backend);
        let case = old(&office);
        let young = archived(&office, "granted");
        let due = listed(&office, "due");
        assert_eq!(due.len(), 1);
        assert_eq!((&due[0]["id"], &due[0]["retention_ends_on"]), (&json!(case.id), &json!("2025-12-31")));
        assert_eq!((&due[0]["title"], &due[0]["on_hold"]), (&json!(SUBJECT), &json!(false)));
        assert_eq!(told(&office.as_role("clerk").get("/archive?state=due")), "403 forbidden");
        assert_eq!(told(&office.as_role("archivist").get("/archive?state=all")), "422 invalid");
        assert_eq!(told(&office.as_role("archivist").get("/archive")), "422 invalid");

        let dispose = || propose(json!({ "proposal": "dispose" }));
        assert_eq!(refused(&young, "archivist", "/appraisals", &dispose()), "409 date_out_of_order");
        let now = json!({ "proposal": "dispose", "reason": "库房已满" });
        assert_eq!(refused(&young, "archivist", "/appraisals", &now), "409 retention_running");
        let mut early = dispose();
        early["on"] = json!("2025-12-31");
        assert_eq!(refused(&case, "archivist", "/appraisals", &early), "409 retention_running");
        assert_eq!(refused(&case, "approver", "/appraisals", &dispose()), "403 forbidden");
        let mixed = propose(json!({ "proposal": "dispose", "ground": "unlawful" }));
        assert_eq!(refused(&case, "archivist", "/appraisals", &mixed), "422 invalid");
        let case = case.command("archivist", "POST", "/appraisals", &dispose());
        assert_eq!(refused(&case, "archivist", "/appraisals/1/decision", &decide(true)), "403 forbidden");
        assert_eq!(refused(&case, "approver", "/appraisals/2/decision", &decide(true)), "409 no_such_appraisal");
        let before = words(&history(&office, &case));
        assert_eq!(before.0, 0);

        let case = case.command("approver", "POST", "/appraisals/1/decision", &decide(true));
        assert_eq!(case.last.str("/archive/disposed_on"), "2026-01-06");
        assert_eq!(case.last.str("/archive/appraisals/0/proposal"), "dispose");
        assert_eq!((case.last.at("/applicant"), case.last.at("/description")), (&Value::Null, &Value::Null));
        assert_eq!(case.last.at("/reply/text"), &Value::Null);
        assert_eq!(case.last.at("/allowed_actions"), &json!([]), "nothing more is done with it");
        let hold = json!({ "reason": "诉讼" });
        assert_eq!(refused(&case, "archivist", "/holds", &hold), "409 disposed");

        // What happened stays, told and counted; what was said is gone, but for the title and why it is gone.
        let after = words(&history(&office, &case));
        assert_eq!(after.1, [SUBJECT, "保管期满，无继续保存价值", "同意"]);
        assert_eq!(after.0 + 3, before.1.len() + 1, "the opinion came with the decision");
        assert_eq!(listed(&office, "due"), Vec::<Value>::new());
        let disposed = listed(&office, "disposed");
        assert_eq!((&disposed[0]["title"], &disposed[0]["disposed_on"]), (&json!(SUBJECT), &json!("2026-01-06")));
        assert_eq!(&disposed[0]["archival_code"], "320800-1-2015-D10-0001");
        let catalogue = office.as_role("archivist").get(&case.path("/archive")).must(200);
        assert_eq!(catalogue.at("/pieces/0/words_erased"), &json!(1));
        let zip = office.as_role("archivist").get(&case.path("/export")).must(200);
        let verdict = gongkai::audit::export::verify_export(std::io::Cursor::new(&zip.bytes), None).unwrap();
        assert!(verdict.is_sound(), "{:?}", verdict.faults);
        must_verify(&office);
    }

    fn a_hold_keeps_a_file_until_it_is_lifted(backend) {
        let office = Office::open(backend);
        let case = old(&office).command("archivist", "POST", "/holds", &json!({ "reason": "行政诉讼", "on": "2025-06-02" }));
        assert_eq!(case.last.at("/archive/holds/0/lifted_on"), &Value::Null);
        assert!(case.last.at("/archive/holds/0/placed_by").is_string(), "by whom");
        assert_eq!(listed(&office, "held")[0]["id"], json!(case.id));
        assert_eq!(listed(&office, "due")[0]["on_hold"], true);
        for proposal in [json!({ "proposal": "dispose" }), json!({ "proposal": "erase", "ground": "retention_ended" })] {
            assert_eq!(refused(&case, "archivist", "/appraisals", &propose(proposal)), "409 on_hold");
        }
        assert_eq!(refused(&case, "archivist", "/holds/1/lift", &json!({ "reason": "x" })), "403 forbidden");
        assert_eq!(refused(&case, "approver", "/holds/2/lift", &json!({ "reason": "x" })), "409 no_such_hold");
        let case = case.command("approver", "POST", "/holds/1/lift", &json!({ "reason": "判决生效", "on": "2026-01-04" }));
        assert_eq!(case.last.str("/archive/holds/0/lifted_on"), "2026-01-04");
        assert_eq!(listed(&office, "held"), Vec::<Value>::new());
        // Kept for longer: the period counts from the same day.
        let retain = propose(json!({ "proposal": "retain", "retention": "years_30" }));
        let case = case.command("archivist", "POST", "/appraisals", &retain);
        let case = case.command("approver", "POST", "/appraisals/1/decision", &decide(true));
        assert_eq!(case.last.str("/archive/retention_ends_on"), "2045-12-31");
        assert_eq!(case.last.str("/archive/archival_code"), "320800-1-2015-D10-0001", "a code once given stays");
        assert_eq!(listed(&office, "due"), Vec::<Value>::new());
        assert_eq!(words(&history(&office, &case)).0, 0, "nothing was erased");
        must_verify(&office);
    }

    fn the_law_erases_one_case_and_leaves_the_others_and_the_chain(backend) {
        let office = Office::open(backend);
        // Others around it, some with long words, so that rows move between pages.
        let crowd = |count: usize| {
            for n in 0..count {
                let mut body = by_channel("counter", day("2026-03-02"));
                body["description"] = json!(format!("申请公开第{n}号文件。").repeat(1 + n % 7 * 20));
                CaseStory::receive(&office, &body);
            }
        };
        crowd(40);
        let mut body = by_channel("counter", day("2026-03-02"));
        body["applicant"] = json!({
            "kind": "natural_person", "name": "欧阳不可寻", "phone": "13912345678", "email": "nobody@example.cn",
            "address": "江苏省淮安市某路1号",
        });
        body["description"] = json!("欧阳不可寻申请公开某文件，内容很长。".repeat(100));
        let case = CaseStory::receive(&office, &body).on(day("2026-03-03")).register(SUBJECT).assign(BUDGET).acknowledge();
        let case = case.draft("granted", "欧阳不可寻：予以公开。");
        crowd(40);
        let database = &office.server.place.database;
        let id = case.id.replace('-', "");
        let of_case = if backend == Backend::Sqlite {
            format!("case_id = X'{id}'")
        } else {
            format!("case_id = '{}'", case.id)
        };
        let hex = if backend == Backend::Sqlite { "lower(hex" } else { "(encode" };
        let end = if backend == Backend::Sqlite { "))" } else { ", 'hex'))" };
        let column = |column: &str, table: &str, and: &str| {
            database.lines(&format!("SELECT {hex}({column}{end} AS line FROM {table} WHERE {of_case} {and}"))
        };
        let mut sealed = column("sealed", "case_texts", "AND kind <> 'subject'");
        for name in ["name", "phone", "email", "address", "salt", "name_index"] {
            sealed.extend(column(name, "applicants", ""));
        }
        assert!(sealed.len() >= 8 && sealed.iter().all(|blob| blob.len() >= 32), "{}", sealed.len());
        let others = database.rows_of("case_texts").len();

        // Before the period has ended, and under a hold, on the law's own grounds only.
        let case = case.command("archivist", "POST", "/holds", &json!({ "reason": "诉讼" }));
        let erase = |ground: &str| json!({ "proposal": "erase", "ground": ground, "reason": "误录他人信息" });
        assert_eq!(refused(&case, "archivist", "/appraisals", &erase("retention_ended")), "409 not_archived");
        let case = case.command("archivist", "POST", "/appraisals", &erase("unlawful"));
        if backend == Backend::Sqlite {
            assert!(sealed.iter().all(|blob| in_files(&office, blob, "")), "the search finds what is there");
        }
        let decision = json!({ "approve": true });
        let key = case.as_role("approver").idempotency_key("erase-1");
        let answer = key.post(&case.path("/appraisals/1/decision"), &decision).must(200);
        assert_eq!(answer.at("/applicant"), &Value::Null);
        assert!(answer.at("/archive/erased_on").is_string() && answer.at("/archive/disposed_on").is_null());
        assert_eq!(key.post(&case.path("/appraisals/1/decision"), &decision).text, answer.text, "a retry");

        assert_eq!(column("sealed", "case_texts", "AND kind NOT IN ('subject', 'archive')"), Vec::<String>::new());
        assert_eq!(column("name", "applicants", ""), Vec::<String>::new());
        let gone = sealed.len() - 6;
        assert_eq!(database.rows_of("case_texts").len(), others + 2 - gone, "nobody else's words");
        if backend == Backend::Sqlite {
            for blob in &sealed {
                assert!(!in_files(&office, blob, "-wal"), "erased bytes are still in the database's log");
            }
        }
        must_verify(&office);
        // The work goes on without them.
        let read = office.as_role("handler").get(&case.path("")).must(200);
        assert_eq!((read.at("/description"), read.str("/subject")), (&Value::Null, SUBJECT));
        let (erased, kept) = words(&history(&office, &case));
        assert_eq!((erased, kept.len()), (gone, 3));
    }
}

/// Whether a part of a blob (in hexadecimal) is in any of the database's files whose name ends so, its log included.
fn in_files(office: &Office, blob: &str, end: &str) -> bool {
    let bytes: Vec<u8> =
        (0..blob.len() / 2).map(|at| u8::from_str_radix(&blob[2 * at..2 * at + 2], 16).unwrap()).collect();
    let folder = office.server.place.database.folder().unwrap();
    let window = 16;
    let parts: Vec<&[u8]> =
        [0, (bytes.len() - window) / 2, bytes.len() - window].map(|at| &bytes[at..at + window]).to_vec();
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        path.is_file() && path.to_string_lossy().ends_with(end) && {
            let content = std::fs::read(path).unwrap();
            parts.iter().any(|part| memchr_find(&content, part))
        }
    })
}

fn memchr_find(content: &[u8], part: &[u8]) -> bool {
    let first = part[0];
    let mut from = 0;
    while let Some(at) = content[from..].iter().position(|byte| *byte == first) {
        let start = from + at;
        if content.get(start..start + part.len()) == Some(part) {
            return true;
        }
        from = start + 1;
    }
    false
}
