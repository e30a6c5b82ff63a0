//! `/cases/{id}/extensions`: more time (延期, Art. 33(2)), proposed by a handler, decided by an approver, told by the desk.

use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::body::{Body, CivilDate, count, not_blank};
use super::call::{Call, CommandHeaders, required};
use super::case_dto::CaseView;
use super::problem::{Failure, Problem};
use crate::app::error::FieldError;
use crate::app::execute::{ClockOrder, Order};

/// A proposal of more time.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtensionRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// By how many working days.
    #[serde(default, deserialize_with = "count")]
    #[validate(required, range(min = 1, max = 20))]
    #[schema(required = true, nullable = false, minimum = 1, maximum = 20, example = 20)]
    working_days: Option<u16>,
    /// Why.
    #[validate(required, length(min = 1, max = 1000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 1000,
        example = "需向多个部门查询核实"
    )]
    reason: Option<String>,
}

/// Propose an extension (提出延期).
///
/// It takes effect when it is approved and the notice of it dispatched, all on or before the due date (Art. 33(2)).
#[utoipa::path(
    operation_id = "proposeExtension", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = ExtensionRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/extensions")]
pub async fn propose(call: Call, body: Body<ExtensionRequest>) -> Result<HttpResponse, Failure> {
    let order = ClockOrder::ProposeExtension {
        working_days: required(body.value.working_days, "/working_days")?,
        reason: required(body.value.reason.clone(), "/reason")?,
    };
    call.execute(Order::Clock(order), body.value.on, &body).await
}

/// A decision upon a proposal.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    pub(super) on: Option<CivilDate>,
    /// Whether it is approved.
    #[validate(required)]
    #[schema(required = true, nullable = false, example = true)]
    pub(super) approve: Option<bool>,
    /// The opinion.
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000)]
    pub(super) opinion: Option<String>,
    /// With an approval: the day on which the notice to the applicant was dispatched, when it is known already.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-27")]
    notified_on: Option<CivilDate>,
}

impl DecisionRequest {
    /// The day of the notice: nobody is told of what was not approved.
    pub(super) fn notified_on(&self) -> Result<Option<NaiveDate>, Failure> {
        match self.notified_on {
            Some(_) if self.approve == Some(false) => Err(Failure::fields(vec![FieldError::new(
                "/notified_on",
                "not_approved",
                "未批准的事项不告知申请人，不得填写告知日期。",
                "The applicant is told of what is approved only: leave the day of the notice out.",
            )])),
            Some(date) => Ok(Some(date.0)),
            None => Ok(None),
        }
    }
}

/// Decide upon an extension (批准延期).
///
/// Not by whoever proposed it.
#[utoipa::path(
    operation_id = "decideExtension", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which extension"), CommandHeaders),
    request_body = DecisionRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/extensions/{n}/decision")]
pub async fn decide(call: Call, body: Body<DecisionRequest>) -> Result<HttpResponse, Failure> {
    let order = ClockOrder::DecideExtension {
        n: call.n()?,
        approve: required(body.value.approve, "/approve")?,
        opinion: body.value.opinion.clone(),
        notified_on: body.value.notified_on()?,
    };
    call.execute(Order::Clock(order), body.value.on, &body).await
}

/// A notice was dispatched, or money received.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    pub(super) on: Option<CivilDate>,
    /// A mail number, a signature, a receipt.
    #[validate(length(min = 1, max = 500), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 500)]
    pub(super) evidence: Option<String>,
}

/// Record that the notice of an extension was dispatched (告知延期).
///
/// On or before the due date: the extension counts from now on.
#[utoipa::path(
    operation_id = "notifyExtension", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which extension"), CommandHeaders),
    request_body = NoticeRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/extensions/{n}/notice")]
pub async fn notify(call: Call, body: Body<NoticeRequest>) -> Result<HttpResponse, Failure> {
    let order = ClockOrder::NotifyExtension { n: call.n()?, evidence: body.value.evidence.clone() };
    call.execute(Order::Clock(order), body.value.on, &body).await
}
