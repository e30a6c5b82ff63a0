//! `/cases/{id}/withdrawal`.

use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::body::{Body, CivilDate, not_blank};
use super::call::{Call, CommandHeaders};
use super::case_dto::CaseView;
use super::problem::{Failure, Problem};
use crate::app::execute::Order;

/// A withdrawal (撤回).
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawalRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// The applicant's words.
    #[validate(length(min = 1, max = 2000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 2000)]
    reason: Option<String>,
}

/// Record that the applicant took the request back (撤回).
#[utoipa::path(
    operation_id = "withdrawCase", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = WithdrawalRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/withdrawal")]
pub async fn withdraw(call: Call, body: Body<WithdrawalRequest>) -> Result<HttpResponse, Failure> {
    let order = Order::Withdraw { reason: body.value.reason.clone() };
    call.execute(order, body.value.on, &body).await
}
