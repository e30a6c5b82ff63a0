//! Importing into a real database, and what verification and rebuilding say of it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tempfile::TempDir;

use super::*;
use crate::app::ledger_file::HEADER;
use crate::app::progress::silent;
use crate::app::set_up::NewAgency;
use crate::app::verify::Ends;
use crate::clock::Clock;
use crate::crypto::master_key::MasterKey;
use crate::domain::annual_report::Table3;
use crate::domain::case::Origin;
use crate::domain::ids::AgencyId;
use crate::domain::sensitivity::Sensitivity;
use crate::law::LawBook;
use crate::store::{CaseDocumentRow, CaseObligationRow, CaseRow, DatabaseUrl, Key, QueueRows, migrate};

/// An application on a new SQLite file, with one agency, on 2 March 2026.
pub(in crate::app) struct Office {
    pub(in crate::app) app: Arc<App>,
    pub(in crate::app) agency: Arc<Agency>,
    _folder: TempDir,
}

impl Office {
    pub(in crate::app) async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("g.db"));
        migrate(&url).unwrap();
        let now: DateTime<Utc> = "2026-03-02T01:00:00Z".parse().unwrap();
        let law = Arc::new(LawBook::embedded().unwrap());
        let clock = Clock::set_at(now);
        let app = App::open(&url, MasterKey::generate(), law, clock, Origin::CommandLine).await.unwrap();
        let new = NewAgency { code: "A".to_owned(), name: "某市".to_owned(), ..NewAgency::default() };
        let row = app.create_agency(By::Operator, new).await.unwrap();
        let agency = app.agency(AgencyId(row.id.0)).await.unwrap();
        Self { app: Arc::new(app), agency, _folder: folder }
    }

    pub(in crate::app) async fn import(&self, rows: &str, partial: bool) -> Reconciliation {
        let file = self.app.read_ledger(&self.agency, format!("{HEADER}\n{rows}").as_bytes()).unwrap();
        self.app.import_ledger(&self.agency, By::Operator, file, partial, &silent()).await.unwrap()
    }

    /// How many events there are.
    pub(in crate::app) async fn events(&self) -> i64 {
        self.app.store.chain_head(Key(self.agency.id.0)).await.unwrap().unwrap().seq
    }
}

pub(in crate::app) const GOOD: &str = "\
2024-2,fax,2024-11-30,2024-12-02,natural_person,张伟,张伟要求公开征地批复，电话13812345678,法规科,granted,2025-01-06,2025-02-01
2025-1,online,2025-03-01,2025-03-01,other_org,某社,\"一、公告；
二、方案\",,not_processed_repeat,2025-03-20,
2026-1,counter,2026-02-27,2026-02-27,natural_person,李芳,某某规划,,,,
2026-2,counter,2026-02-27,2026-03-01,natural_person,李芳,某某规划,法规科,,,
";

#[tokio::test]
async fn a_ledger_becomes_cases_and_comes_in_once() {
    let office = Office::open().await;
    let first = office.import(GOOD, false).await;
    assert_eq!((first.rows_read, first.accepted, first.imported, first.unchanged), (4, 4, 4, 0));
    assert_eq!(first.refused, []);
    assert_eq!(first.departments_created, ["法规科"]);
    let totals: Vec<_> = first.totals.into_iter().collect();
    assert_eq!(
        totals,
        [
            ((2025, Some(Outcome::Granted)), 1),
            ((2025, Some(Outcome::NotProcessedRepeat)), 1),
            ((2026, None), 2)
        ]
    );
    let events = office.events().await;
    // The agency, its department, 5 + 3 + 2 + 3 events of cases, and the import itself.
    assert_eq!(events, 1 + 1 + 13 + 1);

    let again = office.import(GOOD, false).await;
    assert_eq!((again.rows_read, again.accepted, again.imported, again.unchanged), (4, 0, 0, 4));
    assert!(again.is_success(false) && again.departments_created.is_empty());
    assert_eq!(office.events().await, events, "nothing was written");

    let page = office.app.store.stored_cases_after(Key(office.agency.id.0), None, 10).await.unwrap();
    let mut subjects: Vec<_> = page.into_iter().filter_map(|case| case.row?.subject).collect();
    subjects.sort();
    assert_eq!(
        subjects,
        ["一、公告； 二、方案", "某某规划", "某某规划", "申请人要求公开征地批复，电话138****5678"]
    );
    let verified = office.app.verify_all(Ends::All, &silent()).await.unwrap();
    let report = verified.into_iter().next().unwrap().outcome.unwrap();
    assert_eq!((i64::try_from(report.events).unwrap(), report.cases), (events, 4));
    let rebuilt = office.app.rebuild(false, &silent()).await.unwrap();
    assert!(rebuilt.is_sound() && rebuilt.differences.is_empty(), "{rebuilt:?}");
    assert_eq!(rebuilt.cases, 4);
}

#[tokio::test]
async fn the_report_of_an_imported_ledger_is_that_of_its_rows() {
    let office = Office::open().await;
    office.import(GOOD, false).await;
    let file = office.app.read_ledger(&office.agency, format!("{HEADER}\n{GOOD}").as_bytes()).unwrap();
    let facts: Vec<_> = file.rows.iter().map(LedgerRow::facts).collect();
    for year in 2023..=2026 {
        let report = office.app.annual_report(office.agency.id, year).await.unwrap();
        assert_eq!(report.table3, Table3::from_cases(&facts, year), "{year}");
        assert_eq!(report.complete, year < 2026);
        for row in crate::domain::annual_report::Row::ALL {
            for column in crate::domain::annual_report::Column::ALL {
                let cases = office
                    .app
                    .annual_report_cell(
                        (office.agency.id, Sensitivity::HIGHEST),
                        year,
                        *row,
                        column,
                        None,
                        200,
                    )
                    .await
                    .unwrap();
                assert_eq!(
                    length(cases.len()),
                    report.table3.cell(*row, column),
                    "{year} {row:?} {column:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn one_wrong_row_stores_nothing_unless_the_rest_is_asked_for() {
    let office = Office::open().await;
    let events = office.events().await;
    let rows = format!("{GOOD}2026-3,fax,2026-03-01,2026-02-01,natural_person,王芳,某某规划,新科室,,,\n");
    let refused = office.import(&rows, false).await;
    assert_eq!((refused.rows_read, refused.accepted, refused.imported), (5, 4, 0));
    assert_eq!((refused.rows_refused, refused.refused[0].line), (1, 7));
    assert!(!refused.is_success(false) && refused.departments_created.is_empty());
    assert_eq!(office.events().await, events, "nothing was written");

    let partly = office.import(&rows, true).await;
    assert_eq!((partly.imported, partly.rows_refused), (4, 1));
    assert!(partly.is_success(true));
    assert_eq!(partly.departments_created, ["法规科"], "a refused row makes no department");

    let cut =
        office.import("2026-9,fax,2026-03-01,2026-03-01,natural_person,王芳,\"某某规划,,,,\n", true).await;
    assert!(!cut.complete && !cut.is_success(true));
    assert_eq!(cut.imported, 0);
}

#[tokio::test]
async fn a_number_with_other_content_is_refused() {
    let office = Office::open().await;
    office.import(GOOD, false).await;
    let events = office.events().await;
    let changed = office.import(&GOOD.replace("某某规划,,", "某某规划图,,"), true).await;
    assert_eq!((changed.unchanged, changed.accepted, changed.rows_refused), (3, 0, 1));
    assert_eq!((changed.refused[0].line, changed.refused[0].column), (5, Some("number")));
    assert_eq!(office.events().await, events, "nothing was written");
}

#[tokio::test]
async fn a_row_that_is_not_what_its_events_make_is_found_and_put_right() {
    let office = Office::open().await;
    office.import(GOOD, false).await;
    let key = Key(office.agency.id.0);
    let stored = office.app.store.stored_cases_after(key, None, 10).await.unwrap();
    let case = stored.iter().find(|case| !case.departments.is_empty()).unwrap();
    let mut row = case.row.clone().unwrap();
    row.subject = Some("别的".to_owned());
    row.outcome = Some("partially_granted".to_owned());
    row.clock = "[]".to_owned();
    let planted = CaseObligationRow {
        agency_id: row.agency_id,
        case_id: row.id,
        kind: "fee_payment".to_owned(),
        n: 1,
        due_on: row.arrived_on,
    };
    let asked = CaseDocumentRow {
        agency_id: row.agency_id,
        case_id: row.id,
        document_key: "title:别的".to_owned(),
        received_on: row.arrived_on,
        title: Some("别的".to_owned()),
        number: None,
    };
    let rows = |row: &CaseRow| QueueRows {
        remedies: Vec::new(),
        documents: vec![asked.clone()],
        publications: Vec::new(),
        row: row.clone(),
        departments: Vec::new(),
        obligations: vec![planted.clone()],
        search: None,
    };
    assert!(office.app.store.case_row_replace(Some(row.version), rows(&row)).await.unwrap());

    let checked = office.app.rebuild(true, &silent()).await.unwrap();
    assert!(!checked.is_sound());
    let [difference] = checked.differences.as_slice() else { panic!("{checked:?}") };
    assert_eq!(difference.case.0, case.id.0);
    assert_eq!(
        difference.columns,
        [
            "subject",
            "outcome",
            "clock",
            "case_departments",
            "case_obligations",
            "case_search",
            "case_documents"
        ]
    );
    assert!(!difference.replaced);

    assert!(office.app.rebuild(false, &silent()).await.unwrap().is_sound());
    assert!(office.app.rebuild(true, &silent()).await.unwrap().differences.is_empty());
    let again = office.app.store.stored_cases_after(key, None, 10).await.unwrap();
    assert!(again.iter().zip(&stored).all(|(l, r)| l.row == r.row && l.departments == r.departments));
    assert!(again.iter().zip(&stored).all(|(l, r)| l.obligations == r.obligations && l.search == r.search));

    // A row that knows of more events than there are is a trace of what was removed.
    row.version += 1;
    assert!(office.app.store.case_row_replace(Some(row.version - 1), rows(&row)).await.unwrap());
    let lost = office.app.rebuild(false, &silent()).await.unwrap();
    assert_eq!((lost.problems.len(), lost.differences.len()), (1, 0), "{lost:?}");
    let verified = office.app.verify_all(Ends::All, &silent()).await.unwrap();
    assert!(verified.iter().all(|verified| verified.outcome.is_err()));
}
