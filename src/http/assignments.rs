//! `/cases/{id}/assignments` with acknowledgement and return.

use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::body::{Body, CivilDate, not_blank};
use super::call::{Call, CommandHeaders, required};
use super::case_dto::CaseView;
use super::problem::{Failure, Problem};
use crate::app::execute::Order;
use crate::domain::case::event::AssignmentKind;
use crate::domain::ids::{AccountId, DepartmentId};

/// A department's task (分办、转办、协办).
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignmentRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// `lead` (the default; reassigns when there is a lead already) or `co_handling`.
    #[serde(default, deserialize_with = "super::object::word")]
    kind: Option<AssignmentKind>,
    /// To which department.
    #[validate(required)]
    #[schema(value_type = String, format = "uuid", required = true, nullable = false)]
    department_id: Option<DepartmentId>,
    /// To which account there.
    #[schema(value_type = Option<String>, format = "uuid")]
    assignee_id: Option<AccountId>,
    /// A word to the department.
    #[validate(length(min = 1, max = 1000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 1000)]
    note: Option<String>,
}

/// Hand a case to a department (分办).
#[utoipa::path(
    operation_id = "assignCase", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = AssignmentRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/assignments")]
pub async fn assign(call: Call, body: Body<AssignmentRequest>) -> Result<HttpResponse, Failure> {
    let order = Order::Assign {
        kind: body.value.kind.unwrap_or(AssignmentKind::Lead),
        department: required(body.value.department_id, "/department_id")?,
        assignee: body.value.assignee_id,
        note: body.value.note.clone(),
    };
    call.execute(order, body.value.on, &body).await
}

/// An acknowledgement (签收).
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgementRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
}

/// Acknowledge an assignment (签收).
#[utoipa::path(
    operation_id = "acknowledgeAssignment", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which assignment"), CommandHeaders),
    request_body = AcknowledgementRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/assignments/{n}/acknowledgement")]
pub async fn acknowledge(call: Call, body: Body<AcknowledgementRequest>) -> Result<HttpResponse, Failure> {
    let order = Order::Acknowledge { n: call.n()? };
    call.execute(order, body.value.on, &body).await
}

/// A return (退回).
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// Why it is not this department's.
    #[validate(required, length(min = 1, max = 1000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 1000,
        example = "该信息由财政局制作"
    )]
    reason: Option<String>,
}

/// Return an assignment with a reason (退回).
#[utoipa::path(
    operation_id = "returnAssignment", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which assignment"), CommandHeaders),
    request_body = ReturnRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/assignments/{n}/return")]
pub async fn hand_back(call: Call, body: Body<ReturnRequest>) -> Result<HttpResponse, Failure> {
    let order = Order::Return { n: call.n()?, reason: required(body.value.reason.clone(), "/reason")? };
    call.execute(order, body.value.on, &body).await
}
