//! `/cases/{id}/holds` (暂缓处置) and `/cases/{id}/appraisals` (鉴定、销毁、删除).

use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::body::{Body, CivilDate, not_blank};
use super::call::{Call, CommandHeaders, required};
use super::case_dto::CaseView;
use super::problem::{Failure, Problem};
use crate::app::error::FieldError;
use crate::app::execute::{DisposalOrder, Order};
use crate::domain::archive::Retention;
use crate::domain::case::event::{ErasureGround, Proposal};

/// A hold is placed or lifted.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// Why; kept when the case's other words are erased, so no personal data in it.
    #[validate(required, length(min = 1, max = 1000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 1000,
        example = "行政诉讼未审结"
    )]
    reason: Option<String>,
}

/// Place a hold (暂缓处置).
///
/// Nothing is disposed of, and nothing erased because its period has ended, until the hold is lifted.
#[utoipa::path(
    operation_id = "placeHold", tag = "archive",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = HoldRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/holds")]
pub async fn hold(call: Call, body: Body<HoldRequest>) -> Result<HttpResponse, Failure> {
    let order = DisposalOrder::PlaceHold { reason: required(body.value.reason.clone(), "/reason")? };
    call.execute(Order::Disposal(order), body.value.on, &body).await
}

/// Lift a hold (解除暂缓处置).
#[utoipa::path(
    operation_id = "liftHold", tag = "archive",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which hold"), CommandHeaders),
    request_body = HoldRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/holds/{n}/lift")]
pub async fn lift(call: Call, body: Body<HoldRequest>) -> Result<HttpResponse, Failure> {
    let reason = required(body.value.reason.clone(), "/reason")?;
    let order = DisposalOrder::LiftHold { n: call.n()?, reason };
    call.execute(Order::Disposal(order), body.value.on, &body).await
}

/// What an appraisal proposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Proposed {
    /// 销毁.
    Dispose,
    /// 重新划定保管期限.
    Retain,
    /// 删除个人信息.
    Erase,
}

/// An appraisal (鉴定意见).
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppraisalRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// What becomes of the file.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false)]
    proposal: Option<Proposed>,
    /// With `retain`: for how long instead; longer than now.
    #[serde(default, deserialize_with = "super::object::word")]
    retention: Option<Retention>,
    /// With `erase`: on what ground.
    #[serde(default, deserialize_with = "super::object::word")]
    ground: Option<ErasureGround>,
    /// Why; kept when the case's other words are erased, so no personal data in it.
    #[validate(required, length(min = 1, max = 1000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 1000,
        example = "保管期满，无继续保存价值"
    )]
    reason: Option<String>,
}

impl AppraisalRequest {
    /// The proposal, with what belongs to it and nothing else.
    fn proposal(&self) -> Result<Proposal, Failure> {
        let only = |pointer: &str, with: &str| {
            Failure::fields(vec![FieldError::new(
                pointer,
                "not_applicable",
                format!("仅在 proposal 为 {with} 时填写。"),
                format!("Only with the proposal {with}."),
            )])
        };
        match (required(self.proposal, "/proposal")?, self.retention, self.ground) {
            (Proposed::Dispose | Proposed::Erase, Some(_), _) => Err(only("/retention", "retain")),
            (Proposed::Dispose | Proposed::Retain, _, Some(_)) => Err(only("/ground", "erase")),
            (Proposed::Dispose, None, None) => Ok(Proposal::Dispose),
            (Proposed::Retain, retention, None) => {
                Ok(Proposal::Retain { retention: required(retention, "/retention")? })
            }
            (Proposed::Erase, None, ground) => Ok(Proposal::Erase { ground: required(ground, "/ground")? }),
        }
    }
}

/// Propose what becomes of a file (提出鉴定意见).
///
/// `dispose` once the period has ended: words and the applicant's record are erased, the record of what happened stays and
/// can still be verified. `retain`: a longer period. `erase`: personal data go and the file stays; before the period's end, or
/// under a hold, on the law's own grounds only (个人信息保护法 第47条).
#[utoipa::path(
    operation_id = "proposeAppraisal", tag = "archive",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = AppraisalRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/appraisals")]
pub async fn propose(call: Call, body: Body<AppraisalRequest>) -> Result<HttpResponse, Failure> {
    let order = DisposalOrder::ProposeAppraisal {
        proposal: body.value.proposal()?,
        reason: required(body.value.reason.clone(), "/reason")?,
    };
    call.execute(Order::Disposal(order), body.value.on, &body).await
}

/// A decision upon an appraisal.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppraisalDecisionRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// Whether it is approved.
    #[validate(required)]
    #[schema(required = true, nullable = false, example = true)]
    approve: Option<bool>,
    /// The opinion; kept when the case's other words are erased, so no personal data in it.
    #[validate(length(min = 1, max = 1000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 1000)]
    opinion: Option<String>,
}

/// Decide upon an appraisal (审批鉴定意见).
///
/// Not by whoever proposed it. What is approved is done at once, and what is erased cannot be brought back.
#[utoipa::path(
    operation_id = "decideAppraisal", tag = "archive",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which appraisal"), CommandHeaders),
    request_body = AppraisalDecisionRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/appraisals/{n}/decision")]
pub async fn decide(call: Call, body: Body<AppraisalDecisionRequest>) -> Result<HttpResponse, Failure> {
    let order = DisposalOrder::DecideAppraisal {
        n: call.n()?,
        approve: required(body.value.approve, "/approve")?,
        opinion: body.value.opinion.clone(),
    };
    call.execute(Order::Disposal(order), body.value.on, &body).await
}
