//! `/cases/{id}/reasons`: why somebody asks for so much (说明理由), and the delayed reply (延迟答复, Art. 35).

use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::body::{Body, CivilDate, not_blank};
use super::call::{Call, CommandHeaders, required};
use super::case_dto::CaseView;
use super::problem::{Failure, Problem};
use crate::app::execute::{ClockOrder, Order};

/// A request for reasons, or the reasons given.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonsRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// What the applicant is asked, or what he answers.
    #[validate(required, length(min = 1, max = 8000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 8000,
        example = "您本月已提出40件申请，请说明理由"
    )]
    text: Option<String>,
}

/// Ask the applicant for reasons (要求说明理由).
///
/// For a number or frequency clearly beyond reason (Art. 35). It does not stop the clock.
#[utoipa::path(
    operation_id = "requestReasons", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = ReasonsRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/reasons")]
pub async fn request(call: Call, body: Body<ReasonsRequest>) -> Result<HttpResponse, Failure> {
    let order = ClockOrder::RequestReasons { text: required(body.value.text.clone(), "/text")? };
    call.execute(Order::Clock(order), body.value.on, &body).await
}

/// Record the reasons that the applicant gave.
#[utoipa::path(
    operation_id = "recordReasons", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which request for reasons"), CommandHeaders),
    request_body = ReasonsRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/reasons/{n}/answer")]
pub async fn record(call: Call, body: Body<ReasonsRequest>) -> Result<HttpResponse, Failure> {
    let text = required(body.value.text.clone(), "/text")?;
    let order = ClockOrder::RecordReasons { n: call.n()?, text };
    call.execute(Order::Clock(order), body.value.on, &body).await
}

/// A reasonable period for a delayed reply (延迟答复).
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DelayRequest {
    /// The day on which the applicant was told; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// Its last day: a working day after the due date.
    #[validate(required)]
    #[schema(value_type = String, format = Date, required = true, nullable = false, example = "2026-05-29")]
    until: Option<CivilDate>,
    /// What the applicant is told.
    #[validate(required, length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 4000,
        example = "经研究，将于2026年5月29日前答复"
    )]
    text: Option<String>,
}

/// Fix and tell a reasonable period for a delayed reply (延迟答复).
///
/// After the reasons were given, and on or before the due date (Art. 35).
#[utoipa::path(
    operation_id = "setDelayedReply", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which request for reasons"), CommandHeaders),
    request_body = DelayRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/reasons/{n}/delay")]
pub async fn delay(call: Call, body: Body<DelayRequest>) -> Result<HttpResponse, Failure> {
    let order = ClockOrder::SetDelayedReply {
        n: call.n()?,
        until: required(body.value.until, "/until")?.0,
        text: required(body.value.text.clone(), "/text")?,
    };
    call.execute(Order::Clock(order), body.value.on, &body).await
}
