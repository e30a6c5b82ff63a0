//! From a ledger to the annual report, without a database: a ledger made from a published table 3 gives that
//! table.

use chrono::NaiveDate;
use gongkai::app::ledger_file::{LedgerRow, read_ledger};
use gongkai::domain::annual_report::{Column, Form, Row, Table3};
use serde_json::Value;

use crate::support::ledger_maker::ledger_from_table3;

/// The file of a published report: agency and year.
fn path(name: &str) -> String {
    format!("{}/tests/data/annual-reports/{name}.json", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_ledger_made_from_a_published_table_gives_that_table() {
    for name in ["hongze-district-2024", "huaian-city-2024", "suqian-city-2023"] {
        let report: Value = serde_json::from_slice(&std::fs::read(path(name)).unwrap()).unwrap();
        let form = Form::parse(report["form"].as_str().unwrap()).unwrap();
        let year = i32::try_from(report["year"].as_i64().unwrap()).unwrap();
        let first = NaiveDate::from_ymd_opt(year - 1, 1, 1).unwrap();
        let last = NaiveDate::from_ymd_opt(year, 12, 31).unwrap();

        let ledger = ledger_from_table3(&report);
        assert_eq!(ledger, ledger_from_table3(&report), "the same report gives the same ledger");
        let file = read_ledger(ledger.as_bytes(), last, first);
        assert_eq!(file.refused, []);
        assert!(file.complete);

        let cases: Vec<_> = file.rows.iter().map(LedgerRow::facts).collect();
        for (row, cells) in Table3::from_cases(&cases, year).rows(form) {
            let printed = &report["table3"][row.code()];
            let printed = Column::ALL.map(|column| printed[column.code()].as_u64().unwrap_or(0));
            assert_eq!(cells, printed, "{name}: {}", row.code());
        }
        let earlier = Table3::from_cases(&cases, year - 1);
        assert!(earlier.cell(Row::HandledTotal, Column::Total) > 0, "there are cases that must not count");
    }
}

#[test]
#[should_panic(expected = "natural_person: the results do not add up")]
fn no_ledger_gives_an_inconsistent_table() {
    let report = serde_json::from_slice(&std::fs::read(path("pingtan-2020")).unwrap()).unwrap();
    ledger_from_table3(&report);
}
