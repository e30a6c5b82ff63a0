//! `/cases/{id}/attachments`: the files of a case.

use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::body::{Body, CivilDate, Params, not_blank, whole_number};
use super::call::{Call, CommandHeaders, required, respond};
use super::case_dto::{self, CaseView};
use super::page::with_link;
use super::problem::{Failure, Problem};
use crate::app::attachments::{AttachRequest, AttachmentView, Opening, Standing};
use crate::app::error::FieldError;
use crate::app::execute::{AttachmentOrder, Order};
use crate::domain::attachment::{FileType, Purpose, check_name};
use crate::domain::case::event::Digest;
use crate::domain::ids::AttachmentId;

/// A file that was uploaded, to be attached.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachmentRequest {
    /// The civil date on which it came; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// The upload, every byte of which has arrived.
    #[validate(required)]
    #[schema(value_type = String, format = "uuid", required = true, nullable = false)]
    upload_id: Option<Uuid>,
    /// What it is for.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "evidence")]
    purpose: Option<Purpose>,
    /// Its name, with the ending of its type; kept encrypted.
    #[validate(required)]
    #[schema(required = true, nullable = false, min_length = 1, max_length = 255, example = "邮寄信封.jpg")]
    file_name: Option<String>,
    /// The SHA-256 that its sender counted: what arrived must have it.
    #[schema(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    sha256: Option<Digest>,
}

impl AttachmentRequest {
    fn name(&self) -> Result<String, Failure> {
        let name = required(self.file_name.clone(), "/file_name")?;
        check_name(&name).map_err(|fault| {
            Failure::fields(vec![FieldError::new("/file_name", fault.code(), fault.zh(), fault.en())])
        })?;
        Ok(name)
    }
}

/// An attachment.
#[derive(Serialize, ToSchema)]
#[schema(title = "Attachment")]
pub struct AttachmentDto {
    /// Opaque id.
    #[schema(format = "uuid")]
    pub id: String,
    /// What it is for.
    #[schema(value_type = Purpose)]
    pub purpose: &'static str,
    /// What its content is.
    #[schema(value_type = FileType)]
    pub file_type: &'static str,
    /// Bytes.
    pub size: u64,
    /// Its name, personal data masked; `null` when erased.
    pub file_name: Option<String>,
    /// The hash that the record holds: keyed, so that nobody can try out known documents.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub content_hash: String,
    /// The SHA-256 of the content; `null` when erased.
    pub sha256: Option<String>,
    /// The civil date on which it came.
    pub on: NaiveDate,
    /// `available`; `quarantined` until it was scanned; `blocked` when something harmful was found; `erased`.
    #[schema(example = "available")]
    pub state: &'static str,
    /// What was found.
    pub finding: Option<String>,
    /// Whether an antivirus program has looked at it.
    pub scanned: bool,
    /// How the caller may open it now: `free` with `GET …/content`; `with_reason` with `POST …/openings`, on the record; `refused`.
    #[schema(value_type = Opening)]
    pub opening: &'static str,
    /// When and why it was struck out; `null` while it stands.
    pub struck: Option<StruckDto>,
}

/// How an attachment was struck out.
#[derive(Serialize, ToSchema)]
pub struct StruckDto {
    /// The civil date.
    pub on: NaiveDate,
    /// Why, personal data masked; `null` when erased.
    pub reason: Option<String>,
}

/// A page of attachments, in the order in which they were attached.
#[derive(Serialize, ToSchema)]
pub struct AttachmentList {
    /// The attachments.
    pub items: Vec<AttachmentDto>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// Which page.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AttachmentParams {
    /// Where the page before ended.
    #[param(nullable = false)]
    cursor: Option<String>,
    /// How many, 1 to 200; 50 when absent.
    #[serde(default, deserialize_with = "whole_number")]
    #[validate(range(min = 1, max = 200))]
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

impl From<AttachmentView> for AttachmentDto {
    fn from(it: AttachmentView) -> Self {
        let (state, finding) = match it.standing {
            Standing::Available => ("available", None),
            Standing::Quarantined => ("quarantined", None),
            Standing::Blocked(finding) => ("blocked", Some(finding)),
            Standing::Erased => ("erased", None),
        };
        Self {
            id: it.id.to_string(),
            purpose: it.purpose.code(),
            file_type: it.file_type.code(),
            size: it.size,
            file_name: it.name,
            content_hash: it.content_hash,
            sha256: it.sha256,
            on: it.on,
            state,
            finding,
            scanned: it.scanned,
            opening: it.opening.code(),
            struck: it.struck.map(|(on, reason)| StruckDto { on, reason }),
        }
    }
}

/// Attach a file (添加附件).
///
/// The content is examined first: its type is told by its bytes, and what could do harm is refused (413, 415, 422, each with
/// a code of its own). Where an antivirus program is configured it is asked too; while it is away the file stays in
/// quarantine. A content that the agency has already is stored once.
#[utoipa::path(
    operation_id = "attachFile", tag = "attachments",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = AttachmentRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/attachments")]
pub async fn attach(call: Call, body: Body<AttachmentRequest>) -> Result<HttpResponse, Failure> {
    let request = AttachRequest {
        actor: call.actor().clone(),
        upload: AttachmentId(required(body.value.upload_id, "/upload_id")?),
        purpose: required(body.value.purpose, "/purpose")?,
        name: body.value.name()?,
        sha256: body.value.sha256,
        on: body.value.on.map(|date| date.0),
        retry: call.retry(&body.bytes)?,
        case: call.case()?,
        expected: call.expected(),
        render: case_dto::answer,
    };
    Ok(respond(Box::pin(call.app.attach(request)).await?))
}

/// List a case's attachments, those struck out included.
#[utoipa::path(
    operation_id = "listAttachments", tag = "attachments",
    params(("case_id" = String, Path, description = "The case"), AttachmentParams),
    responses(
        (status = 200, description = "A page", body = AttachmentList, headers(("Link" = Option<String>, description = "The next page, rel=next"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/cases/{case_id}/attachments")]
pub async fn list(call: Call, params: Params<AttachmentParams>) -> Result<HttpResponse, Failure> {
    let after = params.0.cursor.as_deref().map(cursor).transpose()?;
    let limit = usize::from(params.0.limit.unwrap_or(50));
    let (page, more) = call.app.attachments(call.actor(), call.case()?, after, limit).await?;
    let next_cursor = page.last().filter(|_| more).map(|last| last.id.to_string());
    let shown = AttachmentList { items: page.into_iter().map(Into::into).collect(), next_cursor };
    Ok(with_link(&call, shown.next_cursor.as_deref(), &shown))
}

fn cursor(text: &str) -> Result<AttachmentId, Failure> {
    text.parse().map_err(|_| {
        Failure::fields(vec![FieldError::new(
            "cursor",
            "unknown_value",
            "分页游标无效，请使用上一页返回的 next_cursor。",
            "Use the next_cursor of the page before.",
        )])
    })
}

/// Read what is known of an attachment.
#[utoipa::path(
    operation_id = "readAttachment", tag = "attachments",
    params(("case_id" = String, Path, description = "The case"), ("attachment_id" = String, Path, description = "The attachment")),
    responses(
        (status = 200, description = "The attachment", body = AttachmentDto),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/cases/{case_id}/attachments/{attachment_id}")]
pub async fn read(call: Call) -> Result<HttpResponse, Failure> {
    let found = call.app.attachment(call.actor(), call.case()?, call.path("attachment_id")?).await?;
    Ok(HttpResponse::Ok().json(AttachmentDto::from(found)))
}

/// A file to be struck out.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StrikeRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// Why.
    #[validate(required, length(min = 1, max = 500), custom(function = not_blank))]
    #[schema(required = true, nullable = false, min_length = 1, max_length = 500, example = "误传他案材料")]
    reason: Option<String>,
}

/// Strike an attachment out (撤下附件).
///
/// It stays in the record and in the list, marked. Its content is erased only when personal data are.
#[utoipa::path(
    operation_id = "strikeAttachment", tag = "attachments",
    params(("case_id" = String, Path, description = "The case"),
        ("attachment_id" = String, Path, description = "The attachment"), CommandHeaders),
    request_body = StrikeRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/attachments/{attachment_id}/strike")]
pub async fn strike(call: Call, body: Body<StrikeRequest>) -> Result<HttpResponse, Failure> {
    let order = AttachmentOrder::Strike {
        attachment: call.path("attachment_id")?,
        reason: required(body.value.reason.clone(), "/reason")?,
    };
    call.execute(Order::Attachment(order), body.value.on, &body).await
}
