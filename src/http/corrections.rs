//! `/cases/{id}/corrections`: the applicant is asked to correct the request (补正, Art. 30), and what comes of it.

use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::body::{Body, CivilDate, count, not_blank};
use super::call::{Call, CommandHeaders, required};
use super::case_dto::CaseView;
use super::problem::{Failure, Problem};
use super::services::ProofRequest;
use crate::app::execute::{ClockOrder, Order};
use crate::domain::time_limit::CorrectionGround;

/// A request for correction (补正告知书).
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionRequest {
    /// The day it was dispatched; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// The day it reached the applicant, when it is known already.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-05")]
    served_on: Option<CivilDate>,
    /// The applicant's period, in working days after service; the statute's usual one when absent.
    #[serde(default, deserialize_with = "count")]
    #[validate(range(min = 1, max = 60))]
    #[schema(minimum = 1, maximum = 60, example = 15)]
    working_days: Option<u16>,
    /// What is wrong.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "unclear_content")]
    ground: Option<CorrectionGround>,
    /// What must be corrected, told once and in full.
    #[validate(required, length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 4000,
        example = "请补充所需信息的名称、文号或者其他特征描述"
    )]
    items: Option<String>,
    /// Why it is asked late or again: makes it the exception, which an approver grants.
    #[validate(length(min = 1, max = 1000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 1000)]
    exception_reason: Option<String>,
}

/// Ask the applicant to correct the request (补正告知).
///
/// Once, in full, within seven working days after receipt: the desk's. Late or again: with `exception_reason`, an approver's
/// who did not ask for the first. The corrected request begins a new period (Art. 30).
#[utoipa::path(
    operation_id = "requestCorrection", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = CorrectionRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/corrections")]
pub async fn request(call: Call, body: Body<CorrectionRequest>) -> Result<HttpResponse, Failure> {
    let order = ClockOrder::RequestCorrection {
        working_days: body.value.working_days,
        ground: required(body.value.ground, "/ground")?,
        served_on: body.value.served_on.map(|date| date.0),
        items: required(body.value.items.clone(), "/items")?,
        exception: body.value.exception_reason.clone(),
    };
    call.execute(Order::Clock(order), body.value.on, &body).await
}

/// Record the day on which the request for correction reached the applicant.
#[utoipa::path(
    operation_id = "serveCorrection", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which correction"), CommandHeaders),
    request_body = ProofRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/corrections/{n}/service")]
pub async fn serve(call: Call, body: Body<ProofRequest>) -> Result<HttpResponse, Failure> {
    let order = ClockOrder::ServeCorrection { n: call.n()?, evidence: body.value.evidence.clone() };
    call.execute(Order::Clock(order), body.value.served_on, &body).await
}

/// A lapse: the applicant's period has run out.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LapseRequest {
    /// The day on which it is no longer handled; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    pub(super) on: Option<CivilDate>,
    /// A note for the file.
    #[validate(length(min = 1, max = 1000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 1000)]
    pub(super) note: Option<String>,
}

/// The corrected request (补正材料).
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectedRequest {
    /// The day it came; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// The applicant's own words as they are now, whole.
    #[validate(required, length(min = 1, max = 8000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 8000,
        example = "申请公开2025年度区级财政专项资金绩效评价报告"
    )]
    description: Option<String>,
}

/// Record the corrected request (补正).
///
/// Its words replace the earlier ones, and a new period begins (Art. 30).
#[utoipa::path(
    operation_id = "recordCorrection", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which correction"), CommandHeaders),
    request_body = CorrectedRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/corrections/{n}/response")]
pub async fn record(call: Call, body: Body<CorrectedRequest>) -> Result<HttpResponse, Failure> {
    let order = ClockOrder::RecordCorrection {
        n: call.n()?,
        description: required(body.value.description.clone(), "/description")?,
    };
    call.execute(Order::Clock(order), body.value.on, &body).await
}

/// Record that the applicant did not correct the request in time (逾期不补正).
///
/// The request is no longer handled (Art. 30): the case ends.
#[utoipa::path(
    operation_id = "lapseCorrection", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which correction"), CommandHeaders),
    request_body = LapseRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/corrections/{n}/lapse")]
pub async fn lapse(call: Call, body: Body<LapseRequest>) -> Result<HttpResponse, Failure> {
    let order = ClockOrder::LapseCorrection { n: call.n()?, note: body.value.note.clone() };
    call.execute(Order::Clock(order), body.value.on, &body).await
}
