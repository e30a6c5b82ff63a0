//! `/cases/{id}/remedies`: 复议、诉讼、投诉举报 against a reply: their papers, our answers, their results.

use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::body::{Body, CivilDate, not_blank};
use super::call::{Call, CommandHeaders, required};
use super::case_dto::CaseView;
use super::extensions::NoticeRequest;
use super::problem::{Failure, Problem};
use crate::app::error::FieldError;
use crate::app::execute::{Order, RemedyOrder};
use crate::domain::case::event::{Follows, RemedyPart};
use crate::domain::remedy::{Procedure, RemedyKind, RemedyResult};

/// The papers of a remedy.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemedyRequest {
    /// The day on which they reached the agency, from which the period of our answer counts; today when absent.
    #[schema(value_type = Option<String>, format = Date, example = "2026-04-13")]
    received_on: Option<CivilDate>,
    /// What was brought.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "reconsideration")]
    kind: Option<RemedyKind>,
    /// How it is examined; the ordinary procedure when absent.
    #[serde(default, deserialize_with = "super::object::word")]
    procedure: Option<Procedure>,
    /// The day on which the applicant brought it.
    #[schema(value_type = Option<String>, format = Date, example = "2026-04-07")]
    filed_on: Option<CivilDate>,
    /// The court or organ that examines it.
    #[validate(required, length(min = 1, max = 200), custom(function = not_blank))]
    #[schema(required = true, nullable = false, min_length = 1, max_length = 200, example = "某市人民政府")]
    organ: Option<String>,
    /// Its number there.
    #[validate(length(min = 1, max = 200), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 200, example = "〔2026〕某行复第12号")]
    reference: Option<String>,
}

/// Record a remedy against a reply, or against silence (登记复议、诉讼或者投诉).
///
/// The case stays where it stands, also in the archive. Our answer is owed from now on, by the period of the kind and procedure.
#[utoipa::path(
    operation_id = "fileRemedy", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = RemedyRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/remedies")]
pub async fn file(call: Call, body: Body<RemedyRequest>) -> Result<HttpResponse, Failure> {
    let order = RemedyOrder::File {
        kind: required(body.value.kind, "/kind")?,
        procedure: body.value.procedure.unwrap_or_default(),
        filed_on: body.value.filed_on.map(|date| date.0),
        organ: required(body.value.organ.clone(), "/organ")?,
        reference: body.value.reference.clone(),
    };
    call.execute(Order::Remedy(order), body.value.received_on, &body).await
}

/// Record that our answer to a remedy was handed in (提交复议答复、答辩状).
#[utoipa::path(
    operation_id = "answerRemedy", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which remedy"), CommandHeaders),
    request_body = NoticeRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/remedies/{n}/answer")]
pub async fn answer(call: Call, body: Body<NoticeRequest>) -> Result<HttpResponse, Failure> {
    let order = RemedyOrder::Answer { n: call.n()?, evidence: body.value.evidence.clone() };
    call.execute(Order::Remedy(order), body.value.on, &body).await
}

/// How a remedy ended. Until then it is pending, which nobody records.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemedyResultRequest {
    /// The day on which the decision reached the agency; today when absent. A new period counts from it.
    #[schema(value_type = Option<String>, format = Date, example = "2026-06-05")]
    served_on: Option<CivilDate>,
    /// The result.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "corrected")]
    result: Option<RemedyResult>,
    /// The day of the decision: the annual report counts the result in its year.
    #[validate(required)]
    #[schema(value_type = String, required = true, nullable = false, format = Date, example = "2026-06-01")]
    decided_on: Option<CivilDate>,
    /// The decision's number.
    #[validate(length(min = 1, max = 200), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 200, example = "〔2026〕某行复决字第12号")]
    decision_number: Option<String>,
    /// Whether it orders the agency to answer anew; it does not when absent.
    #[serde(default)]
    answer_anew: Option<bool>,
    /// The last day of the new answer, where the decision names it; the law's own period of a reply otherwise.
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<CivilDate>,
}

impl RemedyResultRequest {
    fn follows(&self) -> Result<Follows, Failure> {
        match (self.answer_anew, self.until) {
            (Some(true), until) => Ok(Follows::AnswerAnew { until: until.map(|date| date.0) }),
            (Some(false) | None, None) => Ok(Follows::Nothing),
            (Some(false) | None, Some(_)) => Err(Failure::fields(vec![FieldError::new(
                "/until",
                "not_ordered",
                "没有责令重新答复的，不得填写重新答复的期限。",
                "Without an order to answer anew there is no last day of it: leave it out, or set answer_anew.",
            )])),
        }
    }
}

/// Record the result of a remedy (登记结果).
///
/// With an order to answer anew the case goes back to the department, in a round with a clock, drafts, reviews and services of its
/// own; the earlier reply is kept, and is what the annual report counts.
#[utoipa::path(
    operation_id = "concludeRemedy", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which remedy"), CommandHeaders),
    request_body = RemedyResultRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/remedies/{n}/result")]
pub async fn conclude(call: Call, body: Body<RemedyResultRequest>) -> Result<HttpResponse, Failure> {
    let order = RemedyOrder::Conclude {
        n: call.n()?,
        result: required(body.value.result, "/result")?,
        decided_on: required(body.value.decided_on, "/decided_on")?.0,
        number: body.value.decision_number.clone(),
        follows: body.value.follows()?,
    };
    call.execute(Order::Remedy(order), body.value.served_on, &body).await
}

/// A mistaken entry.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemedyVoidRequest {
    /// The civil date on which it was noticed; today when absent.
    #[schema(value_type = Option<String>, format = Date, example = "2026-06-08")]
    on: Option<CivilDate>,
    /// What was entered by mistake.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "result")]
    part: Option<RemedyPart>,
    /// Why it is one.
    #[validate(required, length(min = 1, max = 1000), custom(function = not_blank))]
    #[schema(required = true, nullable = false, min_length = 1, max_length = 1000, example = "结果录入有误")]
    reason: Option<String>,
}

/// Void an entry about a remedy that was a mistake (撤销误登).
///
/// By an approver who did not enter it. It does not count from now on, and stays in the record. A result upon which the case is
/// being answered anew can be voided until something was drafted.
#[utoipa::path(
    operation_id = "voidRemedy", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which remedy"), CommandHeaders),
    request_body = RemedyVoidRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/remedies/{n}/void")]
pub async fn void(call: Call, body: Body<RemedyVoidRequest>) -> Result<HttpResponse, Failure> {
    let order = RemedyOrder::Void {
        n: call.n()?,
        part: required(body.value.part, "/part")?,
        reason: required(body.value.reason.clone(), "/reason")?,
    };
    call.execute(Order::Remedy(order), body.value.on, &body).await
}
