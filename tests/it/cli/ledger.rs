//! From an office's ledger to its annual report, through the command line.

use std::fs;

use gongkai::app::ledger_file::HEADER;
use serde_json::{Value, json};

use super::{Ran, gongkai, office};
use crate::support::databases::both_databases;
use crate::support::ledger_maker::ledger_from_table3;
use crate::support::server::Place;

/// Three cases: one of another year, one with every column, one open.
const GOOD: &str = "\
2024-1,fax,2024-11-29,2024-12-02,other_org,某社,某某批复,,granted,2024-12-20,
2025-1,online,2025-03-01,2025-03-03,natural_person,王虚构,\"王虚构要求公开：
一、公告，电话13812345678\",法规科,partially_granted,2025-03-20,2025-04-01
2025-2,counter,2025-03-02,2025-03-02,natural_person,李虚构,某某规划,法规科,,,
";

fn import(place: &Place, ledger: &str, more: &[&str]) -> Ran {
    fs::write(place.folder().join("ledger.csv"), ledger).unwrap();
    gongkai(place, &[["--json", "import-ledger", "ledger.csv", "--agency", "A"].as_slice(), more].concat())
}

fn report(place: &Place, year: &str, form: &str) -> Ran {
    gongkai(place, &["annual-report", "--agency", "A", "--year", year, "--form", form])
}

/// The figures that an office published.
fn published(name: &str) -> Value {
    let path = format!("{}/tests/data/annual-reports/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// A published table with every cell a number: a blank cell counts as 0.
fn filled(table: &Value) -> Value {
    let rows = table.as_object().unwrap().iter().map(|(row, cells)| {
        let cells = cells.as_object().unwrap().iter();
        let cells = cells.map(|(column, cell)| (column.clone(), json!(cell.as_u64().unwrap_or(0))));
        (row.clone(), Value::Object(cells.collect()))
    });
    Value::Object(rows.collect())
}

both_databases! {
    fn a_ledger_is_taken_over_once(backend) {
        let place = office(Place::new(backend));
        // A byte order mark and the line ends of a spreadsheet change nothing.
        let ledger = format!("\u{feff}{HEADER}\n{GOOD}").replace('\n', "\r\n");
        let first = import(&place, &ledger, &[]).json();
        assert_eq!(
            first,
            json!({
                "rows_read": 3, "accepted": 3, "imported": 3, "unchanged": 0, "rows_refused": 0,
                "complete": true, "refused": [], "departments_created": ["法规科"],
                "totals": [
                    {"year": 2024, "outcome": "granted", "rows": 1},
                    {"year": 2025, "outcome": null, "rows": 1},
                    {"year": 2025, "outcome": "partially_granted", "rows": 1},
                ],
            })
        );
        let before = place.database.contents();
        let again = import(&place, &ledger, &[]).json();
        assert_eq!((&again["unchanged"], &again["accepted"], &again["imported"]), (&json!(3), &json!(0), &json!(0)));
        assert_eq!(again["totals"], first["totals"]);
        assert!(place.database.contents() == before, "an import repeated changes nothing");

        let all = before.join("\n");
        for secret in ["王虚构", "李虚构", "某社", "13812345678"] {
            assert!(!all.contains(secret), "{secret} is in the database in clear");
        }
        gongkai(&place, &["rebuild", "--check"]).succeeded();
    }

    fn a_ledger_with_a_mistake_stores_nothing(backend) {
        let place = office(Place::new(backend));
        let before = place.database.contents();
        let good = format!("{HEADER}\n{GOOD}");
        for (ledger, line, word) in [
            (format!("{good}2025-3,fax,2025-13-01,2025-03-01,natural_person,甲,某,,,,\n"), 6, "date"),
            (format!("{good}2025-3,fax,2999-01-01,2999-01-01,natural_person,甲,某,,,,\n"), 6, "after today"),
            (format!("{good}2025-3,fax,1990-01-01,2025-03-01,natural_person,甲,某,,,,\n"), 6, "earliest"),
            (format!("{good}2025-3,fax,2025-03-01,2025-03-01,natural_person,甲,某,,granted,,\n"), 6, "empty"),
            (format!("{good}2025-1,fax,2025-03-01,2025-03-01,natural_person,甲,某,,,,\n"), 6, "same number"),
            (format!("{good}2025-3,信,2025-03-01,2025-03-01,natural_person,甲,某,,,,\n"), 6, "codes"),
            (good.replace("channel,", ""), 1, "missing: channel"),
            (format!("{good}2025-3,fax,2025-03-01,2025-03-01,natural_person,甲,\"某"), 6, "never closed"),
            (String::new(), 1, "empty"),
        ] {
            let ran = import(&place, &ledger, &[]);
            let result: Value = serde_json::from_str(&ran.stdout).unwrap();
            let refused = &result["refused"][0];
            assert_eq!((&refused["line"], &result["imported"]), (&json!(line), &json!(0)), "{refused}");
            assert!(refused["reason"].as_str().unwrap().contains(word), "{refused}");
            assert!(ran.sentence().contains("nothing was stored"));
            assert!(place.database.contents() == before, "{word}: nothing is stored");
        }
        let missing = gongkai(&place, &["import-ledger", "none.csv", "--agency", "A"]).failed();
        assert!(missing.starts_with("none.csv: the file cannot be opened"), "{missing}");
        let nobody = gongkai(&place, &["import-ledger", "ledger.csv", "--agency", "Z"]).failed();
        assert!(nobody.contains("no agency with the code Z"), "{nobody}");
    }

    fn the_good_rows_are_taken_over_when_that_is_asked_for(backend) {
        let place = office(Place::new(backend));
        let mixed = format!("{HEADER}\n{GOOD}2025-3,fax,2025-02-30,2025-03-01,natural_person,甲,某,,,,\n");
        let result = import(&place, &mixed, &["--partial"]).json();
        assert_eq!((&result["imported"], &result["rows_refused"]), (&json!(3), &json!(1)));
        let mended = mixed.replace("2025-02-30", "2025-02-28");
        let result = import(&place, &mended, &[]).json();
        assert_eq!((&result["imported"], &result["unchanged"]), (&json!(1), &json!(3)));
        let other = import(&place, &mended.replace("某某规划", "别的规划"), &["--partial"]).json();
        assert_eq!((&other["imported"], &other["refused"][0]["column"]), (&json!(0), &json!("number")));
    }

    fn the_report_of_a_published_ledger_is_the_published_report(backend) {
        for name in ["hongze-district-2024", "suqian-city-2023"] {
            let place = office(Place::new(backend));
            let theirs = published(name);
            import(&place, &ledger_from_table3(&theirs), &[]).json();
            let form = theirs["form"].as_str().unwrap();
            let year = theirs["year"].to_string();
            let ours = report(&place, &year, form).succeeded();
            fs::write(place.folder().join("report.json"), &ours).unwrap();
            let ours: Value = serde_json::from_str(&ours).unwrap();
            assert_eq!(ours["table3"], filled(&theirs["table3"]), "{name}");
            assert_eq!((&ours["year"], &ours["complete"]), (&theirs["year"], &json!(true)));
            let checked = gongkai(&place, &["check-annual-report", "report.json", "--json"]).json();
            assert_eq!(checked["consistent"], true);

            let csv = gongkai(&place, &["annual-report", "--agency", "A", "--year", &year, "--format", "csv"]);
            let csv = csv.succeeded();
            let total = &theirs["table3"]["handled_total"]["total"];
            let line = csv.lines().find(|line| line.contains("三（七）总计")).unwrap();
            assert!(line.ends_with(&format!(",{total}")), "{line}");
        }
    }
}

both_databases! {
    fn a_year_or_an_agency_that_has_no_report_is_refused(backend) {
        let place = office(Place::new(backend));
        assert!(report(&place, "1999", "2021").failed().starts_with("--year: "));
        let nobody = gongkai(&place, &["annual-report", "--agency", "Z", "--year", "2025"]);
        assert!(nobody.failed().contains("no agency with the code Z"));
        assert_eq!(report(&place, "2025", "2020").status, 2);
    }
}
