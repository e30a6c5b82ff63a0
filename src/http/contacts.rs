//! `/cases/{id}/contacts` (沟通联系) and `/cases/{id}/rating` (好差评).

use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::body::{Body, CivilDate, count, not_blank};
use super::call::{Call, CommandHeaders, required};
use super::case_dto::CaseView;
use super::problem::{Failure, Problem};
use crate::app::execute::{ContactOrder, Order};
use crate::domain::case::event::{ContactMeans, ContactWith, RatingChannel, Score};

/// A talk with somebody.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactRequest {
    /// The civil date of the talk; today when absent. Not before the request arrived; the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// By what means.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "phone")]
    means: Option<ContactMeans>,
    /// With whom.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "applicant")]
    with: Option<ContactWith>,
    /// What was said; shown in the history, personal data masked.
    #[validate(required, length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 4000,
        example = "申请人说明所需为2025年度报告的正文，不含附表。"
    )]
    summary: Option<String>,
}

/// Log a talk (登记沟通联系).
///
/// With the applicant, a third party or somebody else, wherever the case stands. It moves nothing: what must be asked of the
/// applicant in writing is a correction (补正), what is asked of others a consultation (征求意见). A case takes 200 talks.
#[utoipa::path(
    operation_id = "logContact", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = ContactRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/contacts")]
pub async fn log(call: Call, body: Body<ContactRequest>) -> Result<HttpResponse, Failure> {
    let order = ContactOrder::Log {
        means: required(body.value.means, "/means")?,
        with: required(body.value.with, "/with")?,
        summary: required(body.value.summary.clone(), "/summary")?,
    };
    call.execute(Order::Contact(order), body.value.on, &body).await
}

/// The applicant's rating.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RatingRequest {
    /// The civil date on which it was given; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-18")]
    on: Option<CivilDate>,
    /// How satisfied: from 1, the worst, to 5.
    #[serde(default, deserialize_with = "count")]
    #[validate(required, range(min = 1, max = 5))]
    #[schema(required = true, nullable = false, minimum = 1, maximum = 5, example = 5)]
    score: Option<u8>,
    /// Where it was given, when known.
    #[serde(default, deserialize_with = "super::object::word")]
    channel: Option<RatingChannel>,
    /// The applicant's words; shown in the history, personal data masked.
    #[validate(length(min = 1, max = 2000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 2000)]
    comment: Option<String>,
}

/// Record the applicant's rating (登记申请人评价).
///
/// Once, when the reply has reached him or the request was withdrawn or is no longer handled.
#[utoipa::path(
    operation_id = "recordRating", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = RatingRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/rating")]
pub async fn rate(call: Call, body: Body<RatingRequest>) -> Result<HttpResponse, Failure> {
    let order = ContactOrder::Rate {
        score: required(body.value.score.and_then(Score::new), "/score")?,
        channel: body.value.channel,
        comment: body.value.comment.clone(),
    };
    call.execute(Order::Contact(order), body.value.on, &body).await
}
