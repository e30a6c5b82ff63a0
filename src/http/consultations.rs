//! `/cases/{id}/consultations`: third parties, joint makers and other organs are asked (征求意见).

use actix_web::{HttpResponse, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::body::{Body, CivilDate, not_blank};
use super::call::{Call, CommandHeaders, required};
use super::case_dto::CaseView;
use super::problem::{Failure, Problem};
use super::services::ProofRequest;
use crate::app::execute::{ClockOrder, Order};
use crate::domain::case::event::Position;
use crate::domain::time_limit::ConsultationKind;

/// A letter that asks for an opinion (征求意见书).
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsultationRequest {
    /// The day it was sent; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-10")]
    on: Option<CivilDate>,
    /// The day it was received, when it is known already.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-12")]
    served_on: Option<CivilDate>,
    /// Whom it asks: silence means something else for each.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "third_party")]
    kind: Option<ConsultationKind>,
    /// Name and address of whom it asks.
    #[validate(required, length(min = 1, max = 500), custom(function = not_blank))]
    #[schema(required = true, nullable = false, min_length = 1, max_length = 500, example = "某某有限公司")]
    party: Option<String>,
    /// What is asked.
    #[validate(required, length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 4000,
        example = "是否同意公开贵公司与我局签订的合同"
    )]
    question: Option<String>,
}

/// Ask a third party, a joint maker or another organ (征求意见).
///
/// The time that this takes is excluded from the period (Art. 33(3)), up to the limit of the answer.
#[utoipa::path(
    operation_id = "consult", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = ConsultationRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/consultations")]
pub async fn consult(call: Call, body: Body<ConsultationRequest>) -> Result<HttpResponse, Failure> {
    let order = ClockOrder::Consult {
        kind: required(body.value.kind, "/kind")?,
        served_on: body.value.served_on.map(|date| date.0),
        party: required(body.value.party.clone(), "/party")?,
        question: required(body.value.question.clone(), "/question")?,
    };
    call.execute(Order::Clock(order), body.value.on, &body).await
}

/// Record the day on which the letter was received.
#[utoipa::path(
    operation_id = "serveConsultation", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which consultation"), CommandHeaders),
    request_body = ProofRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/consultations/{n}/service")]
pub async fn serve(call: Call, body: Body<ProofRequest>) -> Result<HttpResponse, Failure> {
    let order = ClockOrder::ServeConsultation { n: call.n()?, evidence: body.value.evidence.clone() };
    call.execute(Order::Clock(order), body.value.served_on, &body).await
}

/// What an answer says of the disclosure.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stated {
    /// 同意公开.
    Consents,
    /// 不同意公开.
    Objects,
    /// 部分同意.
    Partly,
}

impl Stated {
    fn position(self) -> Position {
        match self {
            Self::Consents => Position::Consents,
            Self::Objects => Position::Objects,
            Self::Partly => Position::Partly,
        }
    }
}

/// The answer to a consultation.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerRequest {
    /// The day it arrived; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-20")]
    on: Option<CivilDate>,
    /// What it says of the disclosure; a third party and a joint maker must say.
    #[serde(default, deserialize_with = "super::object::word")]
    #[schema(example = "objects")]
    position: Option<Stated>,
    /// Its words.
    #[validate(length(min = 1, max = 8000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 8000)]
    text: Option<String>,
}

/// Record the answer to a consultation.
#[utoipa::path(
    operation_id = "recordAnswer", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which consultation"), CommandHeaders),
    request_body = AnswerRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/consultations/{n}/answer")]
pub async fn answer(call: Call, body: Body<AnswerRequest>) -> Result<HttpResponse, Failure> {
    let order = ClockOrder::RecordAnswer {
        n: call.n()?,
        position: body.value.position.map(Stated::position),
        text: body.value.text.clone(),
    };
    call.execute(Order::Clock(order), body.value.on, &body).await
}

/// No answer came within the limit.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SilenceRequest {
    /// The day on which it is recorded; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-04-07")]
    on: Option<CivilDate>,
}

/// Record that no answer came in time (逾期未提意见).
///
/// A silent third party leaves the decision to the agency (Art. 32); a silent joint maker is deemed to consent (Art. 34).
#[utoipa::path(
    operation_id = "lapseConsultation", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which consultation"), CommandHeaders),
    request_body = SilenceRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/consultations/{n}/lapse")]
pub async fn lapse(call: Call, body: Body<SilenceRequest>) -> Result<HttpResponse, Failure> {
    let order = ClockOrder::LapseConsultation { n: call.n()? };
    call.execute(Order::Clock(order), body.value.on, &body).await
}
