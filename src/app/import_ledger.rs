//! Taking over an office's own ledger (design 5.1): all of it or nothing, unless part of it is asked for. Each
//! accepted row becomes a case with events like any other; a row that comes again changes nothing.

mod check;
mod write;

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use self::check::Checked;
use super::App;
use super::directory::Agency;
use super::error::AppError;
use super::ledger_file::{LedgerFile, LedgerRow, Refused, read_ledger};
use super::progress::Progress;
use crate::domain::case::By;
use crate::domain::outcome::Outcome;

pub use self::write::subject_of;

/// What became of a ledger. `rows_read` is the sum of `accepted`, `unchanged` and `rows_refused`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciliation {
    /// Rows read, without the header and empty rows.
    pub rows_read: u64,
    /// Rows without a mistake that were not there yet.
    pub accepted: u64,
    /// Cases made: all that were accepted, or 0 when nothing was stored.
    pub imported: u64,
    /// Rows that are cases already, with the same content.
    pub unchanged: u64,
    /// Rows with at least one mistake.
    pub rows_refused: u64,
    /// Every mistake, in the file's order; a row may have several.
    pub refused: Vec<Refused>,
    /// Whether the file was read to its end. If not, nothing was stored, and the last mistake says why.
    pub complete: bool,
    /// Names of the departments that the rows named and the agency had not, and that were made with them.
    pub departments_created: Vec<String>,
    /// The rows accepted or unchanged, by the year in which they were concluded and the outcome; open ones (`None`)
    /// by the year of receipt.
    pub totals: BTreeMap<(i32, Option<Outcome>), u64>,
}

impl Reconciliation {
    /// Whether the ledger is in the database as asked for: nothing was refused, or the rest of it was asked for.
    pub fn is_success(&self, partial: bool) -> bool {
        self.complete && (partial || self.rows_refused == 0)
    }
}

impl App {
    /// Reads and judges a ledger for an agency: no day after today there, no receipt before the working calendar of
    /// its statute begins. Takes as long as the file is long; what stops the reading is in the result.
    ///
    /// # Errors
    /// When the law book lacks the agency's statute.
    pub fn read_ledger(&self, agency: &Agency, reader: impl Read) -> Result<LedgerFile, AppError> {
        let (_, calendar) = Self::statute_on(&self.store.law(), agency, self.today(agency))?;
        let earliest = NaiveDate::from_ymd_opt(*calendar.coverage().start(), 1, 1).unwrap_or(NaiveDate::MIN);
        Ok(read_ledger(reader, self.today(agency), earliest))
    }

    /// Takes a ledger over. Unless `partial`, one refused row means that nothing is stored; a file that was not read
    /// to its end stores nothing in any case. What is stored is one transaction. Nothing at all is written, no event
    /// either, when there is no new row.
    ///
    /// A number that a case of the agency has already is unchanged when that case came from a row with the very same
    /// content, else refused. Departments are matched by their exact name; missing ones are made.
    ///
    /// # Errors
    /// When the database fails, or another command took one of the numbers or names while this one ran (nothing is
    /// stored then).
    pub async fn import_ledger(
        &self,
        agency: &Arc<Agency>,
        by: By,
        file: LedgerFile,
        partial: bool,
        progress: &Progress,
    ) -> Result<Reconciliation, AppError> {
        let LedgerFile { rows, refused, rows_read, complete } = file;
        let checked = self.check_rows(agency, rows, progress).await?;
        let mut result = reconciliation(rows_read, complete, refused, &checked);
        if result.accepted == 0 || !result.is_success(partial) {
            return Ok(result);
        }
        let departments = checked.new_departments.keys().cloned().collect();
        self.write_rows(agency, by, checked, &result, progress).await?;
        result.imported = result.accepted;
        result.departments_created = departments;
        Ok(result)
    }
}

/// Rows by year and outcome.
type Totals = BTreeMap<(i32, Option<Outcome>), u64>;

fn count(totals: &mut Totals, row: &LedgerRow) {
    let place = match row.concluded {
        Some((outcome, on)) => (on.year(), Some(outcome)),
        None => (row.received_on.year(), None),
    };
    let rows = totals.entry(place).or_default();
    *rows = rows.saturating_add(1);
}

fn reconciliation(
    rows_read: u64,
    complete: bool,
    mut refused: Vec<Refused>,
    checked: &Checked,
) -> Reconciliation {
    let accepted = length(checked.accepted.len());
    refused.extend(checked.refused.iter().cloned());
    refused.sort_by_key(|refusal| refusal.line);
    Reconciliation {
        rows_read,
        accepted,
        imported: 0,
        unchanged: checked.unchanged,
        rows_refused: rows_read.saturating_sub(accepted).saturating_sub(checked.unchanged),
        refused,
        complete,
        departments_created: Vec::new(),
        totals: checked.totals.clone(),
    }
}

fn length(items: usize) -> u64 {
    u64::try_from(items).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
