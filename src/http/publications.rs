//! `/cases/{id}/publications`: what a reply released is published for everybody (依申请公开转为主动公开, Art. 44).

use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::body::{Body, CivilDate, not_blank};
use super::call::{Call, CommandHeaders, required};
use super::case_dto::CaseView;
use super::document_dto::{DocumentInput, documents};
use super::problem::{Failure, Problem};
use crate::app::error::FieldError;
use crate::app::execute::{Order, PublicationOrder};
use crate::domain::case::event::{PlaceKind, ProposedBy};
use crate::domain::public_url::{URL_CHARS, is_public_url};

/// A proposal to publish a document.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicationRequest {
    /// The civil date of the proposal; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-20")]
    on: Option<CivilDate>,
    /// `applicant`: his suggestion is recorded (Art. 44(2)); `office`: the office's own idea.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "office")]
    proposed_by: Option<ProposedBy>,
    /// Which document of what the reply released: its title, its number or both; without personal data.
    #[serde(default, deserialize_with = "super::object::object")]
    #[validate(required, nested)]
    #[schema(required = true, nullable = false)]
    document: Option<DocumentInput>,
    /// Why; shown in the history, personal data masked.
    #[validate(required, length(min = 1, max = 2000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 2000,
        example = "多人申请，涉及公众利益调整"
    )]
    reason: Option<String>,
}

/// Propose to publish a document proactively (提出转为主动公开).
///
/// Once something was released and the reply has reached the applicant, also after the archive; one proposal at a time. It moves
/// nothing of the case.
#[utoipa::path(
    operation_id = "proposePublication", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = PublicationRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/publications")]
pub async fn propose(call: Call, mut body: Body<PublicationRequest>) -> Result<HttpResponse, Failure> {
    let document = required(body.value.document.take(), "/document")?;
    let document = documents(Some(vec![document])).map_err(|_| nameless())?.pop();
    let order = PublicationOrder::Propose {
        proposed_by: required(body.value.proposed_by, "/proposed_by")?,
        document: required(document, "/document")?,
        reason: required(body.value.reason.clone(), "/reason")?,
        same_as: None,
    };
    call.execute(Order::Publication(order), body.value.on, &body).await
}

fn nameless() -> Failure {
    let (zh, en) = ("请填写文件名称或者文号。", "Give a title or a number.");
    Failure::fields(vec![FieldError::new("/document", "required", zh, en)])
}

/// A decision upon a proposal.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicationDecisionRequest {
    /// The civil date of the decision; today when absent.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-23")]
    on: Option<CivilDate>,
    /// Whether it is approved.
    #[validate(required)]
    #[schema(required = true, nullable = false, example = true)]
    approve: Option<bool>,
    /// Why; shown in the history, personal data masked.
    #[validate(required, length(min = 1, max = 2000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 2000,
        example = "属于主动公开范围"
    )]
    reason: Option<String>,
}

/// Decide upon a proposal to publish (决定是否转为主动公开).
///
/// Not by whoever proposed it or recorded the suggestion. An approval needs a reply that passed a secrecy review (Art. 17).
#[utoipa::path(
    operation_id = "decidePublication", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which proposal"), CommandHeaders),
    request_body = PublicationDecisionRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/publications/{n}/decision")]
pub async fn decide(call: Call, body: Body<PublicationDecisionRequest>) -> Result<HttpResponse, Failure> {
    let order = PublicationOrder::Decide {
        n: call.n()?,
        approve: required(body.value.approve, "/approve")?,
        reason: required(body.value.reason.clone(), "/reason")?,
    };
    call.execute(Order::Publication(order), body.value.on, &body).await
}

/// Where a document was published: exactly one of `url`, `gazette`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishedRequest {
    /// The civil date of the publication; today when absent.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-25")]
    on: Option<CivilDate>,
    /// The address of the page: `https`, at most 500 characters. It is public, and shown to everybody who may see the case.
    #[validate(length(min = 1, max = URL_CHARS))]
    #[schema(min_length = 1, max_length = 500, example = "https://www.example.gov.cn/zwgk/2026/art_1.html")]
    url: Option<String>,
    /// Name and issue of the gazette (公报).
    #[validate(length(min = 1, max = 200), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 200)]
    gazette: Option<String>,
}

impl PublishedRequest {
    fn place(&self) -> Result<(PlaceKind, String), Failure> {
        let wrong = |pointer: &str, code: &'static str, zh: &str, en: &str| {
            Failure::fields(vec![FieldError::new(pointer, code, zh, en)])
        };
        match (&self.url, &self.gazette) {
            (Some(url), None) if is_public_url(url) => Ok((PlaceKind::Website, url.clone())),
            (Some(_), None) => Err(wrong(
                "/url",
                "format",
                "请填写以 https:// 开头的网页地址，其中不得有用户名和空格。",
                "Give the address of a page that begins with https://, without user name and spaces.",
            )),
            (None, Some(gazette)) => Ok((PlaceKind::Gazette, gazette.clone())),
            (Some(_), Some(_)) | (None, None) => Err(wrong(
                "",
                "one_of",
                "请只填写 url、gazette 中的一项。",
                "Give exactly one of url, gazette.",
            )),
        }
    }
}

/// Record where a document was published (登记主动公开).
///
/// After the approval. Later requests for the same document are told of it (Art. 36(1)).
#[utoipa::path(
    operation_id = "recordPublication", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which proposal"), CommandHeaders),
    request_body = PublishedRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/publications/{n}/place")]
pub async fn publish(call: Call, body: Body<PublishedRequest>) -> Result<HttpResponse, Failure> {
    let (kind, place) = body.value.place()?;
    let order = PublicationOrder::Publish { n: call.n()?, kind, place };
    call.execute(Order::Publication(order), body.value.on, &body).await
}

/// Why a document is no longer published.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicationWithdrawalRequest {
    /// The civil date; today when absent.
    #[schema(value_type = Option<String>, format = Date, example = "2026-09-01")]
    on: Option<CivilDate>,
    /// Why: the link is dead, the document was taken back; shown in the history, personal data masked.
    #[validate(required, length(min = 1, max = 2000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 2000,
        example = "网站改版，链接失效"
    )]
    reason: Option<String>,
}

/// Record that a document is no longer published (登记撤下主动公开).
#[utoipa::path(
    operation_id = "withdrawPublication", tag = "cases",
    params(("case_id" = String, Path, description = "The case"),
        ("n" = i32, Path, description = "Which proposal"), CommandHeaders),
    request_body = PublicationWithdrawalRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/publications/{n}/withdrawal")]
pub async fn withdraw(call: Call, body: Body<PublicationWithdrawalRequest>) -> Result<HttpResponse, Failure> {
    let reason = required(body.value.reason.clone(), "/reason")?;
    let order = PublicationOrder::Withdraw { n: call.n()?, reason };
    call.execute(Order::Publication(order), body.value.on, &body).await
}
