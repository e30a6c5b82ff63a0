//! `/reports/annual`: the annual report, and the cases behind each cell. What of it is kept is in `report_record`.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::body::{Params, whole_number};
use super::call::Call;
use super::cases::CaseSummary;
use super::page::with_link;
use super::problem::{Failure, Problem};
use crate::app::annual_report::table2_json;
use crate::app::error::{AppError, FieldError};
use crate::domain::annual_report::{Column, Form, Row, Table4Column, Table4Row};
use crate::domain::ids::AgencyId;
use crate::domain::policy::Action;
use crate::store::Key;

/// The annual report of a year: table 3 (表三 收到和处理政府信息公开申请情况) and table 4 (表四 行政复议、行政诉讼情况), counted from cases and remedies;
/// table 2 (表二 主动公开政府信息情况) as it was entered.
#[derive(Serialize, ToSchema)]
pub struct AnnualReportView {
    /// The agency's name.
    pub agency: String,
    /// Its id.
    #[schema(format = "uuid")]
    pub agency_id: String,
    /// The year.
    #[schema(example = 2026)]
    pub year: i32,
    /// `2019` or `2021`.
    #[schema(value_type = String, example = "2021")]
    pub form: Form,
    /// The civil date as of which it was counted.
    pub as_of: NaiveDate,
    /// Whether the year has ended: the figures of a running year still grow.
    pub complete: bool,
    /// Rows by key, each with seven columns by key.
    #[schema(value_type = Object, example = json!({"new_received": {"natural_person": 95, "total": 95}}))]
    pub table3: BTreeMap<&'static str, BTreeMap<&'static str, u64>>,
    /// Blocks by key, each with five columns by key. A result counts in the year in which it was reached, by the day of the decision;
    /// what came by 31 December and was not decided by then is pending.
    #[schema(value_type = Object, example = json!({"reconsideration": {"upheld": 72, "pending": 37, "total": 109}}))]
    pub table4: serde_json::Value,
    /// As it was entered; `null` until then.
    #[schema(value_type = Option<Object>, example = json!({"licences": {"decisions": 120}}))]
    pub table2: Option<serde_json::Value>,
    /// The rows of table 3 in the order of the form, with their Chinese labels.
    pub rows: Vec<RowLabel>,
    /// The blocks of table 4, the same.
    pub table4_rows: Vec<RowLabel>,
    /// Whether every identity of the form holds (勾稽关系).
    pub consistent: bool,
}

/// A row of the form.
#[derive(Serialize, ToSchema)]
pub struct RowLabel {
    /// The key.
    #[schema(example = "granted")]
    pub key: &'static str,
    /// The label on the form.
    pub label: &'static str,
}

/// Whose report, on which form.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportParams {
    /// The agency; the caller's own when absent.
    #[param(value_type = Option<String>, format = "uuid", nullable = false)]
    pub(super) agency_id: Option<AgencyId>,
    /// `2021` (the default) or `2019`.
    #[param(value_type = Option<String>, pattern = "^(2019|2021)$", nullable = false)]
    pub(super) form: Option<Form>,
}

pub(super) fn year_of(call: &Call) -> Result<i32, Failure> {
    let year: i32 = call.path("year")?;
    if (2008..=9998).contains(&year) { Ok(year) } else { Err(AppError::NotFound.into()) }
}

/// Read the annual report.
#[utoipa::path(
    operation_id = "readAnnualReport", tag = "reports",
    params(("year" = i32, Path, description = "The calendar year, from 2008"), ReportParams),
    responses(
        (status = 200, description = "The report", body = AnnualReportView),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/reports/annual/{year}")]
pub async fn annual(call: Call, params: Params<ReportParams>) -> Result<HttpResponse, Failure> {
    let year = year_of(&call)?;
    let agency = params.0.agency_id.unwrap_or(call.actor().agency);
    call.app.allowed_in_tree(call.actor(), Action::ReadReports, agency).await?;
    let form = params.0.form.unwrap_or_default();
    let report = call.app.annual_report(agency, year).await?;
    let rows = report.table3.rows(form).map(|(row, cells)| {
        let cells = Column::ALL.iter().map(|column| column.code()).zip(cells);
        (row.code(), cells.collect())
    });
    Ok(HttpResponse::Ok().json(AnnualReportView {
        agency_id: agency.to_string(),
        year,
        form,
        as_of: report.as_of,
        complete: report.complete,
        table3: rows.collect(),
        table4: report.table4_json(),
        table2: report.table2.as_ref().map(table2_json),
        table4_rows: Table4Row::ALL
            .iter()
            .map(|row| RowLabel { key: row.code(), label: row.label_zh() })
            .collect(),
        rows: Row::of(form).map(|row| RowLabel { key: row.code(), label: row.label_zh() }).collect(),
        consistent: report.is_consistent(form),
        agency: report.agency_name,
    }))
}

/// Which page of the cases behind a cell.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CellParams {
    /// The agency; the caller's own when absent.
    #[param(value_type = Option<String>, format = "uuid", nullable = false)]
    agency_id: Option<AgencyId>,
    /// Where the page before ended.
    #[param(nullable = false)]
    cursor: Option<String>,
    /// How many, 1 to 200; 50 when absent.
    #[serde(default, deserialize_with = "whole_number")]
    #[validate(range(min = 1, max = 200))]
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// The cases behind a cell.
#[derive(Serialize, ToSchema)]
pub struct CellPage {
    /// The cell's figure: how many there are on all pages.
    pub figure: u64,
    /// The cases, no applicant's data; of table 4, one for each remedy. Without those that bear a label above the caller's clearance: the
    /// figure counts them.
    pub items: Vec<CellItem>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// A case behind a cell.
#[derive(Serialize, ToSchema)]
pub struct CellItem {
    /// The case.
    #[serde(flatten)]
    pub case: CaseSummary,
    /// Which of its remedies, in a cell of table 4.
    pub remedy: Option<i32>,
}

/// List the cases behind a cell of table 3, or the remedies behind a cell of table 4.
#[utoipa::path(
    operation_id = "listAnnualReportCell", tag = "reports",
    params(("year" = i32, Path, description = "The calendar year, from 2008"),
        ("row" = String, Path, description = "The row's key", example = "granted"),
        ("column" = String, Path, description = "The column's key", example = "natural_person"),
        CellParams),
    responses(
        (status = 200, description = "A page", body = CellPage),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/reports/annual/{year}/cells/{row}/{column}")]
pub async fn cell(call: Call, params: Params<CellParams>) -> Result<HttpResponse, Failure> {
    let year = year_of(&call)?;
    let (row, column) = (call.path::<String>("row")?, call.path::<String>("column")?);
    let agency = params.0.agency_id.unwrap_or(call.actor().agency);
    call.app.allowed_in_tree(call.actor(), Action::ReadReports, agency).await?;
    if let Some(row) = Table4Row::parse(&row) {
        let column = Table4Column::parse(&column).ok_or(AppError::NotFound)?;
        return remedies(&call, &params.0, (agency, year), (row, column)).await;
    }
    let row = Row::parse(&row).ok_or(AppError::NotFound)?;
    let column = Column::parse(&column).ok_or(AppError::NotFound)?;
    let after = params.0.cursor.as_deref().map(cursor).transpose()?;
    let limit = params.0.limit.unwrap_or(50);
    let figure = call.app.annual_report(agency, year).await?.table3.cell(row, column);
    let mut rows = call
        .app
        .annual_report_cell(
            (agency, call.actor().clearance),
            year,
            row,
            column,
            after,
            i64::from(limit).saturating_add(1),
        )
        .await?;
    let more = rows.len() > usize::from(limit);
    rows.truncate(usize::from(limit));
    let next_cursor = rows.last().filter(|_| more).map(|row| row.id.0.to_string());
    let items = rows.into_iter().map(|row| CellItem { case: CaseSummary::of(row), remedy: None }).collect();
    let shown = CellPage { figure, items, next_cursor };
    Ok(with_link(&call, shown.next_cursor.as_deref(), &shown))
}

/// A page behind a cell of table 4.
async fn remedies(
    call: &Call,
    params: &CellParams,
    (agency, year): (AgencyId, i32),
    place: (Table4Row, Table4Column),
) -> Result<HttpResponse, Failure> {
    let after = params.cursor.as_deref().map(remedy_cursor).transpose()?;
    let limit = params.limit.unwrap_or(50);
    let figure = call.app.annual_report(agency, year).await?.table4.cell(place.0, place.1);
    let wanted = i64::from(limit).saturating_add(1);
    let mut rows =
        call.app.annual_report_remedies((agency, call.actor().clearance), year, place, after, wanted).await?;
    let more = rows.len() > usize::from(limit);
    rows.truncate(usize::from(limit));
    let next_cursor = rows.last().filter(|_| more).map(|(n, row)| format!("{}.{n}", row.id.0));
    let item = |(n, row)| CellItem { case: CaseSummary::of(row), remedy: Some(n) };
    let shown = CellPage { figure, items: rows.into_iter().map(item).collect(), next_cursor };
    Ok(with_link(call, shown.next_cursor.as_deref(), &shown))
}

fn cursor(text: &str) -> Result<Key, Failure> {
    text.parse().map(Key).map_err(|_| no_cursor())
}

/// Case and number of a remedy.
fn remedy_cursor(text: &str) -> Result<(Key, i32), Failure> {
    let (case, n) = text.split_once('.').ok_or_else(no_cursor)?;
    Ok((cursor(case)?, n.parse().map_err(|_| no_cursor())?))
}

fn no_cursor() -> Failure {
    Failure::fields(vec![FieldError::new(
        "cursor",
        "unknown_value",
        "分页游标无效，请使用上一页返回的 next_cursor。",
        "Use the next_cursor of the page before.",
    )])
}
