//! 沟通联系、好差评 through the interface: a clerk and a handler talk with people, the applicant rates the answer.

use serde_json::{Value, json};

use super::operations::{refused, told};
use super::stories::by_channel;
use crate::support::databases::both_databases;
use crate::support::office::{BUDGET, Office};
use crate::support::server::GONGKAI;
use crate::support::story::{CaseStory, SUBJECT, day};

fn talk(with: &str, summary: &str, on: &str) -> Value {
    json!({ "means": "phone", "with": with, "summary": summary, "on": on })
}

/// The words of the history's events of a type.
fn words(office: &Office, case: &CaseStory, kind: &str) -> Vec<(String, Option<String>)> {
    let history = office.as_role("clerk").get(&case.path("/history")).must(200);
    let events = history.at("/events").as_array().unwrap().clone();
    let of_kind = events.iter().filter(|event| event["type"] == kind);
    of_kind
        .flat_map(|event| event["words"].as_array().unwrap())
        .map(|word| (word["kind"].as_str().unwrap().to_owned(), word["text"].as_str().map(str::to_owned)))
        .collect()
}

both_databases! {
    fn talks_are_logged_along_the_way_and_the_applicant_rates_the_answer(backend) {
        let office = Office::open(backend);
        let case = CaseStory::receive(&office, &by_channel("counter", day("2026-03-02")));
        assert_eq!((case.last.at("/contacts"), case.last.at("/rating")), (&json!([]), &Value::Null));

        // The clerk asks what exactly is wanted; the record is about a person, and shown masked.
        let asked = talk("applicant", "王示例来电，所需为报告正文，电话13912345678。", "2026-03-02");
        let case = case.command("clerk", "POST", "/contacts", &asked);
        let case = case.on(day("2026-03-03")).register(SUBJECT);
        // A handler has no part in it until his department has.
        assert_eq!(refused(&case, "handler", "/contacts", &asked), "404 not_found");
        let case = case.assign(BUDGET).acknowledge();
        let before = case.last.at("/time_limit").clone();
        let letter = json!({ "means": "letter", "with": "third_party", "summary": "致函某公司了解情况", "on": "2026-03-04" });
        let case = case.command("handler", "POST", "/contacts", &letter);
        assert_eq!(case.last.at("/time_limit"), &before, "a talk moves no limit");
        assert_eq!(case.last.str("/status"), "in_process");
        let contacts = case.last.at("/contacts").as_array().unwrap();
        let shown: Vec<_> = contacts.iter().map(|it| [&it["n"], &it["on"], &it["means"], &it["with"]]).collect();
        assert_eq!(shown, [
            [&json!(1), &json!("2026-03-02"), &json!("phone"), &json!("applicant")],
            [&json!(2), &json!("2026-03-04"), &json!("letter"), &json!("third_party")],
        ]);
        assert_ne!(contacts[0]["by"], contacts[1]["by"], "who entered it");
        assert!(contacts.iter().all(|it| it["by"].is_string()));
        let said = words(&office, &case, "contact_logged");
        assert_eq!(said[0].0, "contact");
        let first = said[0].1.as_deref().unwrap();
        assert!(first.contains("所需为报告正文") && !first.contains("王示例") && !first.contains("13912345678"), "{first}");
        assert_eq!(said[1].1.as_deref(), Some("致函某公司了解情况"));

        // What is no talk.
        for (body, code) in [
            (talk("applicant", "x", "2026-03-01"), "409 date_out_of_order"),
            (talk("applicant", "x", "2999-01-01"), "409 date_in_future"),
            (talk("neighbour", "x", "2026-03-05"), "422 invalid"),
            (talk("applicant", " ", "2026-03-05"), "422 invalid"),
            (talk("applicant", &"很".repeat(4001), "2026-03-05"), "422 invalid"),
            (json!({ "with": "applicant", "summary": "x" }), "422 invalid"),
            (json!({ "means": "phone", "with": "applicant", "summary": "x", "who": "王示例" }), "422 invalid"),
        ] {
            assert_eq!(refused(&case, "clerk", "/contacts", &body), code, "{body}");
        }
        assert_eq!(refused(&case, "approver", "/contacts", &asked), "403 forbidden");
        assert_eq!(refused(&case, "supervisor", "/contacts", &asked), "404 not_found");

        // Rated when the reply has reached him, once.
        let rating = |on: &str| json!({ "score": 5, "channel": "phone", "comment": "王示例：回复及时，谢谢。", "on": on });
        assert_eq!(refused(&case, "clerk", "/rating", &rating("2026-03-05")), "409 wrong_status");
        let case = case.on(day("2026-03-10")).draft("granted", "予以公开。").submit().review_by_all().issue();
        assert_eq!(refused(&case, "clerk", "/rating", &rating("2026-03-10")), "409 rated_before_service");
        let case = case.on(day("2026-03-12")).serve("post");
        assert_eq!(refused(&case, "clerk", "/rating", &rating("2026-03-11")), "409 date_out_of_order");
        assert_eq!(refused(&case, "handler", "/rating", &rating("2026-03-12")), "403 forbidden");
        for score in [json!(0), json!(6), json!(4.5), json!("5"), json!(256), Value::Null] {
            let reply = case.as_role("clerk").post(&case.path("/rating"), &json!({ "score": score }));
            assert_eq!((told(&reply), reply.str("/errors/0/pointer")), ("422 invalid".to_owned(), "/score"));
        }
        let case = case.command("clerk", "POST", "/rating", &rating("2026-03-12"));
        let shown = case.last.at("/rating");
        assert_eq!([&shown["score"], &shown["channel"], &shown["on"]], [&json!(5), &json!("phone"), &json!("2026-03-12")]);
        assert!(shown["by"].is_string());
        assert_eq!(refused(&case, "clerk", "/rating", &rating("2026-03-13")), "409 already_rated");
        let said = words(&office, &case, "rated");
        assert!(said[0].0 == "rating" && said[0].1.as_deref().unwrap().contains("回复及时"), "{said:?}");
        assert!(!said[0].1.as_deref().unwrap().contains("王示例"), "{said:?}");

        // Each is a piece of the file, and goes out with it.
        let case = case.on(day("2026-05-10")).archive();
        let case = case.command("clerk", "POST", "/contacts", &talk("other", "法院来电询问", "2026-06-01"));
        let pieces = office.as_role("archivist").get(&case.path("/archive")).must(200);
        let titles: Vec<&str> = pieces.at("/pieces").as_array().unwrap().iter().map(|it| it["title"].as_str().unwrap()).collect();
        for title in ["沟通联系记录（第1次，与申请人）", "沟通联系记录（第2次，与第三方）", "沟通联系记录（第3次，与其他人）", "申请人评价（5分）"] {
            assert_eq!(titles.iter().filter(|found| **found == title).count(), 1, "{title}: {titles:?}");
        }
        let zip = office.as_role("archivist").get(&case.path("/export")).must(200);
        let verdict = gongkai::audit::export::verify_export(std::io::Cursor::new(&zip.bytes), None).unwrap();
        assert!(verdict.is_sound(), "{:?}", verdict.faults);

        // The words go with the case's other words; the record of the talks and the score stay.
        let erase = json!({ "proposal": "erase", "ground": "other_law", "reason": "依法删除" });
        let case = case.command("archivist", "POST", "/appraisals", &erase);
        let case = case.command("approver", "POST", "/appraisals/1/decision", &json!({ "approve": true }));
        assert_eq!(case.last.at("/contacts").as_array().unwrap().len(), 3);
        assert_eq!(case.last.at("/rating/score"), &json!(5));
        let gone = [words(&office, &case, "contact_logged"), words(&office, &case, "rated")].concat();
        assert_eq!(gone, vec![("erased".to_owned(), None); 4]);
        let ran = office.server.place.command(GONGKAI).args(["audit", "verify", "--json"]).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
        office.server.place.must_be_sound();
    }

    fn a_talk_sent_twice_is_logged_once(backend) {
        let office = Office::open(backend);
        let case = CaseStory::registered(&office);
        let body = json!({ "means": "in_person", "with": "applicant", "summary": "来访面谈" });
        let client = case.as_role("clerk").idempotency_key("talk-1");
        let first = client.post(&case.path("/contacts"), &body).must(200);
        assert_eq!(client.post(&case.path("/contacts"), &body).text, first.text);
        assert_eq!(told(&case.as_role("clerk").post(&case.path("/contacts"), &body)), "412 version_stale");
        let read = office.as_role("clerk").get(&case.path("")).must(200);
        assert_eq!(read.at("/contacts").as_array().unwrap().len(), 1);
        office.server.place.must_be_sound();
    }
}
