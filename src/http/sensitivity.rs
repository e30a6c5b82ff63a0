//! `/cases/{id}/sensitivity/...` (敏感级别) and `/accounts/{id}/clearance` (可阅级别).

use actix_web::{HttpResponse, post, put};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::body::{Body, CivilDate, not_blank};
use super::call::{Call, CommandHeaders, required};
use super::case_dto::CaseView;
use super::problem::{Failure, Problem};
use crate::app::execute::{LabelOrder, Order};
use crate::domain::case::command::LabelKind;
use crate::domain::ids::AccountId;
use crate::domain::sensitivity::Sensitivity;

/// Another security label for a case.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SensitivityRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// The new label; none above the caller's own clearance.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false)]
    to: Option<Sensitivity>,
    /// Why; kept when the case's other words are erased, so no personal data in it.
    #[validate(required, length(min = 1, max = 1000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 1000,
        example = "所申请的报价单涉及投标人商业秘密"
    )]
    reason: Option<String>,
}

impl SensitivityRequest {
    fn order(&self, kind: LabelKind) -> Result<Order, Failure> {
        let (to, reason) = (required(self.to, "/to")?, required(self.reason.clone(), "/reason")?);
        Ok(Order::Label(LabelOrder { kind, to, reason }))
    }
}

/// Raise a case's security label (提高敏感级别).
///
/// To everybody who is not cleared for the new label the case no longer exists: no list, count, search or export shows it, and it answers
/// as one that was never there.
#[utoipa::path(
    operation_id = "raiseSensitivity", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = SensitivityRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/sensitivity/raise")]
pub async fn raise(call: Call, body: Body<SensitivityRequest>) -> Result<HttpResponse, Failure> {
    call.execute(body.value.order(LabelKind::Raise)?, body.value.on, &body).await
}

/// Lower a case's security label (降低敏感级别).
#[utoipa::path(
    operation_id = "lowerSensitivity", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = SensitivityRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/sensitivity/lower")]
pub async fn lower(call: Call, body: Body<SensitivityRequest>) -> Result<HttpResponse, Failure> {
    call.execute(body.value.order(LabelKind::Lower)?, body.value.on, &body).await
}

/// Up to which label somebody may read.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClearanceRequest {
    /// The highest label that he may read.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false)]
    clearance: Option<Sensitivity>,
}

/// Set up to which security label an account may read (可阅级别). Nobody sets his own. Recorded; it counts from the next request on.
#[utoipa::path(
    operation_id = "setClearance", tag = "set-up",
    params(("account_id" = String, Path, description = "The account")),
    request_body = ClearanceRequest,
    responses(
        (status = 204, description = "It holds from now on"),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[put("/accounts/{account_id}/clearance")]
pub async fn set_clearance(call: Call, body: Body<ClearanceRequest>) -> Result<HttpResponse, Failure> {
    let account: AccountId = call.path("account_id")?;
    let clearance = required(body.value.clearance, "/clearance")?;
    call.app.set_clearance(call.actor(), account, clearance).await?;
    Ok(HttpResponse::NoContent().finish())
}
