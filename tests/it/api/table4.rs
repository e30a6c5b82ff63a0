//! Table 4 of real cities, from remedies recorded one by one through the interface; and a report that is frozen and changes visibly.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::operations::{check_answer, told};
use super::stories::by_channel;
use crate::support::client::Client;
use crate::support::databases::both_databases;
use crate::support::office::Office;
use crate::support::story::{CaseStory, SUBJECT};

const RESULTS: [&str; 4] = ["upheld", "corrected", "other_result", "pending"];
const BLOCKS: [&str; 3] = ["reconsideration", "litigation_direct", "litigation_after_reconsideration"];

/// Records the remedies of a published table 4 on cases of the year, and checks what comes out of them.
pub fn check_table4(office: &Office, report: &Value) {
    let clerk = office.as_role("clerk");
    let year = report["year"].as_i64().unwrap();
    let mut cases = cases_of(&clerk, year).into_iter().cycle();
    for block in BLOCKS {
        for (nth, result) in RESULTS.iter().enumerate() {
            let count = report["table4"][block][*result].as_u64().unwrap_or(0);
            for n in 0..count {
                bring(&clerk, &cases.next().unwrap(), block, result, year, n + u64::try_from(nth).unwrap());
            }
        }
    }
    for mistaken in ["reconsideration", "complaint"] {
        let case = cases.next().unwrap();
        let version = bring(&clerk, &case, mistaken, "upheld", year, 0);
        if mistaken == "reconsideration" {
            // One that was entered by mistake counts nowhere, nor does a complaint.
            let n = clerk.get(&format!("/cases/{case}")).must(200).at("/remedies").as_array().unwrap().len();
            let void = json!({ "part": "filing", "reason": "误登" });
            let approver = office.as_role("approver").if_match(version);
            approver.post(&format!("/cases/{case}/remedies/{n}/void"), &void).must(200);
        }
    }
    let served = office.as_role("approver").get(&format!("/reports/annual/{year}")).must(200);
    for block in BLOCKS {
        for column in RESULTS.iter().copied().chain(["total"]) {
            let figure = report["table4"][block][column].as_u64().unwrap_or(0);
            assert_eq!(served.at(&format!("/table4/{block}/{column}")), figure, "{block}/{column}");
            check_cell(&office.as_role("approver"), year, block, column, figure);
        }
    }
    assert_eq!(served.at("/consistent"), true);
    let next = office.as_role("approver").get(&format!("/reports/annual/{}", year + 1)).must(200);
    let decided: u64 = RESULTS[..3]
        .iter()
        .map(|it| next.at(&format!("/table4/reconsideration/{it}")).as_u64().unwrap())
        .sum();
    assert_eq!(
        decided,
        report["table4"]["reconsideration"]["pending"].as_u64().unwrap(),
        "what was pending is decided in the next"
    );
}

/// The cases that were answered in the first half of the year.
fn cases_of(clerk: &Client, year: i64) -> Vec<String> {
    let mut found = Vec::new();
    let mut path = format!("/cases?limit=200&received_from={year}-01-01&received_to={year}-03-31");
    while found.len() < 400 {
        let page = clerk.get(&path).must(200);
        let items = page.at("/items").as_array().unwrap().iter();
        found.extend(
            items.filter(|it| it["outcome"].is_string()).map(|it| it["id"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page.at("/next_cursor").as_str() else { break };
        path =
            format!("/cases?limit=200&received_from={year}-01-01&received_to={year}-03-31&cursor={cursor}");
    }
    assert!(found.len() > 200, "{}", found.len());
    found
}

/// One remedy with its result; the case's version after it. What is pending is decided in January of the next year.
fn bring(clerk: &Client, case: &str, kind: &str, result: &str, year: i64, n: u64) -> String {
    let (month, day) = (5 + n % 7, 1 + n % 28);
    let procedure = if kind == "reconsideration" && n.is_multiple_of(3) { "simplified" } else { "ordinary" };
    let papers = json!({
        "kind": kind, "procedure": procedure, "organ": "某市人民政府",
        "received_on": format!("{year}-{month:02}-{day:02}"),
    });
    let any = clerk.if_match("*");
    let filed = any.post(&format!("/cases/{case}/remedies"), &papers).must(200);
    let which = filed.at("/remedies").as_array().unwrap().len();
    let (decided, result) = if result == "pending" {
        (format!("{}-01-{day:02}", year + 1), RESULTS[usize::try_from(n % 3).unwrap()])
    } else {
        (format!("{year}-12-{day:02}"), result)
    };
    let decision =
        json!({ "result": result, "decided_on": decided, "served_on": format!("{}-02-01", year + 1) });
    any.post(&format!("/cases/{case}/remedies/{which}/result"), &decision).must(200).etag()
}

/// Behind each cell there are as many remedies as it says, each once.
fn check_cell(caller: &Client, year: i64, block: &str, column: &str, figure: u64) {
    let mut seen = BTreeSet::new();
    let mut path = format!("/reports/annual/{year}/cells/{block}/{column}?limit=60");
    loop {
        let page = caller.get(&path).must(200);
        check_answer(&page);
        assert_eq!(page.at("/figure"), figure, "{block}/{column}");
        for item in page.at("/items").as_array().unwrap() {
            let one = (item["id"].as_str().unwrap().to_owned(), item["remedy"].as_i64().unwrap());
            assert!(seen.insert(one), "{block}/{column}: {item}");
        }
        let Some(cursor) = page.at("/next_cursor").as_str() else { break };
        path = format!("/reports/annual/{year}/cells/{block}/{column}?limit=60&cursor={cursor}");
    }
    assert_eq!(u64::try_from(seen.len()).unwrap(), figure, "{block}/{column}");
}

fn table2(in_force: u32) -> Value {
    json!({
        "regulations": { "made": 0, "repealed": 0, "in_force": 2 },
        "normative_documents": { "made": 3, "repealed": 1, "in_force": in_force },
        "licences": { "decisions": 120 }, "penalties": { "decisions": 8 },
        "coercive_measures": { "decisions": 0 }, "fees": { "amount_fen": 1_050_000 },
    })
}

both_databases! {
    fn a_frozen_report_changes_visibly_when_a_case_is_amended_later(backend) {
        let office = Office::open(backend);
        let approver = office.as_role("approver");
        let case = CaseStory::receive(&office, &by_channel("counter", "2025-12-01".parse().unwrap()));
        let case = case.on("2025-12-02".parse().unwrap()).register(SUBJECT);
        let year = "/reports/annual/2025";
        assert_eq!(told(&office.as_role("clerk").put(&format!("{year}/table2"), &table2(12))), "204");
        let frozen = approver.idempotency_key("freeze-2025").post(&format!("{year}/freeze"), &json!({})).must(201);
        check_answer(&frozen);
        let again = approver.idempotency_key("freeze-2025").post(&format!("{year}/freeze"), &json!({})).must(201);
        assert_eq!(again.body, frozen.body, "a retry freezes nothing more");
        assert_eq!((frozen.at("/n"), frozen.at("/intact"), frozen.at("/differences")), (&json!(1), &json!(true), &json!([])));
        assert_eq!(frozen.at("/report/table3/new_received/natural_person"), 1);
        assert_eq!(frozen.at("/report/table2/fees/amount_fen"), 1_050_000);
        assert_eq!(frozen.str("/hash").len(), 64);
        assert_eq!(told(&office.as_role("clerk").post(&format!("{year}/freeze"), &json!({}))), "403 forbidden");
        let running = approver.post("/reports/annual/2026/freeze", &json!({}));
        assert_eq!((told(&running).as_str(), running.str("/errors/0/code")), ("422 invalid", "year_running"));

        let differing = || {
            let listed = approver.get(&format!("{year}/freeze")).must(200);
            check_answer(&listed);
            listed.at("/items/0/differences").clone()
        };
        assert_eq!(differing(), json!([]));
        // The applicant was an enterprise, and came on the last day of the year before.
        let amend = json!({ "reason": "录入有误", "applicant": { "kind": "commercial_enterprise", "name": "某某有限公司" } });
        let case = case.command("clerk", "POST", "/amendments", &amend);
        let cell = |row: &str, column: &str, frozen: u64, now: u64| {
            json!({ "table": "table3", "row": row, "column": column, "frozen": frozen, "now": now })
        };
        assert_eq!(
            differing(),
            json!([
                cell("carried_forward", "commercial_enterprise", 0, 1), cell("carried_forward", "natural_person", 1, 0),
                cell("new_received", "commercial_enterprise", 0, 1), cell("new_received", "natural_person", 1, 0),
            ])
        );
        // A remedy for that year, recorded late, and another entry of table 2.
        let papers = json!({ "kind": "complaint", "organ": "某市人民政府办公室", "received_on": "2025-12-20" });
        let case = case.command("clerk", "POST", "/remedies", &papers);
        let papers = json!({ "kind": "reconsideration", "organ": "某市人民政府", "received_on": "2025-12-22" });
        let _ = case.command("clerk", "POST", "/remedies", &papers);
        let _ = office.as_role("clerk").put(&format!("{year}/table2"), &table2(13)).must(204);
        let now = differing();
        assert_eq!(now.as_array().unwrap().len(), 7, "{now}");
        assert_eq!(now[0], json!({ "table": "table2", "row": "normative_documents", "column": "in_force", "frozen": 12, "now": 13 }));
        assert_eq!(now[5], json!({ "table": "table4", "row": "reconsideration", "column": "pending", "frozen": 0, "now": 1 }));
        // What was frozen stays what it was; frozen again, it differs in nothing.
        let second = approver.post(&format!("{year}/freeze"), &json!({})).must(201);
        assert_eq!((second.at("/n"), second.at("/hash") == frozen.at("/hash")), (&json!(2), false));
        let listed = approver.get(&format!("{year}/freeze")).must(200);
        assert_eq!(listed.at("/items").as_array().unwrap().len(), 2);
        assert_eq!((listed.at("/items/0/differences"), listed.at("/items/1/report")), (&json!([]), frozen.at("/report")));

        let checks = approver.get(&format!("{year}/checks")).must(200);
        check_answer(&checks);
        assert_eq!((checks.at("/consistent"), checks.at("/broken"), checks.at("/checked")), (&json!(true), &json!([]), &json!(42)));
        assert_eq!(checks.at("/remarks"), &json!([]));
        let _ = office.as_role("approver").put("/reports/annual/2026/table2", &table2(99)).must(204);
        let remarks = approver.accept_language("en").get("/reports/annual/2026/checks").must(200);
        assert_eq!(remarks.at("/remarks/0/code"), "table2_in_force");
        assert!(remarks.str("/remarks/0/detail").contains("15 in force would follow"), "{}", remarks.body);
        for statement in [
            "UPDATE report_freezes SET content = '{}'", "DELETE FROM report_freezes", "DELETE FROM report_entries",
        ] {
            let refused = office.server.place.database.execute(statement).unwrap_err();
            assert!(refused.contains("append"), "{refused}");
        }
        office.server.place.must_be_sound();
    }
}

#[test]
fn a_bad_figure_of_table_2_is_named() {
    let office = Office::open(crate::support::databases::Backend::Sqlite);
    let clerk = office.as_role("clerk");
    for (pointer, value) in [
        ("/regulations/made", json!(-1)),
        ("/licences", json!(7)),
        ("/fees/amount_fen", json!("1")),
        ("/other", json!(1)),
    ] {
        let mut wrong = table2(1);
        if let Some(place) = wrong.pointer_mut(pointer) {
            *place = value;
        } else {
            wrong["other"] = value;
        }
        let reply = clerk.put("/reports/annual/2025/table2", &wrong);
        assert_eq!((told(&reply).as_str(), reply.str("/errors/0/pointer")), ("422 invalid", pointer));
    }
    let mut wrong = table2(1);
    wrong["licences"] = json!({});
    let reply = clerk.put("/reports/annual/2025/table2", &wrong);
    assert_eq!(
        (told(&reply).as_str(), reply.str("/errors/0/pointer")),
        ("422 invalid", "/licences/decisions")
    );
    assert_eq!(
        told(&office.as_role("handler").put("/reports/annual/2025/table2", &table2(1))),
        "403 forbidden"
    );
    assert_eq!(told(&clerk.put("/reports/annual/1999/table2", &table2(1))), "404 not_found");
}
