//! `/cases/{id}/relations`: handing on, splitting, merging, linking.

use actix_web::{HttpResponse, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::body::{Body, CivilDate, not_blank};
use super::call::{Call, CommandHeaders, required};
use super::case_dto::CaseView;
use super::problem::{Failure, Problem};
use crate::app::error::FieldError;
use crate::app::execute::{Order, RelationOrder};
use crate::domain::ids::CaseId;

/// More matters than this are not in one letter.
const MOST_PARTS: usize = 20;

/// What a case may be linked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// An earlier case of the same applicant, answered before this one came (Art. 36(6)).
    Repeat,
    /// An open case of the same applicant, to which this one adds.
    Supplement,
}

/// A link to another case of the agency.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// What this case has to do with the other.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "repeat")]
    kind: Option<LinkKind>,
    /// The other case.
    #[validate(required)]
    #[schema(value_type = String, format = "uuid", required = true, nullable = false)]
    case_id: Option<CaseId>,
    /// Why.
    #[validate(required, length(min = 1, max = 1000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 1000,
        example = "与此前申请内容相同"
    )]
    reason: Option<String>,
}

/// Link a case to an earlier or an open one (重复申请、补充申请).
///
/// A repeat is linked to the case that was answered before (Art. 36(6)); a supplement to one that is open. Both go on as they are,
/// each counts for itself.
#[utoipa::path(
    operation_id = "linkCase", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = LinkRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/relations")]
pub async fn link(call: Call, body: Body<LinkRequest>) -> Result<HttpResponse, Failure> {
    let other = required(body.value.case_id, "/case_id")?;
    let reason = required(body.value.reason.clone(), "/reason")?;
    let order = match required(body.value.kind, "/kind")? {
        LinkKind::Repeat => RelationOrder::Repeat { earlier: other, reason },
        LinkKind::Supplement => RelationOrder::Supplement { open: other, reason },
    };
    call.execute(Order::Relation(order), body.value.on, &body).await
}

/// A hand-on to another agency of the tree.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOnRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-20")]
    on: Option<CivilDate>,
    /// The code of the agency that holds the information.
    #[validate(required, length(min = 1, max = 32), custom(function = not_blank))]
    #[schema(required = true, nullable = false, min_length = 1, max_length = 32, example = "320803")]
    agency_code: Option<String>,
    /// Why; the other agency reads it too.
    #[validate(required, length(min = 1, max = 1000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 1000,
        example = "该信息由贵局制作并保存"
    )]
    reason: Option<String>,
}

/// Hand a case on to another agency of the tree (转办).
///
/// After the reply that names the other body (Art. 36(5)), which it does not replace. The agency gets a new case on the day of
/// the hand-on, with the channel, the applicant and his words; its clock is its own. Each side sees of the other an agency code and
/// a number.
#[utoipa::path(
    operation_id = "handOnCase", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = HandOnRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/relations/hand-on")]
pub async fn hand_on(call: Call, body: Body<HandOnRequest>) -> Result<HttpResponse, Failure> {
    let order = RelationOrder::HandOn {
        agency_code: required(body.value.agency_code.clone(), "/agency_code")?,
        reason: required(body.value.reason.clone(), "/reason")?,
    };
    call.execute(Order::Relation(order), body.value.on, &body).await
}

/// One matter of a request.
#[derive(Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartInput {
    /// What is asked, in the applicant's own words.
    #[validate(required, length(min = 1, max = 8000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 8000,
        example = "申请公开2024年度区级财政决算。"
    )]
    description: Option<String>,
}

/// A request is split.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// The matters that become cases of their own, 1 to 20. What remains of the request stays in this case.
    #[serde(default, deserialize_with = "super::object::objects")]
    #[validate(required, nested)]
    #[schema(required = true, nullable = false, min_items = 1, max_items = 20)]
    parts: Option<Vec<PartInput>>,
    /// What remains in this case, in the applicant's own words; they stay as they are when absent.
    #[validate(length(min = 1, max = 8000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 8000)]
    remaining_description: Option<String>,
    /// Why.
    #[validate(required, length(min = 1, max = 1000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 1000,
        example = "一件申请包含多项内容，按一事一申请拆分"
    )]
    reason: Option<String>,
}

/// Split a request of several matters (一事一申请).
///
/// Each part becomes a case of this agency with the applicant, the channel and the date of receipt of the whole, and is registered
/// for itself; each counts in the annual report. Possible while nothing but the receipt moves the clock.
#[utoipa::path(
    operation_id = "splitCase", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = SplitRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/relations/split")]
pub async fn split(call: Call, body: Body<SplitRequest>) -> Result<HttpResponse, Failure> {
    let parts = body.value.parts.iter().flatten();
    let parts: Vec<String> = parts.filter_map(|part| part.description.clone()).collect();
    if parts.is_empty() || parts.len() > MOST_PARTS {
        return Err(Failure::fields(vec![FieldError::new(
            "/parts",
            "length",
            format!("请填写 1–{MOST_PARTS} 项。"),
            format!("1 to {MOST_PARTS} parts are split off."),
        )]));
    }
    let order = RelationOrder::Split {
        parts,
        kept: body.value.remaining_description.clone(),
        reason: required(body.value.reason.clone(), "/reason")?,
    };
    call.execute(Order::Relation(order), body.value.on, &body).await
}

/// A merger.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// The case that goes on: open, of the same applicant, received no later.
    #[validate(required)]
    #[schema(value_type = String, format = "uuid", required = true, nullable = false)]
    into_case_id: Option<CaseId>,
    /// Why.
    #[validate(required, length(min = 1, max = 1000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 1000,
        example = "同一申请人就同一事项重复提交"
    )]
    reason: Option<String>,
}

/// Merge a case into an earlier one of the same applicant (并案).
///
/// This case is no longer handled and counts as 其他处理—其他: a repeat would need an earlier reply (Art. 36(6)). The other goes on
/// under its own clock, which ends no later.
#[utoipa::path(
    operation_id = "mergeCase", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = MergeRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/relations/merge")]
pub async fn merge(call: Call, body: Body<MergeRequest>) -> Result<HttpResponse, Failure> {
    let order = RelationOrder::Merge {
        into: required(body.value.into_case_id, "/into_case_id")?,
        reason: required(body.value.reason.clone(), "/reason")?,
    };
    call.execute(Order::Relation(order), body.value.on, &body).await
}
