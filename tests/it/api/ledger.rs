//! The ledger of a period as a file, and the rates that are told of it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use serde_json::{Value, json};

use super::operations::{check_answer, told};
use super::shape::check_fields;
use super::stories::by_channel;
use crate::support::databases::both_databases;
use crate::support::office::{BUDGET, Office, PLANNING};
use crate::support::story::{CaseStory, day};

fn received<'a>(office: &'a Office, on: &str, subject: &str) -> CaseStory<'a> {
    CaseStory::receive(office, &by_channel("counter", day(on))).on(day(on)).register(subject)
}

fn answered<'a>(case: CaseStory<'a>, on: &str, left_on: &str) -> CaseStory<'a> {
    let case = case.on(day(on)).assign(BUDGET).acknowledge().draft("granted", "予以公开。").submit();
    let case = case.review_by_all().issue();
    case.on(day(left_on)).serve("direct")
}

/// The ledger's rows, each by the names of its columns.
fn rows(office: &Office, who: &str, query: &str) -> Vec<BTreeMap<String, String>> {
    let file = office.as_role(who).get(&format!("/reports/ledger?format=csv{query}")).must(200);
    assert!(file.text.starts_with('\u{feff}'));
    let mut reader = csv::Reader::from_reader(file.text.trim_start_matches('\u{feff}').as_bytes());
    let head = reader.headers().unwrap().clone();
    let named =
        |row: csv::StringRecord| head.iter().map(Into::into).zip(row.iter().map(Into::into)).collect();
    reader.records().map(|row| named(row.unwrap())).collect()
}

fn column(rows: &[BTreeMap<String, String>], name: &str) -> Vec<String> {
    rows.iter().map(|row| row[name].clone()).collect()
}

/// The sheet of a workbook, as text: its cells' words and numbers.
fn sheet(bytes: &[u8]) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut text).unwrap();
    text
}

fn rates(office: &Office, who: &str, query: &str) -> Vec<(String, u64, u64, Option<String>)> {
    let found = office.as_role(who).get(&format!("/reports/rates?{query}")).must(200);
    check_answer(&found);
    let one = |rate: &Value| {
        assert!(!rate["rule"].as_str().unwrap().is_empty() && !rate["label"].as_str().unwrap().is_empty());
        (
            rate["code"].as_str().unwrap().to_owned(),
            rate["count"].as_u64().unwrap(),
            rate["of"].as_u64().unwrap(),
            rate["percent"].as_str().map(ToOwned::to_owned),
        )
    };
    found.at("/rates").as_array().unwrap().iter().map(one).collect()
}

both_databases! {
    fn the_ledger_has_a_line_for_each_case_of_the_period(backend) {
        let office = Office::open(backend);
        let formula = "=HYPERLINK(\"http://example.com\";\"点此\")";
        let done = answered(received(&office, "2026-03-02", formula), "2026-03-03", "2026-03-30").archive();
        let late = answered(received(&office, "2026-03-03", "迟到的答复"), "2026-03-30", "2026-04-01");
        let _ = received(&office, "2026-03-04", "没有答复").assign(PLANNING);
        let _ = received(&office, "2026-04-01", "下月的申请");

        let march = rows(&office, "clerk", "&from=2026-03-01&to=2026-03-31");
        assert_eq!(column(&march, "编号"), [done.number(), late.number(), "公申〔2026〕3号"]);
        assert_eq!(column(&march, "收到日期"), ["2026-03-02", "2026-03-03", "2026-03-04"]);
        assert_eq!(column(&march, "申请人"), ["王**", "王**", "王**"], "masked");
        assert_eq!(column(&march, "内容摘要"), [format!("'{formula}").as_str(), "迟到的答复", "没有答复"]);
        assert_eq!(column(&march, "主办部门"), [BUDGET, BUDGET, PLANNING]);
        assert_eq!(column(&march, "状态"), ["已归档", "已答复", "待签收"]);
        assert_eq!(column(&march, "是否按时"), ["按时", "逾期答复", "逾期未答复"]);
        assert_eq!(column(&march, "答复期限"), ["", "", "2026-04-01"]);
        assert_eq!(march[2]["下一事项"], "答复");
        assert_eq!((march[0]["办结日期"].as_str(), march[0]["归档日期"].as_str()), ("2026-03-03", "2026-03-30"));
        assert_eq!(rows(&office, "clerk", "&from=2026-01-01").len(), 4, "to the year's end");
        assert_eq!(rows(&office, "clerk", "&from=2025-01-01").len(), 0);

        // Within the caller's rights.
        let planning = format!("&from=2026-01-01&department_id={}", office.department(PLANNING));
        assert_eq!(column(&rows(&office, "clerk", &planning), "内容摘要"), ["没有答复"]);
        assert_eq!(column(&rows(&office, "handler", "&from=2026-01-01"), "主办部门"), [BUDGET, BUDGET]);
        assert_eq!(rows(&office, "handler", &planning).len(), 0, "not his department's");
        for who in ["supervisor", "system_admin", "auditor"] {
            assert_eq!(told(&office.as_role(who).get("/reports/ledger")), "403 forbidden", "{who}");
        }

        // The same in a workbook, in which dates are dates and words are words.
        let book = office.as_role("clerk").get("/reports/ledger?format=xlsx&from=2026-03-01&to=2026-03-31").must(200).bytes;
        let xml = sheet(&book);
        assert_eq!(xml.matches("<row ").count(), 4, "a head and three lines");
        assert!(!xml.contains("<f>"), "no formula");
        assert!(xml.contains("=HYPERLINK(") && xml.contains("迟到的答复") && xml.contains("王**"), "{xml}");
        for (query, field, code) in [
            ("from=2026-03-02&to=2026-03-01", "to", "out_of_range"),
            ("from=2024-01-01&to=2025-01-01", "to", "out_of_range"),
            ("from=2026-02-30", "from", "wrong_type"),
            ("format=pdf", "format", "unknown_value"),
        ] {
            check_fields(&office.as_role("clerk").get(&format!("/reports/ledger?{query}")), &[(field, code)]);
        }
    }

    fn rates_say_what_they_count(backend) {
        let office = Office::open(backend);
        let empty = rates(&office, "approver", "from=2026-01-01");
        assert!(empty.iter().all(|(_, count, of, percent)| (*count, *of, percent) == (0, 0, &None)), "{empty:?}");
        let first = answered(received(&office, "2026-03-02", "按时一"), "2026-03-03", "2026-03-30");
        let _ = answered(received(&office, "2026-03-02", "按时二"), "2026-03-03", "2026-03-10");
        let second = answered(received(&office, "2026-03-02", "迟到"), "2026-03-03", "2026-03-31");
        let _ = received(&office, "2026-03-02", "撤回").post("clerk", "/withdrawal", json!({ "reason": "不再需要" }));
        let notice = json!({ "ground": "unclear_content", "items": "请说明年度", "working_days": 10 });
        let _ = received(&office, "2026-03-02", "补正").on(day("2026-03-04")).post("clerk", "/corrections", notice);
        for (case, kind, result, decided) in [
            (first, "reconsideration", "upheld", "2026-06-08"),
            (second, "litigation_direct", "corrected", "2026-07-08"),
        ] {
            let papers = json!({ "kind": kind, "received_on": "2026-05-06", "organ": "某市人民政府" });
            let case = case.command("legal_reviewer", "POST", "/remedies", &papers);
            let ruling = json!({ "result": result, "decided_on": decided, "served_on": decided });
            let _ = case.command("legal_reviewer", "POST", "/remedies/1/result", &ruling);
        }
        let told = |code: &str, count, of, percent: Option<&str>| (code.to_owned(), count, of, percent.map(ToOwned::to_owned));
        let all = [
            told("timely", 2, 3, Some("66.67")), told("extended", 0, 3, Some("0.00")), told("correction", 1, 5, Some("20.00")),
            told("reconsideration_lost", 0, 1, Some("0.00")), told("litigation_lost", 1, 1, Some("100.00")),
        ];
        assert_eq!(rates(&office, "approver", "from=2026-01-01"), all);
        let june = rates(&office, "approver", "from=2026-06-01&to=2026-06-30");
        assert_eq!((&june[0], &june[3], &june[4]), (&told("timely", 0, 0, None), &all[3], &told("litigation_lost", 0, 0, None)));
        assert_eq!(rates(&office, "supervisor", "from=2026-01-01"), all, "figures, and nobody's data");
        assert_eq!(super::operations::told(&office.as_role("system_admin").get("/reports/rates")), "403 forbidden");
        let english = office.as_role("approver").accept_language("en").get("/reports/rates").must(200);
        assert_eq!(english.str("/rates/0/label"), "Replies in time");
    }
}
