//! `/cases/{id}/fees`: the information-processing fee (信息处理费, Art. 42), proposed, decided, told, paid.

use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::body::{Body, CivilDate, count, not_blank};
use super::call::{Call, CommandHeaders, required};
use super::case_dto::CaseView;
use super::corrections::LapseRequest;
use super::extensions::{DecisionRequest, NoticeRequest};
use super::fees::FeeModeName;
use super::problem::{Failure, Problem};
use super::services::ProofRequest;
use crate::app::error::FieldError;
use crate::app::execute::{ClockOrder, Order};
use crate::domain::case::event::FeeBasis;

/// A proposal of a fee: `per_page` with `pages`, or `per_piece` with `already_this_month` and `pieces`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseFeeRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// By what it is counted.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "per_page")]
    mode: Option<FeeModeName>,
    /// With `per_page`: the pages of this application.
    #[serde(default, deserialize_with = "count")]
    #[validate(range(min = 1, max = 1_000_000))]
    #[schema(minimum = 1, maximum = 1_000_000, example = 150)]
    pages: Option<u32>,
    /// With `per_piece`: this applicant's applications of the calendar month before this one.
    #[serde(default, deserialize_with = "count")]
    #[validate(range(min = 0, max = 10_000))]
    #[schema(minimum = 0, maximum = 10_000, example = 10)]
    already_this_month: Option<u32>,
    /// With `per_piece`: as how many this one counts.
    #[serde(default, deserialize_with = "count")]
    #[validate(range(min = 1, max = 10_000))]
    #[schema(minimum = 1, maximum = 10_000, example = 1)]
    pieces: Option<u32>,
}

impl CaseFeeRequest {
    fn basis(&self) -> Result<FeeBasis, Failure> {
        let Self { pages, already_this_month, pieces, .. } = self;
        let all = [("/pages", *pages), ("/already_this_month", *already_this_month), ("/pieces", *pieces)];
        let (wanted, basis): (&[&str], _) = match required(self.mode, "/mode")? {
            FeeModeName::PerPage => (&["/pages"], pages.map(|pages| FeeBasis::PerPage { pages })),
            FeeModeName::PerPiece => (
                &["/already_this_month", "/pieces"],
                already_this_month
                    .zip(*pieces)
                    .map(|(already_this_month, pieces)| FeeBasis::PerPiece { already_this_month, pieces }),
            ),
        };
        let wrong = all.into_iter().filter(|(pointer, given)| wanted.contains(pointer) != given.is_some());
        let wrong: Vec<FieldError> = wrong
            .map(|(pointer, given)| {
                if given.is_none() {
                    return FieldError::new(pointer, "required", "必须填写。", "This field is required.");
                }
                let (zh, en) = ("这种收费方式没有这一项。", "The mode chosen has no such field.");
                FieldError::new(pointer, "other_mode", zh, en)
            })
            .collect();
        basis.filter(|_| wrong.is_empty()).ok_or_else(|| Failure::fields(wrong))
    }
}

/// Propose a fee (提出收费).
///
/// The amount follows from the tiers of the statute; what is free is refused (Art. 42).
#[utoipa::path(
    operation_id = "proposeFee", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = CaseFeeRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/fees")]
pub async fn propose(call: Call, body: Body<CaseFeeRequest>) -> Result<HttpResponse, Failure> {
    let order = ClockOrder::ProposeFee { basis: body.value.basis()? };
    call.execute(Order::Clock(order), body.value.on, &body).await
}

/// Decide upon a fee (批准收费).
///
/// Not by whoever proposed it.
#[utoipa::path(
    operation_id = "decideFee", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which fee"), CommandHeaders),
    request_body = DecisionRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/fees/{n}/decision")]
pub async fn decide(call: Call, body: Body<DecisionRequest>) -> Result<HttpResponse, Failure> {
    let order = ClockOrder::DecideFee {
        n: call.n()?,
        approve: required(body.value.approve, "/approve")?,
        opinion: body.value.opinion.clone(),
        notified_on: body.value.notified_on()?,
    };
    call.execute(Order::Clock(order), body.value.on, &body).await
}

/// The fee notice was dispatched (收费通知书).
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeNoticeRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// The day it reached the applicant, when it is known already.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-05")]
    served_on: Option<CivilDate>,
    /// A mail number, a signature, a log entry.
    #[validate(length(min = 1, max = 500), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 500)]
    evidence: Option<String>,
}

/// Record that the fee notice was dispatched (发出收费通知).
///
/// Within the processing period (fee measure, Art. 6).
#[utoipa::path(
    operation_id = "notifyFee", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which fee"), CommandHeaders),
    request_body = FeeNoticeRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/fees/{n}/notice")]
pub async fn notify(call: Call, body: Body<FeeNoticeRequest>) -> Result<HttpResponse, Failure> {
    let order = ClockOrder::NotifyFee {
        n: call.n()?,
        served_on: body.value.served_on.map(|date| date.0),
        evidence: body.value.evidence.clone(),
    };
    call.execute(Order::Clock(order), body.value.on, &body).await
}

/// Record the day on which the fee notice reached the applicant.
#[utoipa::path(
    operation_id = "serveFee", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which fee"), CommandHeaders),
    request_body = ProofRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/fees/{n}/service")]
pub async fn serve(call: Call, body: Body<ProofRequest>) -> Result<HttpResponse, Failure> {
    let order = ClockOrder::ServeFee { n: call.n()?, evidence: body.value.evidence.clone() };
    call.execute(Order::Clock(order), body.value.served_on, &body).await
}

/// Record that the fee was paid in full (缴费).
///
/// A new period begins (fee measure, Art. 6).
#[utoipa::path(
    operation_id = "recordPayment", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which fee"), CommandHeaders),
    request_body = NoticeRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/fees/{n}/payment")]
pub async fn pay(call: Call, body: Body<NoticeRequest>) -> Result<HttpResponse, Failure> {
    let order = ClockOrder::RecordPayment { n: call.n()?, evidence: body.value.evidence.clone() };
    call.execute(Order::Clock(order), body.value.on, &body).await
}

/// Record that the fee was not paid in time (逾期不缴费).
///
/// The request is no longer handled (fee measure, Art. 6): the case ends.
#[utoipa::path(
    operation_id = "lapseFee", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which fee"), CommandHeaders),
    request_body = LapseRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/fees/{n}/lapse")]
pub async fn lapse(call: Call, body: Body<LapseRequest>) -> Result<HttpResponse, Failure> {
    let order = ClockOrder::LapseFee { n: call.n()?, note: body.value.note.clone() };
    call.execute(Order::Clock(order), body.value.on, &body).await
}
