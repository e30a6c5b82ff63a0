//! Which rows are new, which are there already, and which cannot be taken over.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::super::App;
use super::super::directory::Agency;
use super::super::error::AppError;
use super::super::ledger_file::{LedgerRow, Refused};
use super::super::progress::{Phase, Progress, Step};
use super::{Totals, count, length};
use crate::crypto::random;
use crate::domain::case::RefusalCode;
use crate::domain::case::decide::{Context, ImportedRow, import};
use crate::domain::case::event::{ApplicantRef, Digest, TextRef};
use crate::domain::ids::{ApplicantId, DepartmentId, TextId};
use crate::domain::lang::Lang;
use crate::law::LawBook;
use crate::store::Key;

/// So many rows are checked between two reports of progress.
const STRIDE: u64 = 1_000;

/// The rows, told apart.
pub(super) struct Checked {
    /// The law by which they were told apart.
    pub(super) law: Arc<LawBook>,
    /// New rows, each with its digest and department.
    pub(super) accepted: Vec<Accepted>,
    /// How many rows are there already.
    pub(super) unchanged: u64,
    /// Why the others cannot be taken over.
    pub(super) refused: Vec<Refused>,
    /// Departments that accepted rows name and the agency has not, with the ids they are to have.
    pub(super) new_departments: BTreeMap<String, DepartmentId>,
    /// The accepted and unchanged rows by year and outcome.
    pub(super) totals: Totals,
}

/// A row that is to become a case.
pub(super) struct Accepted {
    pub(super) row: LedgerRow,
    pub(super) digest: Digest,
    pub(super) department: Option<DepartmentId>,
}

impl App {
    /// Checks the rows against what the agency has and against the rules of the law on the day of each.
    pub(super) async fn check_rows(
        &self,
        agency: &Arc<Agency>,
        rows: Vec<LedgerRow>,
        progress: &Progress,
    ) -> Result<Checked, AppError> {
        let key = Key(agency.id.0);
        let known: HashMap<String, Option<Vec<u8>>> =
            self.store.imported_numbers(key).await?.into_iter().collect();
        let departments = self.store.departments_of(key).await?;
        let mut departments: HashMap<String, DepartmentId> =
            departments.into_iter().map(|row| (row.name, DepartmentId(row.id.0))).collect();
        let now = self.clock.now();
        let today = self.today(agency);
        let total = length(rows.len());
        let law = self.store.law();
        let mut checked = Checked {
            law: Arc::clone(&law),
            accepted: Vec::with_capacity(rows.len()),
            unchanged: 0,
            refused: Vec::new(),
            new_departments: BTreeMap::new(),
            totals: Totals::new(),
        };
        for (row, done) in rows.into_iter().zip(1_u64..) {
            if done % STRIDE == 0 || done == total {
                progress(Step { phase: Phase::Checking, done, total });
            }
            if let Some(before) = known.get(&row.number) {
                if is_same(agency, &row, before.as_deref()) {
                    checked.unchanged = checked.unchanged.saturating_add(1);
                    count(&mut checked.totals, &row);
                } else {
                    checked.refused.push(number_taken(&row));
                }
                continue;
            }
            let (pack, calendar) = &Self::statute_on(&law, agency, row.received_on)?;
            let context = Context { today, pack, calendar, person: None };
            if let Err(code) = import(placeholder(&row), &context) {
                checked.refused.push(refused_by_rule(&row, &code));
                continue;
            }
            count(&mut checked.totals, &row);
            let department = row.department.as_ref().map(|name| {
                *departments.entry(name.clone()).or_insert_with(|| {
                    let id = DepartmentId(random::new_id(now));
                    checked.new_departments.insert(name.clone(), id);
                    id
                })
            });
            let digest = Digest(agency.keys.newest()?.ledger_digest(&row.canonical()));
            checked.accepted.push(Accepted { row, digest, department });
        }
        Ok(checked)
    }
}

/// Whether a case came from a row with this very content.
fn is_same(agency: &Agency, row: &LedgerRow, before: Option<&[u8]>) -> bool {
    let Some(before) = before else { return false };
    let content = row.canonical();
    agency.keys.every().iter().any(|keys| keys.ledger_digest(&content) == before)
}

/// The row with names that stand for nothing, to ask the rules about its dates before anything is encrypted.
fn placeholder(row: &LedgerRow) -> ImportedRow {
    let nobody = ApplicantRef {
        id: ApplicantId(uuid::Uuid::nil()),
        kind: row.applicant_kind,
        commitment: Digest([0; 32]),
    };
    let nothing = TextRef { id: TextId(uuid::Uuid::nil()), commitment: Digest([0; 32]) };
    imported(row, nobody, nothing.clone(), nothing, None, Digest([0; 32]))
}

/// The row as the rules take it.
pub(super) fn imported(
    row: &LedgerRow,
    applicant: ApplicantRef,
    description: TextRef,
    subject: TextRef,
    department: Option<DepartmentId>,
    digest: Digest,
) -> ImportedRow {
    ImportedRow {
        number: row.number.clone(),
        channel: row.channel,
        received_on: row.received_on,
        registered_on: row.registered_on,
        applicant,
        description,
        subject,
        department,
        reply: row.concluded,
        archived_on: row.archived_on,
        digest,
    }
}

fn number_taken(row: &LedgerRow) -> Refused {
    Refused {
        line: row.line,
        number: Some(row.number.clone()),
        column: Some("number"),
        reason_en: "a case has this number already, with other content".to_owned(),
        reason_zh: "已有案件使用该编号，且内容不同".to_owned(),
    }
}

fn refused_by_rule(row: &LedgerRow, code: &RefusalCode) -> Refused {
    Refused {
        line: row.line,
        number: Some(row.number.clone()),
        column: None,
        reason_en: code.message(Lang::En),
        reason_zh: code.message(Lang::Zh),
    }
}
