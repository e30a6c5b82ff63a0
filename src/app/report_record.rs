//! What of an annual report is kept: table 2, which is entered by hand, and the report as it was frozen. Both are events in the
//! agency's chain, and neither is ever changed: another entry, or another freeze, comes after it.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::App;
use super::error::{AppError, FieldError};
use super::execute::by;
use super::retry::{Answer, RetryKey, kept_answer};
use super::set_up::{Change, RenderMade};
use crate::audit::canonical::canonical_json;
use crate::crypto::framed::sha256;
use crate::crypto::hex;
use crate::domain::agency_event::AgencyEvent;
use crate::domain::annual_report::{Broken, Column, Form, Row, Table2};
use crate::domain::ids::{AccountId, AgencyId};
use crate::domain::role::Actor;
use crate::store::{At, Key, ReportEntryRow, ReportFreezeRow, SetUpChange, StoreError};

/// How often a number is looked for again when somebody else took it first.
const TRIES: usize = 3;
/// How many freezes of a year are listed: the newest.
pub const MOST_FREEZES: i64 = 50;

/// A report as it was frozen.
#[derive(Clone, Debug)]
pub struct Frozen {
    /// Which freeze of its year, from 1.
    pub n: i32,
    /// SHA-256 over the canonical text, as the agency's chain has it.
    pub hash: String,
    /// When.
    pub frozen_at: DateTime<Utc>,
    /// By whom; `None` for the operator.
    pub frozen_by: Option<AccountId>,
    /// The report.
    pub report: Value,
    /// Whether the text still has its hash.
    pub intact: bool,
}

/// A figure that is another now than it was when the report was frozen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `table2`, `table3` or `table4`.
    pub table: String,
    /// The row's key.
    pub row: String,
    /// The column's key.
    pub column: String,
    /// What was frozen; `None` where there was no such figure.
    pub frozen: Option<u64>,
    /// What it is now.
    pub now: Option<u64>,
}

/// What the checks of a report say.
#[derive(Clone, Debug)]
pub struct Checks {
    /// How many identities were checked.
    pub checked: usize,
    /// Those that do not hold: a fault of this program or of the database.
    pub broken: Vec<Broken>,
    /// What an officer should look at before he publishes: nothing of it is wrong by the form.
    pub remarks: Vec<Remark>,
}

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Why, as a word.
    pub code: &'static str,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// Figures that differ between two reports, by table, row and column.
pub fn differences(frozen: &Value, now: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    for table in ["table2", "table3", "table4"] {
        let (then, today) = (figures(frozen, table), figures(now, table));
        let places = then.keys().chain(today.keys().filter(|place| !then.contains_key(*place)));
        for place in places {
            let figure = |of: &Map<String, Value>| of.get(place).and_then(Value::as_u64);
            let (frozen, now) = (figure(&then), figure(&today));
            if frozen != now {
                let (row, column) = place.split_once('/').unwrap_or((place, ""));
                let (row, column) = (row.to_owned(), column.to_owned());
                found.push(Difference { table: table.to_owned(), row, column, frozen, now });
            }
        }
    }
    found
}

/// A table's figures by `row/column`.
fn figures(report: &Value, table: &str) -> Map<String, Value> {
    let rows = report.get(table).and_then(Value::as_object);
    let cells = rows.into_iter().flatten().flat_map(|(row, cells)| {
        let cells = cells.as_object().into_iter().flatten();
        cells.map(move |(column, figure)| (format!("{row}/{column}"), figure.clone()))
    });
    cells.collect()
}

impl App {
    /// Table 2 of a year as it was entered last, and which entry it is.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when the row holds what this program never writes.
    pub async fn table2(&self, agency: AgencyId, year: i32) -> Result<Option<(Table2, i32)>, AppError> {
        let Some(row) = self.store.report_entry(Key(agency.0), year).await? else { return Ok(None) };
        let table2 = serde_json::from_str(&row.content).map_err(|error| {
            AppError::Store(StoreError::Inconsistent {
                table: "report_entries",
                row: format!("{agency}/{year}/{}", row.version),
                reason: error.to_string(),
            })
        })?;
        Ok(Some((table2, row.version)))
    }

    /// Enters table 2 of a year; an entry like the last changes nothing.
    ///
    /// # Errors
    /// As [`App::annual_report`].
    pub async fn enter_table2(
        &self,
        actor: &Actor,
        agency: AgencyId,
        year: i32,
        table2: Table2,
    ) -> Result<(), AppError> {
        super::annual_report::bounds(year)?;
        let known = self.agency(agency).await?;
        for _ in 0..TRIES {
            let before = self.table2(agency, year).await?;
            if before.as_ref().is_some_and(|(last, _)| *last == table2) {
                return Ok(());
            }
            let version = before.map_or(1, |(_, version)| version.saturating_add(1));
            let content = canonical(&table2)?;
            let hash = hex::encode(&sha256(content.as_bytes()));
            let row = ReportEntryRow {
                agency_id: Key(agency.0),
                year,
                version,
                content,
                entered_at: At(self.clock.now()),
                entered_by: Some(Key(actor.account.0)),
            };
            let change = Change {
                agency,
                zone: known.zone,
                by: by(actor),
                events: vec![AgencyEvent::ReportEntered { year, version, hash }],
                rows: SetUpChange::ReportEntry(row),
                retry: None,
            };
            match self.change(change).await {
                Err(AppError::Store(StoreError::Taken { .. })) => {}
                other => return other,
            }
        }
        Err(AppError::Store(StoreError::Busy))
    }

    /// Freezes a year's report as it is counted now, or gives the first answer to a retry.
    ///
    /// # Errors
    /// [`AppError::Invalid`] while the year has not ended; as [`App::annual_report`].
    pub async fn freeze_report(
        &self,
        actor: &Actor,
        (agency, year, form): (AgencyId, i32, Form),
        retry: Option<RetryKey>,
        render: RenderMade<Frozen>,
    ) -> Result<Answer, AppError> {
        let home = self.agency(actor.agency).await?;
        if let Some(first) = self.first_answer(&home, actor.account, retry.as_ref()).await? {
            return Ok(first);
        }
        let report = self.annual_report(agency, year).await?;
        if !report.complete {
            return Err(AppError::Invalid(vec![FieldError::new(
                "year",
                "year_running",
                format!("{year}年尚未结束，数据仍会变化，次年1月1日起方可定稿。"),
                format!("The year {year} has not ended: its report is frozen from 1 January on."),
            )]));
        }
        let report = report.to_json(form);
        let content = canonical(&report)?;
        let hash = hex::encode(&sha256(content.as_bytes()));
        let known = self.agency(agency).await?;
        for _ in 0..TRIES {
            let last = self.store.report_freezes(Key(agency.0), year, 1).await?;
            let n = last.first().map_or(1, |row| row.n.saturating_add(1));
            let row = ReportFreezeRow {
                agency_id: Key(agency.0),
                year,
                n,
                hash: hash.clone(),
                content: content.clone(),
                frozen_at: At(self.clock.now()),
                frozen_by: Some(Key(actor.account.0)),
            };
            let answer = render(&frozen(&row)?);
            let kept = retry.clone().map(|key| kept_answer(&home, key.of(actor.account), &answer));
            let change = Change {
                agency,
                zone: known.zone,
                by: by(actor),
                events: vec![AgencyEvent::ReportFrozen { year, n, hash: hash.clone() }],
                rows: SetUpChange::ReportFreeze(row),
                retry: kept.transpose()?,
            };
            match self.change(change).await {
                Err(AppError::Store(StoreError::Taken { constraint: "report_freezes_pkey" })) => {}
                made => return self.after_race(made.map(|()| answer), &home, actor, retry.as_ref()).await,
            }
        }
        Err(AppError::Store(StoreError::Busy))
    }

    /// A year's frozen reports, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when a row holds what this program never writes.
    pub async fn frozen_reports(&self, agency: AgencyId, year: i32) -> Result<Vec<Frozen>, AppError> {
        let rows = self.store.report_freezes(Key(agency.0), year, MOST_FREEZES).await?;
        rows.iter().map(frozen).collect()
    }

    /// What the checks of a year's report say.
    ///
    /// # Errors
    /// As [`App::annual_report`].
    pub async fn report_checks(&self, agency: AgencyId, year: i32, form: Form) -> Result<Checks, AppError> {
        let report = self.annual_report(agency, year).await?;
        let checked = report.checked(form);
        let mut remarks = Vec::new();
        if super::annual_report::bounds(year.saturating_sub(1)).is_ok() {
            let before = self.annual_report(agency, year.saturating_sub(1)).await?;
            for column in Column::ALL {
                let (then, now) = (
                    before.table3.cell(Row::CarriedForward, column),
                    report.table3.cell(Row::CarriedOver, column),
                );
                if then != now {
                    remarks.push(carried(column, then, now));
                }
            }
            if let (Some(now), Some(then)) = (&report.table2, &before.table2) {
                remarks.extend(now.unexpected(then).into_iter().map(|it| Remark {
                    code: "table2_in_force",
                    zh: format!(
                        "表二 {}：现行有效件数应为{}（上年现行有效＋制发－废止），所填为{}。",
                        it.row, it.expected, it.entered
                    ),
                    en: format!(
                        "table 2, {}: {} in force would follow from the year before, {} was entered.",
                        it.row, it.expected, it.entered
                    ),
                }));
            }
        }
        if report.table2.is_none() {
            remarks.push(Remark {
                code: "table2_missing",
                zh: "表二尚未填报。".to_owned(),
                en: "Table 2 has not been entered.".to_owned(),
            });
        }
        Ok(Checks { checked: checked.checked, broken: checked.broken, remarks })
    }
}

fn carried(column: Column, then: u64, now: u64) -> Remark {
    Remark {
        code: "carried_over",
        zh: format!("“{}”列：上年结转为{now}，而上一年度结转下年为{then}。", column.label_zh()),
        en: format!(
            "column {}: {now} carried over, but {then} carried forward the year before.",
            column.code()
        ),
    }
}

pub(super) fn canonical<T: serde::Serialize>(value: &T) -> Result<String, AppError> {
    let failed = |reason: String| AppError::Internal(format!("the report cannot be written: {reason}"));
    let value = serde_json::to_value(value).map_err(|error| failed(error.to_string()))?;
    canonical_json(&value).map_err(|error| failed(error.to_string()))
}

fn frozen(row: &ReportFreezeRow) -> Result<Frozen, AppError> {
    let report = serde_json::from_str(&row.content).map_err(|error| {
        AppError::Store(StoreError::Inconsistent {
            table: "report_freezes",
            row: format!("{}/{}/{}", row.agency_id.0, row.year, row.n),
            reason: error.to_string(),
        })
    })?;
    Ok(Frozen {
        n: row.n,
        intact: hex::encode(&sha256(row.content.as_bytes())) == row.hash,
        hash: row.hash.clone(),
        frozen_at: row.frozen_at.0,
        frozen_by: row.frozen_by.map(|account| AccountId(account.0)),
        report,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn figures_that_changed_are_named_by_table_row_and_column() {
        let then = json!({
            "as_of": "2026-01-05",
            "table3": { "granted": { "natural_person": 3, "total": 3 }, "handled_total": { "total": 4 } },
            "table4": { "reconsideration": { "pending": 1 } },
        });
        let mut now = then.clone();
        now["as_of"] = json!("2026-02-01");
        assert_eq!(differences(&then, &now), []);
        now["table3"]["granted"]["natural_person"] = json!(2);
        now["table2"] = json!({ "licences": { "decisions": 7 } });
        let told: Vec<_> = differences(&then, &now)
            .into_iter()
            .map(|it| (it.table, it.row, it.column, it.frozen, it.now))
            .collect();
        let place = |table: &str, row: &str, column: &str, frozen, now| {
            (table.to_owned(), row.to_owned(), column.to_owned(), frozen, now)
        };
        assert_eq!(
            told,
            [
                place("table2", "licences", "decisions", None, Some(7)),
                place("table3", "granted", "natural_person", Some(3), Some(2)),
            ]
        );
    }
}
