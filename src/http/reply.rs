//! `/cases/{id}/reply`: draft, submission, reviews, issue.

use actix_web::{HttpResponse, post, put};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::body::{Body, CivilDate, not_blank};
use super::call::{Call, CommandHeaders, required};
use super::case_dto::CaseView;
use super::checklist::{ChecklistInput, checklist};
use super::problem::{Failure, Problem};
use super::reply_input::{FactsInput, OverrideInput, RemediesInput, Sent, WithheldInput, articles, basis};
use crate::app::error::FieldError;
use crate::app::execute::{Order, ReplyOrder};
use crate::domain::case::event::Digest;
use crate::domain::ids::PersonId;
use crate::domain::outcome::Outcome;
use crate::domain::reply::ReplyNumber;
use crate::domain::review::{Decision, Finding, Step};

/// A version of the reply (答复稿).
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// What is answered (Art. 36).
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "granted")]
    outcome: Option<Outcome>,
    /// The words of the reply.
    #[validate(required, length(min = 1, max = 20000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 20000,
        example = "经研究，现答复如下：您申请公开的信息予以公开，见附件。"
    )]
    text: Option<String>,
    /// The articles cited, to the item (Art. 36): `articles` and `also` of the outcome in the statute.
    #[validate(length(max = 20), custom(function = articles))]
    #[schema(nullable = false, max_items = 20, example = json!(["36(2)"]))]
    grounds: Option<Vec<String>>,
    /// The facts stated.
    #[serde(default, deserialize_with = "super::object::object")]
    #[validate(nested)]
    facts: Option<FactsInput>,
    /// Of a partial disclosure, each part withheld, with its ground (Art. 37).
    #[serde(default, deserialize_with = "super::object::objects")]
    #[validate(nested, length(max = 50))]
    #[schema(nullable = false, max_items = 50)]
    withheld: Option<Vec<WithheldInput>>,
    /// Third parties against whose objection something is disclosed (Art. 32).
    #[serde(default, deserialize_with = "super::object::objects")]
    #[validate(nested, length(max = 50))]
    #[schema(nullable = false, max_items = 50)]
    overrides: Option<Vec<OverrideInput>>,
    /// Where the applicant may turn.
    #[serde(default, deserialize_with = "super::object::object")]
    #[validate(nested)]
    remedies: Option<RemediesInput>,
}

/// Write the reply, or a new version of it (拟稿).
///
/// Whole: what is not said again is gone. What is not whole yet is kept, with what it lacks under `reply.lacking`; what is wrong
/// (a ground that does not bear the outcome, a withheld part where none is) is refused.
#[utoipa::path(
    operation_id = "draftReply", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = DraftRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[put("/cases/{case_id}/reply")]
pub async fn draft(call: Call, body: Body<DraftRequest>) -> Result<HttpResponse, Failure> {
    let sent = &body.value;
    let basis = basis(Sent {
        grounds: sent.grounds.clone(),
        facts: sent.facts.clone(),
        withheld: sent.withheld.clone(),
        overrides: sent.overrides.clone(),
        remedies: sent.remedies.clone(),
    })?;
    let order = Order::Draft {
        outcome: required(sent.outcome, "/outcome")?,
        text: required(sent.text.clone(), "/text")?,
        basis: Box::new(basis),
    };
    call.execute(order, sent.on, &body).await
}

/// A submission for review (送审).
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmissionRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
}

/// Send the newest draft through the review route (送审).
///
/// Freezes outcome, words, grounds, facts, withheld parts, remedies and the reply's attachments under one hash. A draft that lacks what the law asks of
/// its outcome is refused with everything that is missing, each with its place in the draft and its article.
#[utoipa::path(
    operation_id = "submitReply", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = SubmissionRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/reply/submission")]
pub async fn submit(call: Call, body: Body<SubmissionRequest>) -> Result<HttpResponse, Failure> {
    call.execute(Order::Submit { unscanned: Vec::new() }, body.value.on, &body).await
}

/// A decision of one review step.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// The kind of the step: of each kind one is due at most.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "legal")]
    step: Option<Step>,
    /// What is decided. A pass with a remark, a return and a referral say why in `opinion`; only a secrecy review refers, to the
    /// secrecy authority, and waits for its answer (Art. 17).
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "pass")]
    decision: Option<Decision>,
    /// The `content_hash` of the reply as it was read: decisions bind to the exact content.
    #[validate(required)]
    #[schema(value_type = String, required = true, nullable = false, min_length = 64, max_length = 64,
             example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    content_hash: Option<Digest>,
    /// The opinion, the remark, or the question to the secrecy authority.
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000)]
    opinion: Option<String>,
    /// The absent person for whom it is decided, by a delegation; his conflicts count too.
    #[schema(value_type = Option<String>, format = "uuid")]
    acting_for: Option<PersonId>,
    /// What a secrecy review answers about what goes out; it passes with all of them answered.
    #[serde(default, deserialize_with = "super::object::object")]
    #[validate(nested)]
    checklist: Option<ChecklistInput>,
}

/// Decide a review step (法制审核、保密审查、签发).
///
/// By the route that the submission froze. Whoever drafted takes no step, and one person takes one step. A secrecy review passes with
/// its checklist answered.
#[utoipa::path(
    operation_id = "reviewReply", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = ReviewRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/reply/reviews")]
pub async fn review(call: Call, body: Body<ReviewRequest>) -> Result<HttpResponse, Failure> {
    let order = Order::Review {
        step: required(body.value.step, "/step")?,
        decision: required(body.value.decision, "/decision")?,
        content: required(body.value.content_hash, "/content_hash")?,
        opinion: body.value.opinion.clone(),
        acting_for: body.value.acting_for,
        checklist: body.value.checklist.as_ref().map(checklist).transpose()?,
    };
    call.execute(order, body.value.on, &body).await
}

/// The secrecy authority's answer.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferralAnswerRequest {
    /// The day it came; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// What it found.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "not_secret")]
    finding: Option<Finding>,
    /// The answer: from whom, under which number, in which words.
    #[validate(required, length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 4000,
        example = "市国家保密局复函：不属于国家秘密。"
    )]
    text: Option<String>,
}

/// Record the secrecy authority's answer to what a secrecy review referred to it (Art. 17).
///
/// The step can be decided then; what was found to be a secret is not released whole.
#[utoipa::path(
    operation_id = "answerReferral", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = ReferralAnswerRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/reply/referral-answer")]
pub async fn answer_referral(call: Call, body: Body<ReferralAnswerRequest>) -> Result<HttpResponse, Failure> {
    let order = ReplyOrder::AnswerReferral {
        finding: required(body.value.finding, "/finding")?,
        text: required(body.value.text.clone(), "/text")?,
    };
    call.execute(Order::Reply(order), body.value.on, &body).await
}

/// The issue of a reply (发出答复).
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// The `content_hash` of the reply as it was read: decisions bind to the exact content.
    #[validate(required)]
    #[schema(value_type = String, required = true, nullable = false, min_length = 64, max_length = 64,
             example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    content_hash: Option<Digest>,
    /// Its number (答复书文号), when the office gives it one; search finds the case by it. Never personal data.
    #[validate(length(min = 1, max = 60), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 60, example = "淮公开告〔2026〕12号")]
    number: Option<String>,
}

/// Issue the reply that passed every step (发出答复).
#[utoipa::path(
    operation_id = "issueReply", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = IssueRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/reply/issue")]
pub async fn issue(call: Call, body: Body<IssueRequest>) -> Result<HttpResponse, Failure> {
    let content = required(body.value.content_hash, "/content_hash")?;
    let number = body.value.number.as_deref().map(reply_number).transpose()?;
    let order = Order::Issue { content, number };
    call.execute(order, body.value.on, &body).await
}

fn reply_number(text: &str) -> Result<ReplyNumber, Failure> {
    ReplyNumber::parse(text).ok_or_else(|| {
        Failure::fields(vec![FieldError::new(
            "/number",
            "form",
            "文号中不得有换行等控制字符。",
            "A number has no line breaks or other control characters.",
        )])
    })
}
