//! `/cases/{id}/services` with proof.

use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::body::{Body, CivilDate, not_blank};
use super::call::{Call, CommandHeaders, required};
use super::case_dto::CaseView;
use super::problem::{Failure, Problem};
use crate::app::execute::Order;
use crate::domain::case::event::ServiceMethod;

/// A dispatch of the reply, with its two dates.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceRequest {
    /// How.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "post")]
    method: Option<ServiceMethod>,
    /// The day it was handed to the post, a messenger or a system; today when absent.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-30")]
    dispatched_on: Option<CivilDate>,
    /// The day it reached the applicant, when it is known already.
    #[schema(value_type = Option<String>, format = Date, example = "2026-04-02")]
    served_on: Option<CivilDate>,
    /// A mail number, a signature, a log entry.
    #[validate(length(min = 1, max = 500), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 500)]
    evidence: Option<String>,
}

/// Record that the reply was dispatched, and served (送达).
#[utoipa::path(
    operation_id = "recordService", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = ServiceRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/services")]
pub async fn dispatch(call: Call, body: Body<ServiceRequest>) -> Result<HttpResponse, Failure> {
    let order = Order::Dispatch {
        method: required(body.value.method, "/method")?,
        evidence: body.value.evidence.clone(),
        served_on: body.value.served_on.map(|date| date.0),
    };
    call.execute(order, body.value.dispatched_on, &body).await
}

/// Proof of service.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProofRequest {
    /// The day it reached its addressee; today when absent.
    #[schema(value_type = Option<String>, format = Date, example = "2026-04-02")]
    pub(super) served_on: Option<CivilDate>,
    /// What shows it: a postal slip, a return receipt.
    #[validate(length(min = 1, max = 500), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 500)]
    pub(super) evidence: Option<String>,
}

/// Record the day on which the reply reached the applicant.
#[utoipa::path(
    operation_id = "proveService", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which dispatch"), CommandHeaders),
    request_body = ProofRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/services/{n}/proof")]
pub async fn prove(call: Call, body: Body<ProofRequest>) -> Result<HttpResponse, Failure> {
    let order = Order::Serve { n: call.n()?, evidence: body.value.evidence.clone() };
    call.execute(order, body.value.served_on, &body).await
}
