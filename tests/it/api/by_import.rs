//! A year of a real city, by import: ledgers of which the published tables 3 must come out again, with every case
//! behind every figure.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Output;

use gongkai::domain::annual_report::{Column, Form, Row};
use serde_json::Value;

use super::by_hand::{differences, published};
use crate::support::client::Client;
use crate::support::databases::{Backend, both_databases};
use crate::support::ledger_maker::ledger_from_table3;
use crate::support::office::{Agency, Office};
use crate::support::server::{GONGKAI, Place, Server};

/// Runs a command of the binary at the office's place.
fn run(place: &Place, arguments: &[&str]) -> Output {
    let output = place.command(GONGKAI).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// The same for a command that prints JSON.
fn run_json(place: &Place, arguments: &[&str]) -> Value {
    let output = run(place, arguments);
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Where the agency's chain ends.
fn chain_head(place: &Place) -> Vec<String> {
    let link = match place.database.backend {
        Backend::Sqlite => "hex(link)",
        Backend::Postgres => "encode(link, 'hex')",
    };
    let found = place.database.lines(&format!("SELECT seq || ' ' || {link} AS line FROM chain_heads"));
    assert_eq!(found.len(), 1, "{found:?}");
    found
}

/// Imports the ledger of a published report at the place of its own, and checks what comes out of it.
fn check_import(backend: Backend, name: &str) {
    let report = published(name);
    let place = Place::new(backend);
    let agency = Agency::found(&place.app(), "320800");
    let file = place.folder().join("ledger.csv");
    std::fs::write(&file, ledger_from_table3(&report)).unwrap();

    let first = import(&place, &file);
    assert_eq!(first["imported"], first["rows_read"], "{first}");
    assert_eq!((&first["rows_refused"], &first["unchanged"]), (&0.into(), &0.into()), "{first}");
    check_table(&place, &report);

    let head = chain_head(&place);
    let again = import(&place, &file);
    assert_eq!((&again["imported"], &again["unchanged"]), (&0.into(), &first["rows_read"]), "{again}");
    assert_eq!(chain_head(&place), head, "a second import changes nothing");
    check_table(&place, &report);
    let rebuilt = run_json(&place, &["rebuild", "--check", "--json"]);
    assert_eq!((&rebuilt["sound"], &rebuilt["cases"]), (&true.into(), &first["rows_read"]), "{rebuilt}");
    assert_eq!(rebuilt["differences"], Value::Array(Vec::new()), "{rebuilt}");

    let office = Office::of(Server::start(place), agency);
    check_cells(&office.as_role("approver"), &report);
    super::table4::check_table4(&office, &report);
    let caller = office.as_role("approver");
    let served = caller.get(&format!("/reports/annual/{}", report["year"])).must(200);
    assert_eq!(differences(&report, &served.body), Vec::<String>::new(), "remedies move nothing of table 3");
    check_printed_table4(&office.server.place, &report);
    office.server.place.must_be_sound();
}

fn import(place: &Place, file: &Path) -> Value {
    run_json(place, &["import-ledger", file.to_str().unwrap(), "--agency", "320800", "--json"])
}

/// The command line's table is the published one.
fn check_table(place: &Place, report: &Value) {
    let (year, form) = (report["year"].to_string(), report["form"].as_str().unwrap());
    let printed = run_json(
        place,
        &["annual-report", "--agency", "320800", "--year", &year, "--format", "json", "--form", form],
    );
    assert_eq!(differences(report, &printed), Vec::<String>::new());
    let file = place.folder().join("report.json");
    std::fs::write(&file, printed.to_string()).unwrap();
    run(place, &["check-annual-report", file.to_str().unwrap()]);
}

/// The command line's table 4 is the published one.
fn check_printed_table4(place: &Place, report: &Value) {
    let year = report["year"].to_string();
    let printed = run_json(place, &["annual-report", "--agency", "320800", "--year", &year]);
    assert_eq!(printed["table4"], report["table4"]);
}

/// Behind each cell there are as many cases as it says, on all pages together, each once; and they are those of the
/// row and column.
fn check_cells(caller: &Client, report: &Value) {
    let (year, form) = (&report["year"], report["form"].as_str().unwrap());
    let served = caller.get(&format!("/reports/annual/{year}?form={form}")).must(200);
    assert_eq!(differences(report, &served.body), Vec::<String>::new());
    for row in Row::of(Form::parse(form).unwrap()) {
        let mut of_kinds = BTreeSet::new();
        for column in Column::ALL {
            let cell = format!("/reports/annual/{year}/cells/{}/{}", row.code(), column.code());
            let figure = report["table3"][row.code()][column.code()].as_u64().unwrap_or(0);
            let cases = all_pages(caller, &cell, figure);
            assert_eq!(u64::try_from(cases.len()).unwrap(), figure, "{cell}");
            if column == Column::Total {
                assert_eq!(cases, of_kinds, "{cell}: the total is all kinds of applicant");
            } else {
                assert!(of_kinds.is_disjoint(&cases), "{cell}: a case in two columns");
                of_kinds.extend(cases);
            }
        }
    }
}

fn all_pages(caller: &Client, cell: &str, figure: u64) -> BTreeSet<String> {
    let (row, column) = cell.split_once("/cells/").and_then(|(_, cell)| cell.split_once('/')).unwrap();
    let mut cases = BTreeSet::new();
    let mut next = format!("{cell}?limit=200");
    loop {
        let page = caller.get(&next).must(200);
        assert_eq!(page.at("/figure"), figure, "{cell}");
        let items = page.at("/items").as_array().unwrap();
        for item in items {
            assert!(cases.insert(item["id"].as_str().unwrap().to_owned()), "{cell}: a case twice");
            assert!(column == "total" || item["applicant_kind"] == column, "{cell}: {item}");
            let one_outcome = matches!(Row::parse(row).unwrap(), Row::Outcome(_));
            assert!(!one_outcome || item["outcome"] == row, "{cell}: {item}");
        }
        let Some(cursor) = page.at("/next_cursor").as_str() else {
            assert_eq!(page.header("link"), None);
            return cases;
        };
        assert_eq!(items.len(), 200, "{cell}: a page that is not full is the last");
        let link = page.header("link").unwrap();
        let target =
            link.strip_prefix("</api/v1").and_then(|link| link.strip_suffix(">; rel=\"next\"")).unwrap();
        assert!(target.contains(cursor), "{link}");
        target.clone_into(&mut next);
    }
}

both_databases! {
    fn huaian_2024_by_import_gives_the_published_table(backend) {
        check_import(backend, "huaian-city-2024");
    }

    fn suqian_2023_by_import_gives_the_published_table(backend) {
        check_import(backend, "suqian-city-2023");
    }
}
