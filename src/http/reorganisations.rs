//! `/agencies/{id}/reorganisations` (机构调整): new names, hand-overs of cases, mergers, and what they were.

use std::sync::Arc;

use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::body::{Body, CivilDate, Params, not_blank, whole_number};
use super::call::{Call, RetryHeader, required, respond};
use super::page::{unknown_cursor, with_link};
use super::problem::{Failure, Problem};
use crate::app::reorganise::Asked;
use crate::app::retry::Answer;
use crate::domain::ids::{AgencyId, DepartmentId, ReorganisationId};
use crate::domain::reorganisation::ReorganisationKind;
use crate::store::ReorganisationRow;

/// What is to be done with an agency.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReorganisationRequest {
    /// What kind.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false)]
    kind: Option<ReorganisationKind>,
    /// Since which day it counts: today when absent, never in the future.
    #[schema(value_type = Option<String>, format = Date, example = "2026-11-20")]
    effective_on: Option<CivilDate>,
    /// The document that orders it, by number or name.
    #[validate(required, length(min = 1, max = 200), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 200,
        example = "淮编发〔2026〕18号"
    )]
    basis: Option<String>,
    /// The new name: of the agency for `renamed`, of the department for `department_renamed`.
    #[validate(length(min = 1, max = 100), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 100, example = "淮安市数据局")]
    name: Option<String>,
    /// For `department_renamed`: which department. For `handed_over`: only the open cases that it leads.
    #[schema(value_type = Option<String>, format = "uuid")]
    department_id: Option<DepartmentId>,
    /// For `handed_over` and `merged`: the code of the agency that goes on.
    #[validate(length(min = 1, max = 32))]
    #[schema(min_length = 1, max_length = 32, example = "huaian-sj")]
    to_agency_code: Option<String>,
}

/// What happened to an agency.
#[derive(Serialize, ToSchema)]
pub struct ReorganisationView {
    /// Opaque id.
    #[schema(format = "uuid")]
    pub id: String,
    /// What kind.
    #[schema(value_type = ReorganisationKind)]
    pub kind: String,
    /// Since which day it counts.
    pub effective_on: NaiveDate,
    /// The document that ordered it.
    #[schema(example = "淮编发〔2026〕18号")]
    pub basis: String,
    /// The name before, of the agency or of the department.
    pub name_before: Option<String>,
    /// The name after.
    pub name_after: Option<String>,
    /// The department concerned.
    #[schema(format = "uuid")]
    pub department_id: Option<String>,
    /// The agency that took cases over.
    #[schema(format = "uuid")]
    pub to_agency_id: Option<String>,
    /// How many cases were handed over until now.
    #[schema(minimum = 0)]
    pub cases_moved: i32,
    /// When it was ordered here.
    pub recorded_at: DateTime<Utc>,
    /// When all its cases were handed over; `null` while that goes on.
    pub finished_at: Option<DateTime<Utc>>,
}

fn view(row: &ReorganisationRow) -> ReorganisationView {
    ReorganisationView {
        id: row.id.0.to_string(),
        kind: row.kind.clone(),
        effective_on: row.effective_on,
        basis: row.basis.clone(),
        name_before: row.name_before.clone(),
        name_after: row.name_after.clone(),
        department_id: row.department_id.map(|id| id.0.to_string()),
        to_agency_id: row.to_agency_id.map(|id| id.0.to_string()),
        cases_moved: row.cases_moved,
        recorded_at: row.recorded_at.0,
        finished_at: row.finished_at.map(|at| at.0),
    }
}

fn made(row: &ReorganisationRow) -> Answer {
    let body = serde_json::to_string(&view(row)).unwrap_or_default();
    Answer { status: 201, etag: None, location: None, body }
}

/// Reorganise an agency (机构调整): another name, cases handed over, merged into another agency.
///
/// By a system administrator of an agency that stands above all those concerned, or of it. Open cases are handed over (`handed_over`), or
/// all (`merged`), in the background: `finished_at` tells when none is left. Each keeps its number, its dates and its limit; what was drafted
/// and not issued is drafted anew by the agency that goes on. An agency that was merged takes nothing in any more.
#[utoipa::path(
    operation_id = "reorganiseAgency", tag = "set-up",
    params(("agency_id" = String, Path, description = "The agency"), RetryHeader),
    request_body = ReorganisationRequest,
    responses(
        (status = 201, description = "It is done, or has begun", body = ReorganisationView),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/agencies/{agency_id}/reorganisations")]
pub async fn reorganise(call: Call, body: Body<ReorganisationRequest>) -> Result<HttpResponse, Failure> {
    let agency: AgencyId = call.path("agency_id")?;
    let retry = call.retry(&body.bytes)?;
    let sent = body.value;
    let asked = Asked {
        kind: required(sent.kind, "/kind")?,
        on: sent.effective_on.map(|day| day.0),
        basis: required(sent.basis, "/basis")?,
        name: sent.name,
        department: sent.department_id,
        to: sent.to_agency_code,
    };
    let answer = call.app.reorganise(call.actor(), agency, asked, retry, made).await?;
    // The server goes on by itself, too, each minute: what fails here is only slower.
    let app = Arc::clone(&call.app);
    actix_web::rt::spawn(async move {
        if let Err(error) = app.carry_on().await {
            tracing::warn!(%error, "cases were not all handed over yet");
        }
    });
    Ok(respond(answer))
}

/// Which page.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReorganisationParams {
    /// Where the page before ended.
    #[param(nullable = false)]
    cursor: Option<String>,
    /// How many, 1 to 200; 50 when absent.
    #[serde(default, deserialize_with = "whole_number")]
    #[validate(range(min = 1, max = 200))]
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// A page of what happened to an agency.
#[derive(Serialize, ToSchema)]
pub struct ReorganisationPage {
    /// It, the newest first.
    pub items: Vec<ReorganisationView>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// List what happened to an agency: its names, whose cases it handed over to whom, into which agency it was merged; the newest first.
#[utoipa::path(
    operation_id = "listReorganisations", tag = "set-up",
    params(("agency_id" = String, Path, description = "The agency"), ReorganisationParams),
    responses(
        (status = 200, description = "A page", body = ReorganisationPage, headers(("Link" = Option<String>, description = "The next page, rel=next"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/agencies/{agency_id}/reorganisations")]
pub async fn list(call: Call, params: Params<ReorganisationParams>) -> Result<HttpResponse, Failure> {
    let asked = params.0;
    let before = asked.cursor.map(|cursor| cursor.parse::<ReorganisationId>().map_err(|_| unknown_cursor()));
    let limit = asked.limit.unwrap_or(50);
    let agency = call.path("agency_id")?;
    let (rows, more) = call.app.reorganisations(call.actor(), agency, before.transpose()?, limit).await?;
    let next_cursor = rows.last().filter(|_| more).map(|row| row.id.0.to_string());
    let page = ReorganisationPage { items: rows.iter().map(view).collect(), next_cursor };
    Ok(with_link(&call, page.next_cursor.as_deref(), &page))
}
