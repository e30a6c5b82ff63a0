//! `/cases/{id}/confirmation` and `/cases/{id}/registration`.

use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::body::{Body, CivilDate, not_blank};
use super::call::{Call, CommandHeaders, required};
use super::case_dto::CaseView;
use super::document_dto::{DocumentInput, documents};
use super::problem::{Failure, Problem};
use crate::app::execute::Order;

/// Both sides confirmed (Art. 31).
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmationRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// How it was confirmed, and with whom.
    #[validate(required, length(min = 1, max = 500), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 500,
        example = "电话与申请人确认，10:20"
    )]
    evidence: Option<String>,
}

/// Confirm a request (双方确认).
///
/// For ordinary post and fax the day of confirmation is the date of receipt (Art. 31). For submissions online the day
/// of submission counts; the confirmation is kept as evidence.
#[utoipa::path(
    operation_id = "confirmCase", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = ConfirmationRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/confirmation")]
pub async fn confirm(call: Call, body: Body<ConfirmationRequest>) -> Result<HttpResponse, Failure> {
    let order = Order::Confirm { evidence: required(body.value.evidence.clone(), "/evidence")? };
    call.execute(order, body.value.on, &body).await
}

/// Registration (登记).
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegistrationRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// A summary without personal data: lists show it, search finds it (内容摘要).
    #[validate(required, length(min = 1, max = 200), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 200,
        example = "2025年度区级财政专项资金绩效评价报告"
    )]
    subject: Option<String>,
    /// The documents asked for, as far as the applicant named them.
    #[serde(default, deserialize_with = "super::object::objects")]
    #[validate(nested)]
    #[schema(max_items = 10)]
    documents: Option<Vec<DocumentInput>>,
}

/// Register a request (登记).
///
/// Gives the next number of the agency and year, without gaps.
#[utoipa::path(
    operation_id = "registerCase", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = RegistrationRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/registration")]
pub async fn register(call: Call, body: Body<RegistrationRequest>) -> Result<HttpResponse, Failure> {
    let Body { value, bytes } = body;
    let order = Order::Register {
        subject: required(value.subject, "/subject")?.trim().to_owned(),
        documents: documents(value.documents)?,
    };
    call.execute(order, value.on, &Body { value: (), bytes }).await
}
