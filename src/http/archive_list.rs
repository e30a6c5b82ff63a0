//! `/archive`: the files to be appraised, held, or disposed of (待鉴定、暂缓处置、销毁清册).

use actix_web::{HttpResponse, get};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::body::{Params, whole_number};
use super::call::{Call, required};
use super::page::{Cursor, with_link};
use super::problem::{Failure, Problem};
use crate::domain::archive::Retention;
use crate::domain::outcome::Outcome;
use crate::store::{CaseRow, Shelved};

/// Which files.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ArchiveParams {
    /// `due`: the period has ended, by its last day; `held`: a hold stands, by the day of arrival; `disposed`: the record of
    /// disposal, by its day.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[param(required = true, nullable = false)]
    state: Option<Shelved>,
    /// Where the page before ended.
    #[param(nullable = false)]
    cursor: Option<String>,
    /// How many files, 1 to 200; 50 when absent.
    #[serde(default, deserialize_with = "whole_number")]
    #[validate(range(min = 1, max = 200))]
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// A page of files.
#[derive(Serialize, ToSchema)]
pub struct ArchivePage {
    /// The civil date for which the list holds.
    pub as_of: NaiveDate,
    /// The files.
    pub items: Vec<ArchiveItem>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// A file: no applicant's data.
#[derive(Serialize, ToSchema)]
pub struct ArchiveItem {
    /// The case.
    #[schema(format = "uuid")]
    pub id: String,
    /// Its registration number.
    pub number: Option<String>,
    /// 档号.
    #[schema(example = "Z109-1-2026-D30-0007")]
    pub archival_code: Option<String>,
    /// 题名: the clerk's summary.
    pub title: Option<String>,
    /// How it ended.
    #[schema(value_type = Option<Outcome>)]
    pub outcome: Option<String>,
    /// The day of archiving.
    pub archived_on: Option<NaiveDate>,
    /// 保管期限.
    #[schema(value_type = Option<Retention>)]
    pub retention: Option<String>,
    /// The last day of the period.
    pub retention_ends_on: Option<NaiveDate>,
    /// Whether a hold stands.
    pub on_hold: bool,
    /// The day of disposal.
    pub disposed_on: Option<NaiveDate>,
}

impl From<CaseRow> for ArchiveItem {
    fn from(row: CaseRow) -> Self {
        Self {
            id: row.id.0.to_string(),
            number: row.number,
            archival_code: row.archival_code,
            title: row.subject,
            outcome: row.outcome,
            archived_on: row.archived_on,
            retention: row.retention,
            retention_ends_on: row.retention_ends_on,
            on_hold: row.on_hold,
            disposed_on: row.disposed_on,
        }
    }
}

/// List files of the archive: to be appraised, held, or disposed of.
#[utoipa::path(
    operation_id = "listArchive", tag = "archive", params(ArchiveParams),
    responses(
        (status = 200, description = "A page", body = ArchivePage, headers(("Link" = Option<String>, description = "The next page, rel=next"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/archive")]
pub async fn list(call: Call, params: Params<ArchiveParams>) -> Result<HttpResponse, Failure> {
    let state = required(params.0.state, "state")?;
    let after = params.0.cursor.as_deref().map(|cursor| Cursor::read(cursor, state.code())).transpose()?;
    let page = call.app.archive_page(call.actor(), state, after, params.0.limit.unwrap_or(50)).await?;
    let next_cursor = page.next.map(|(day, id)| Cursor { day, id }.write(state.code()));
    let items = page.rows.into_iter().map(Into::into).collect();
    let shown = ArchivePage { as_of: page.today, items, next_cursor };
    Ok(with_link(&call, shown.next_cursor.as_deref(), &shown))
}
