//! The index follows each change, in the transaction of the change; what was there before it is put in when the program
//! migrates; `rebuild` derives it again.

use gongkai::app::progress::silent;
use serde_json::{Value, json};

use super::{all_found, escaped, numbers};
use crate::support::databases::{Backend, both_databases};
use crate::support::office::Office;
use crate::support::server::block_on;
use crate::support::story::{CaseStory, request};

fn finds(office: &Office, who: &str, q: &str) -> usize {
    all_found(&office.as_role(who), q, "", 50).len()
}

/// Deriving every row again changes nothing.
fn must_be_derived(office: &Office) {
    let app = office.server.place.app();
    let rebuilt = block_on(app.rebuild(true, &silent())).unwrap();
    assert!(rebuilt.is_sound(), "{rebuilt:?}");
}

fn registration() -> Value {
    json!({
        "subject": "某地块征收补偿方案",
        "documents": [
            { "title": " 关于印发《某区旧城改造  规划》的通知 ", "number": "沪府办〔２０２４〕12号" },
            { "number": "ABC-7" },
            { "title": "集体土地征收公告" },
        ],
    })
}

both_databases! {
    fn a_case_is_found_by_what_it_is_registered_with_and_by_nothing_else(backend) {
        let office = Office::open(backend);
        let case = CaseStory::receive(&office, &request());
        assert_eq!(finds(&office, "clerk", "绩效"), 0, "the applicant's own words are not searched");
        let case = case.post("clerk", "/registration", registration());
        assert_eq!(case.last.at("/documents"), &json!([
            { "title": "关于印发《某区旧城改造 规划》的通知", "number": "沪府办〔２０２４〕12号" },
            { "title": null, "number": "ABC-7" },
            { "title": "集体土地征收公告", "number": null },
        ]));
        let number = case.number().to_owned();
        for q in ["征收补偿", "旧城改造规划", "沪府办[2024]12", "abc-7", "公告", &number, "征收 公告 ABC"] {
            assert_eq!(finds(&office, "clerk", q), 1, "{q}");
        }
        // No word goes from one text into the next, and nothing of the applicant is there.
        for q in ["方案关于", "通知沪府", "12号ABC", "王示例", "010-00000000", "绩效"] {
            assert_eq!(finds(&office, "clerk", q), 0, "{q}");
        }
        // The handler of a department that has nothing to do with it does not find it; nor does another agency.
        assert_eq!(finds(&office, "handler", "征收补偿"), 0);
        let case = case.assign(crate::support::office::BUDGET);
        assert_eq!((finds(&office, "handler", "征收补偿"), finds(&office, "handler-2", "征收补偿")), (1, 0));
        let neighbour = office.neighbour("310100");
        assert_eq!(all_found(&office.of_agency(&neighbour, "clerk"), "征收补偿", "", 50).len(), 0);
        assert_eq!(office.as_role("supervisor").get("/cases?q=a").status, 403);
        drop(case);
        must_be_derived(&office);
    }

    fn an_amendment_moves_the_index_and_the_history_tells_it(backend) {
        let office = Office::open(backend);
        let case = CaseStory::receive(&office, &request()).post("clerk", "/registration", registration());
        let amend = |what: Value| {
            let mut body = json!({ "reason": "录入有误" });
            body.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
            body
        };
        let case = case.post("clerk", "/amendments", amend(json!({ "subject": "某河道整治方案" })));
        assert_eq!((finds(&office, "clerk", "河道"), finds(&office, "clerk", "补偿")), (1, 0));
        assert_eq!(finds(&office, "clerk", "abc-7"), 1, "the documents are as before");
        let documents = json!({ "documents": [{ "title": "河长制实施意见", "number": "苏政发〔2019〕3号" }] });
        let case = case.post("clerk", "/amendments", amend(documents));
        assert_eq!((finds(&office, "clerk", "苏政发(2019)3号 河道"), finds(&office, "clerk", "abc-7")), (1, 0));
        let history = case.as_role("clerk").get(&case.path("/history")).must(200);
        let words: Vec<&str> =
            history.at("/events/3/words").as_array().unwrap().iter().map(|word| word["kind"].as_str().unwrap()).collect();
        assert_eq!(words, ["documents", "note"]);
        assert_eq!(history.at("/events/3/words/0/text"), "河长制实施意见\t苏政发〔2019〕3号");
        let case = case.post("clerk", "/amendments", amend(json!({ "documents": [] })));
        assert_eq!((case.last.at("/documents"), finds(&office, "clerk", "苏政发")), (&json!([]), 0));
        let unregistered = CaseStory::receive(&office, &request());
        let refused = unregistered.as_role("clerk").post(&unregistered.path("/amendments"), &amend(json!({ "documents": [] })));
        assert_eq!((refused.status, refused.str("/code")), (409, "not_registered"));
        must_be_derived(&office);
    }

    fn a_reply_is_found_by_its_number(backend) {
        let office = Office::open(backend);
        let case = CaseStory::approved(&office);
        for (number, code) in [
            ("", "length"),
            ("  ", "blank"),
            ("甲\n乙", "form"),
            ("甲\u{202e}乙", "form"),
            ("关于王示例的答复", "personal_data"),
            ("致13812345678", "personal_data"),
            (&"长".repeat(61), "length"),
        ] {
            let body = json!({ "content_hash": case.content_hash(), "number": number });
            let refused = case.as_role("approver").post(&case.path("/reply/issue"), &body);
            assert_eq!((refused.status, refused.str("/errors/0/pointer")), (422, "/number"), "{number}: {}", refused.text);
            assert_eq!(refused.str("/errors/0/code"), code, "{number}: {}", refused.text);
        }
        let case = case.issue_as(" 淮公开告〔２０２６〕12号 ");
        assert_eq!(case.last.str("/reply/number"), "淮公开告〔２０２６〕12号");
        for q in ["淮公开告[2026]12号", "公开告 绩效", "2026〕12"] {
            assert_eq!(finds(&office, "clerk", q), 1, "{q}");
        }
        assert_eq!(finds(&office, "clerk", "淮公开告〔2026〕13号"), 0);
        must_be_derived(&office);
    }

    fn documents_hold_no_personal_data_and_are_bounded(backend) {
        let office = Office::open(backend);
        let case = CaseStory::receive(&office, &request());
        let title = |title: &str| json!({ "title": title });
        let many: Vec<Value> = (0..11).map(|n| title(&format!("第{n}号"))).collect();
        for (documents, pointer, code) in [
            (json!([title("联系13812345678")]), "/documents/0/title", "personal_data"),
            (json!([title("公告"), { "number": "11010519491231002X" }]), "/documents/1/number", "personal_data"),
            (json!([title("王示例的档案")]), "/documents/0/title", "personal_data"),
            (json!([title("公告"), {}]), "/documents/1", "required"),
            (json!([title(" ")]), "/documents/0/title", "blank"),
            (json!([title(&"长".repeat(201))]), "/documents/0/title", "length"),
            (json!([{ "number": "1".repeat(65) }]), "/documents/0/number", "length"),
            (json!(many), "/documents", "length"),
            (json!([{ "name": "x" }]), "/documents/0/name", "unknown_field"),
        ] {
            let body = json!({ "subject": "某公告", "documents": documents });
            let refused = case.as_role("clerk").post(&case.path("/registration"), &body);
            assert_eq!(refused.status, 422, "{documents}: {}", refused.text);
            let first = (refused.str("/errors/0/pointer"), refused.str("/errors/0/code"));
            assert_eq!(first, (pointer, code), "{documents}");
        }
    }

    fn what_was_registered_before_there_was_an_index_is_put_in_by_the_migration(backend) {
        let office = Office::open(backend);
        let numbers_made: Vec<String> = (0..3)
            .map(|n| CaseStory::receive(&office, &request()).register(&format!("某地块第{n}次征收")).number().to_owned())
            .collect();
        CaseStory::receive(&office, &request());
        let database = &office.server.place.database;
        database.execute("DELETE FROM case_search").unwrap();
        if backend == Backend::Sqlite {
            // As before the migration: it looks only when it was run now.
            database.execute("DROP TABLE case_search_index; DROP TABLE case_search; ALTER TABLE cases DROP COLUMN documents; \
                              DELETE FROM __diesel_schema_migrations WHERE version = '0006'").unwrap();
        }
        gongkai::store::migrate(database.url()).unwrap();
        let mut found = numbers(&all_found(&office.as_role("clerk"), "第 征收", "", 50));
        found.sort();
        assert_eq!(found, numbers_made);
    }

    fn a_rebuild_finds_and_mends_what_the_index_lost(backend) {
        let office = Office::open(backend);
        for n in 0..3 {
            drop(CaseStory::receive(&office, &request()).register(&format!("某地块第{n}次征收")));
        }
        let database = &office.server.place.database;
        let app = office.server.place.app();
        let rebuild = |check| block_on(app.rebuild(check, &silent())).unwrap();
        assert!(rebuild(true).is_sound());
        database.execute("UPDATE case_search SET words = words || ' x' WHERE n = (SELECT min(n) FROM case_search)").unwrap();
        database.execute("DELETE FROM case_search WHERE n = (SELECT max(n) FROM case_search)").unwrap();
        let checked = rebuild(true);
        let columns: Vec<_> = checked.differences.iter().map(|one| one.columns.clone()).collect();
        assert_eq!(columns, [["case_search"], ["case_search"]]);
        assert!(rebuild(false).is_sound() && rebuild(true).differences.is_empty());
        if backend == Backend::Sqlite {
            database.execute("INSERT INTO case_search_index (case_search_index) VALUES ('delete-all')").unwrap();
            assert_eq!(finds(&office, "clerk", "征收"), 0);
            assert!(!rebuild(true).is_sound(), "an index that holds nothing is told");
            assert!(rebuild(false).is_sound() && rebuild(true).is_sound());
        }
        assert_eq!(finds(&office, "clerk", "征收"), 3);
        assert_eq!(office.as_role("clerk").get(&format!("/cases?q={}", escaped("征收 x"))).must(200).at("/items"), &json!([]));
    }
}
