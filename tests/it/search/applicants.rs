//! Applicants are found by their exact name or number, in a body and never in a URL; masked, limited by account, recorded.

use serde_json::{Value, json};

use crate::support::databases::both_databases;
use crate::support::office::{BUDGET, Office};
use crate::support::story::{CaseStory, request};

/// A request of somebody with a passport.
pub fn of_person(name: &str, passport: Option<&str>) -> Value {
    let mut body = request();
    body["applicant"]["name"] = json!(name);
    if let Some(number) = passport {
        body["applicant"]["identity"] = json!({ "kind": "passport", "number": number });
    }
    body
}

fn ids(found: &Value) -> Vec<String> {
    let items = found["items"].as_array().unwrap();
    items.iter().map(|item| item["case"]["id"].as_str().unwrap().to_owned()).collect()
}

both_databases! {
    fn an_applicant_is_found_by_his_exact_name_or_number(backend) {
        let office = Office::open(backend);
        let first = CaseStory::receive(&office, &of_person("王示例", Some("E00000000"))).register("某公告").assign(BUDGET);
        let second = CaseStory::receive(&office, &of_person("王示例", None));
        let other = CaseStory::receive(&office, &of_person("王示例二", Some("E00000001")));
        let clerk = office.as_role("clerk");
        let by = |who: &str, body: Value| office.as_role(who).post("/cases/search", &body).must(200).body;
        let name = by("clerk", json!({ "applicant_name": " 王示例 " }));
        assert_eq!(ids(&name), [second.id.clone(), first.id.clone()], "those received last first");
        assert_eq!(name["items"][1]["applicant"]["name"], "王**");
        assert_eq!(name["items"][1]["case"]["subject"], "某公告");
        assert!(!name.to_string().contains("王示例") && !name.to_string().contains("E00000000"), "{name}");
        for number in ["E00000000", "e0000 0000", "Ｅ００００００００"] {
            assert_eq!(ids(&by("clerk", json!({ "applicant_id_number": number }))), [first.id.as_str()], "{number}");
        }
        for nobody in ["王示", "王", "示例", "E0000000", "%"] {
            assert_eq!(ids(&by("clerk", json!({ "applicant_name": nobody }))), [""; 0], "{nobody}");
        }
        // Page by page.
        let page = by("clerk", json!({ "applicant_name": "王示例", "limit": 1 }));
        assert_eq!(ids(&page), [second.id.as_str()]);
        let page = by("clerk", json!({ "applicant_name": "王示例", "limit": 1, "cursor": page["next_cursor"] }));
        assert_eq!((ids(&page), &page["next_cursor"]), (vec![first.id.clone()], &Value::Null));
        // Within the rights of whoever asks.
        assert_eq!(ids(&by("handler", json!({ "applicant_name": "王示例" }))), [first.id.as_str()]);
        assert_eq!(ids(&by("handler-2", json!({ "applicant_name": "王示例" }))), [""; 0]);
        let body = json!({ "applicant_name": "王示例" });
        for who in ["supervisor", "system_admin", "auditor"] {
            assert_eq!(office.as_role(who).post("/cases/search", &body).status, 403, "{who}");
        }
        let neighbour = office.neighbour("310100");
        let found = office.of_agency(&neighbour, "clerk").post("/cases/search", &body).must(200);
        assert_eq!(found.at("/items"), &json!([]));
        // The newest record of an applicant is the one that counts.
        let amend = json!({ "reason": "姓名有误", "applicant": of_person("赵示例", None)["applicant"] });
        drop(other.post("clerk", "/amendments", amend));
        assert_eq!(ids(&by("clerk", json!({ "applicant_name": "王示例二" }))), [""; 0]);
        assert_eq!(ids(&by("clerk", json!({ "applicant_id_number": "E00000001" }))), [""; 0]);
        assert_eq!(ids(&by("clerk", json!({ "applicant_name": "赵示例" }))).len(), 1);
        // What is not one question is refused, and a URL takes no names.
        for (body, code) in [
            (json!({}), "one_of"),
            (json!({ "applicant_name": "王", "applicant_id_number": "1" }), "one_of"),
            (json!({ "applicant_name": " " }), "blank"),
            (json!({ "applicant_name": "王".repeat(201) }), "length"),
            (json!({ "applicant_name": "王", "q": "x" }), "unknown_field"),
            (json!({ "applicant_name": "王", "limit": 101 }), "range"),
            (json!({ "applicant_name": "王", "cursor": "x" }), "unknown_value"),
        ] {
            let refused = clerk.post("/cases/search", &body);
            assert_eq!((refused.status, refused.str("/errors/0/code")), (422, code), "{body}: {}", refused.text);
        }
        assert_eq!(clerk.get("/cases?applicant_name=x").status, 422);
        // Each search is in the chain: who, by what, how many; not for whom.
        let records = office.server.place.database.lines(
            "SELECT record AS line FROM events WHERE event_type = 'applicant_searched' ORDER BY agency_seq",
        );
        assert_eq!(records.len(), 17, "{records:#?}");
        for part in [r#""found":2"#, r#""known":"name""#, r#""known":"id_number""#] {
            assert!(records.iter().any(|record| record.contains(part)), "{part}: {records:#?}");
        }
        assert!(records.iter().all(|record| !record.contains("王") && !record.contains("E0000")));
        office.server.place.must_be_sound();
    }

    fn an_account_goes_through_no_list_of_names(backend) {
        let office = Office::open(backend);
        let ask = |who: &str| office.as_role(who).post("/cases/search", &json!({ "applicant_name": "王示例" }));
        let answers: Vec<u16> = (0..32).map(|_| ask("clerk").status).collect();
        assert!(answers.iter().take(30).all(|status| *status == 200), "{answers:?}");
        assert!(answers.contains(&429), "{answers:?}");
        let refused = (0..3).map(|_| ask("clerk")).find(|reply| reply.status == 429).unwrap();
        let seconds: u32 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=60).contains(&seconds) && refused.str("/code") == "too_often", "{}", refused.text);
        assert_eq!(ask("clerk-2").status, 200, "another account has a limit of its own");
    }
}
