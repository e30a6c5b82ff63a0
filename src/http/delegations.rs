//! `/agencies/{id}/delegations`: who takes whose steps of review during an absence.

use actix_web::{HttpResponse, delete, get, post};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::body::{Body, CivilDate};
use super::call::{Call, RetryHeader, required, respond};
use super::problem::{Failure, Problem};
use crate::app::delegations::NewDelegation;
use crate::app::retry::Answer;
use crate::domain::ids::{AgencyId, DelegationId, PersonId};
use crate::store::DelegationRow;

/// A delegation (委托).
#[derive(Serialize, ToSchema)]
pub struct DelegationView {
    /// Opaque id.
    #[schema(format = "uuid")]
    pub id: String,
    /// Who is away.
    #[schema(format = "uuid")]
    pub from_person_id: String,
    /// Who takes his steps.
    #[schema(format = "uuid")]
    pub to_person_id: String,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
}

/// The delegations that stand today or will.
#[derive(Serialize, ToSchema)]
pub struct DelegationList {
    /// The delegations, by their first day.
    pub items: Vec<DelegationView>,
}

fn delegation(row: &DelegationRow) -> DelegationView {
    DelegationView {
        id: row.id.0.to_string(),
        from_person_id: row.from_person_id.0.to_string(),
        to_person_id: row.to_person_id.0.to_string(),
        starts_on: row.starts_on,
        ends_on: row.ends_on,
    }
}

/// List the delegations of review that stand today or will.
#[utoipa::path(
    operation_id = "listDelegations", tag = "set-up",
    params(("agency_id" = String, Path, description = "The agency")),
    responses(
        (status = 200, description = "The delegations", body = DelegationList),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/agencies/{agency_id}/delegations")]
pub async fn list(call: Call) -> Result<HttpResponse, Failure> {
    let rows = call.app.delegations(call.actor(), call.path("agency_id")?).await?;
    Ok(HttpResponse::Ok().json(DelegationList { items: rows.iter().map(delegation).collect() }))
}

/// A delegation to be made.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DelegationRequest {
    /// Who is away; the caller himself when absent. Only administrators name another.
    #[schema(value_type = Option<String>, format = "uuid")]
    from_person_id: Option<PersonId>,
    /// Who takes his steps: somebody who holds the same role of review at the agency.
    #[validate(required)]
    #[schema(value_type = String, required = true, nullable = false, format = "uuid")]
    to_person_id: Option<PersonId>,
    /// The first day.
    #[validate(required)]
    #[schema(value_type = String, required = true, nullable = false, format = Date, example = "2026-03-02")]
    starts_on: Option<CivilDate>,
    /// The last day, at most 366 days on.
    #[validate(required)]
    #[schema(value_type = String, required = true, nullable = false, format = Date, example = "2026-03-13")]
    ends_on: Option<CivilDate>,
}

fn made(row: &DelegationRow) -> Answer {
    let body = serde_json::to_string(&delegation(row)).unwrap_or_default();
    Answer { status: 201, etag: None, location: None, body }
}

/// Delegate the steps of review of somebody who is away (委托).
///
/// The delegate takes the steps that name the absent person, saying so in `acting_for`; he has his own conflicts and those of the absent
/// person, and his step counts as taken by both. No role is lent: he holds it himself.
#[utoipa::path(
    operation_id = "delegateReview", tag = "set-up",
    params(("agency_id" = String, Path, description = "The agency"), RetryHeader),
    request_body = DelegationRequest,
    responses(
        (status = 201, description = "The delegation", body = DelegationView),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/agencies/{agency_id}/delegations")]
pub async fn create(call: Call, body: Body<DelegationRequest>) -> Result<HttpResponse, Failure> {
    let agency: AgencyId = call.path("agency_id")?;
    let retry = call.retry(&body.bytes)?;
    let new = NewDelegation {
        from: body.value.from_person_id,
        to: required(body.value.to_person_id, "/to_person_id")?,
        starts_on: required(body.value.starts_on, "/starts_on")?.0,
        ends_on: required(body.value.ends_on, "/ends_on")?.0,
    };
    Ok(respond(call.app.delegate(call.actor(), agency, new, retry, made).await?))
}

/// End a delegation of review before its last day.
#[utoipa::path(
    operation_id = "endDelegation", tag = "set-up",
    params(
        ("agency_id" = String, Path, description = "The agency"),
        ("delegation_id" = String, Path, description = "The delegation")
    ),
    responses(
        (status = 204, description = "It has ended"),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[delete("/agencies/{agency_id}/delegations/{delegation_id}")]
pub async fn end(call: Call) -> Result<HttpResponse, Failure> {
    let agency: AgencyId = call.path("agency_id")?;
    let delegation: DelegationId = call.path("delegation_id")?;
    call.app.end_delegation(call.actor(), agency, delegation).await?;
    Ok(HttpResponse::NoContent().finish())
}
