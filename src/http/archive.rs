//! `/cases/{id}/archive` (归档、案卷目录) and `/agencies/{id}/archive-shelf` (全宗、目录、保管期限表).

use actix_web::{HttpResponse, get, post, put};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::archive_dto::{CaseFileView, case_file};
use super::body::{Body, CivilDate, not_blank};
use super::call::{Call, CommandHeaders, required};
use super::case_dto::CaseView;
use super::problem::{Failure, Problem};
use crate::app::execute::{FilingOrder, Order};
use crate::domain::archive::{Retention, RetentionRules, Shelf};
use crate::domain::ids::AgencyId;

/// Archiving (归档).
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArchiveRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// Where the file lies, or a note.
    #[validate(length(min = 1, max = 500), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 500)]
    note: Option<String>,
    /// How long the file is kept; as by rule when absent. Longer than by rule with a reason, never shorter.
    #[serde(default, deserialize_with = "super::object::word")]
    retention: Option<Retention>,
    /// Why it is kept longer than by rule.
    #[validate(length(min = 1, max = 500), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 500, example = "社会关注度高，具有长期查考价值")]
    retention_reason: Option<String>,
}

/// Close the file (归档).
///
/// The file gets its archival code (档号) and the period for which it is kept, counted from 1 January of the year after
/// archiving.
#[utoipa::path(
    operation_id = "archiveCase", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = ArchiveRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/archive")]
pub async fn archive(call: Call, body: Body<ArchiveRequest>) -> Result<HttpResponse, Failure> {
    let order = FilingOrder {
        note: body.value.note.clone(),
        retention: body.value.retention,
        reason: body.value.retention_reason.clone(),
        shelf: None,
    };
    call.execute(Order::Archive(order), body.value.on, &body).await
}

/// Read the catalogue of a case's file (案卷目录).
///
/// Every piece with its title, author, date and type, in the words of DA/T 46-2009. Before archiving, what the file would be
/// if it were archived today.
#[utoipa::path(
    operation_id = "readCaseFile", tag = "cases",
    params(("case_id" = String, Path, description = "The case")),
    responses(
        (status = 200, description = "The catalogue", body = CaseFileView),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/cases/{case_id}/archive")]
pub async fn read(call: Call) -> Result<HttpResponse, Failure> {
    let file = call.app.case_file(call.actor(), call.case()?).await?;
    Ok(HttpResponse::Ok().json(case_file(&file)))
}

/// An office's settings for its archive.
#[derive(Serialize, ToSchema)]
pub struct ShelfView {
    /// 全宗号.
    #[schema(example = "Z109")]
    pub fonds_identifier: String,
    /// 目录号.
    #[schema(example = "1")]
    pub catalogue_number: String,
    /// The least for every file; `null` is as by rule.
    pub ordinary: Option<Retention>,
    /// The least for files with a refusal or dispute; `null` is as by rule.
    pub contested: Option<Retention>,
    /// By rule, where nothing was refused and nobody objected.
    pub rule_ordinary: Retention,
    /// By rule, where less was given than was asked for.
    pub rule_refusal: Retention,
    /// By rule, where somebody objected or a remedy was brought.
    pub rule_dispute: Retention,
    /// From when a period is counted: 1 January of the year after archiving.
    #[schema(example = "2027-01-01")]
    pub archived_today_counts_from: NaiveDate,
}

fn shelf_view(shelf: &Shelf, rules: &RetentionRules, today: NaiveDate) -> ShelfView {
    use chrono::Datelike as _;
    ShelfView {
        fonds_identifier: shelf.fonds.clone(),
        catalogue_number: shelf.catalogue.clone(),
        ordinary: shelf.ordinary,
        contested: shelf.contested,
        rule_ordinary: rules.ordinary,
        rule_refusal: rules.refusal,
        rule_dispute: rules.dispute,
        archived_today_counts_from: NaiveDate::from_ymd_opt(today.year().saturating_add(1), 1, 1)
            .unwrap_or(today),
    }
}

/// Read an office's settings for its archive.
#[utoipa::path(
    operation_id = "readArchiveShelf", tag = "set-up",
    params(("agency_id" = String, Path, description = "The agency")),
    responses(
        (status = 200, description = "The settings", body = ShelfView),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/agencies/{agency_id}/archive-shelf")]
pub async fn read_shelf(call: Call) -> Result<HttpResponse, Failure> {
    let agency: AgencyId = call.path("agency_id")?;
    let (shelf, rules) = call.app.read_shelf(call.actor(), agency).await?;
    let agency = call.app.agency(agency).await?;
    Ok(HttpResponse::Ok().json(shelf_view(&shelf, &rules, call.app.today(&agency))))
}

/// An office's settings for its archive, whole.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShelfRequest {
    /// 全宗号: 1 to 20 letters, digits, `.` or `_`.
    #[validate(required, length(min = 1, max = 20))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 20,
        pattern = "^[0-9A-Za-z._]+$",
        example = "Z109"
    )]
    fonds_identifier: Option<String>,
    /// 目录号: the same.
    #[validate(required, length(min = 1, max = 20))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 20,
        pattern = "^[0-9A-Za-z._]+$",
        example = "1"
    )]
    catalogue_number: Option<String>,
    /// The least for every file, where that is longer than by rule.
    #[serde(default, deserialize_with = "super::object::word")]
    ordinary: Option<Retention>,
    /// The least for files with a refusal or dispute, where that is longer than by rule.
    #[serde(default, deserialize_with = "super::object::word")]
    contested: Option<Retention>,
}

/// Set an office's codes and periods for its archive.
///
/// They hold for files archived from now on: a code once given stays.
#[utoipa::path(
    operation_id = "setArchiveShelf", tag = "set-up",
    params(("agency_id" = String, Path, description = "The agency")),
    request_body = ShelfRequest,
    responses(
        (status = 204, description = "They hold from now on"),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[put("/agencies/{agency_id}/archive-shelf")]
pub async fn set_shelf(call: Call, body: Body<ShelfRequest>) -> Result<HttpResponse, Failure> {
    let sent = body.value;
    let shelf = Shelf {
        fonds: required(sent.fonds_identifier, "/fonds_identifier")?,
        catalogue: required(sent.catalogue_number, "/catalogue_number")?,
        ordinary: sent.ordinary,
        contested: sent.contested,
    };
    call.app.put_shelf(call.actor(), call.path("agency_id")?, shelf).await?;
    Ok(HttpResponse::NoContent().finish())
}
