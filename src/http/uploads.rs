//! `/cases/{id}/uploads`: files on their way in. Begin with the size, send the bytes in one part or in many, attach the
//! upload (`attachments`). What was broken off goes on where the upload says.

use std::time::Duration;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, post, put, web};
use chrono::SecondsFormat;
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;
use zeroize::Zeroizing;

use super::body::{Body, count};
use super::call::{Call, RetryHeader, required, respond};
use super::problem::{self, Failure, Problem};
use crate::app::attachments::{AttachmentError, Part, UploadView};
use crate::app::error::{AppError, FieldError};
use crate::app::retry::Answer;
use crate::domain::attachment::FileFault;
use crate::domain::ids::AttachmentId;

/// How long the next bytes of a part may be waited for.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a part may take altogether.
const LONGEST: Duration = Duration::from_mins(30);

/// A file that is about to come.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UploadRequest {
    /// Its size in bytes. What one file may have, and all of a case together, is a setting: more is 413.
    #[serde(default, deserialize_with = "count")]
    #[validate(required, range(min = 1, max = 1_099_511_627_776_u64))]
    #[schema(
        required = true,
        nullable = false,
        minimum = 1,
        maximum = 1_099_511_627_776_u64,
        example = 48_213
    )]
    size: Option<u64>,
}

/// A file on its way.
#[derive(Serialize, ToSchema)]
#[schema(title = "Upload")]
pub struct UploadDto {
    /// Opaque id: also that of the attachment it becomes.
    #[schema(format = "uuid")]
    pub id: String,
    /// Bytes when it is whole.
    #[schema(example = 48_213)]
    pub size: u64,
    /// Bytes that are stored: where the next part begins. Whole pieces of 1 MiB are stored, and the last.
    #[schema(example = 0)]
    pub offset: u64,
    /// `open`, `attached` or `refused`.
    #[schema(example = "open")]
    pub state: &'static str,
    /// When it is forgotten, if it was not attached.
    #[schema(format = "date-time", example = "2026-03-03T01:20:00.000000Z")]
    pub expires_at: String,
}

/// The header of a part.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes the header; `Range` reads it")]
pub struct RangeHeader {
    /// Which bytes these are, as `bytes FIRST-LAST/SIZE`; without it the body is the whole file.
    #[param(rename = "Content-Range", nullable = false, example = "bytes 0-48212/48213")]
    content_range: Option<String>,
}

fn view(upload: &UploadView) -> UploadDto {
    UploadDto {
        id: upload.id.to_string(),
        size: upload.size,
        offset: upload.offset,
        state: upload.state.code(),
        expires_at: upload.expires_at.to_rfc3339_opts(SecondsFormat::Micros, true),
    }
}

fn begun(upload: &UploadView) -> Answer {
    Answer {
        status: 201,
        etag: None,
        location: Some(format!("/api/v1/cases/{}/uploads/{}", upload.case, upload.id)),
        body: serde_json::to_string(&view(upload)).unwrap_or_default(),
    }
}

/// Begin to upload a file (上传附件).
///
/// Then send the bytes to the upload, and attach it. An upload is known to who began it, for a day; a retry with the same
/// `Idempotency-Key` gives the same upload, which tells where it goes on.
#[utoipa::path(
    operation_id = "beginUpload", tag = "attachments",
    params(("case_id" = String, Path, description = "The case"), RetryHeader),
    request_body = UploadRequest,
    responses(
        (status = 201, description = "The upload", body = UploadDto, headers(("Location" = String, description = "The upload"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/uploads")]
pub async fn begin(call: Call, body: Body<UploadRequest>) -> Result<HttpResponse, Failure> {
    let retry = call.retry(&body.bytes)?;
    let size = required(body.value.size, "/size")?;
    Ok(respond(call.app.upload_begin(call.actor(), call.case()?, size, retry, begun).await?))
}

/// Ask where an upload stands.
#[utoipa::path(
    operation_id = "readUpload", tag = "attachments",
    params(("case_id" = String, Path, description = "The case"), ("upload_id" = String, Path, description = "The upload")),
    responses(
        (status = 200, description = "The upload", body = UploadDto),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/cases/{case_id}/uploads/{upload_id}")]
pub async fn read(call: Call) -> Result<HttpResponse, Failure> {
    let upload = call.app.upload(call.actor(), call.case()?, call.path("upload_id")?).await?;
    Ok(HttpResponse::Ok().json(view(&upload)))
}

/// Send bytes of a file.
///
/// The whole file, or with `Content-Range` a part that begins at the upload's `offset` (or, to send again what may not have
/// arrived, at a multiple of 1 MiB before it). Each whole MiB is stored at once; of a part that is broken off only the rest
/// is lost. Bytes that are stored never change: sending others in their place is refused.
#[utoipa::path(
    operation_id = "sendUpload", tag = "attachments",
    params(
        ("case_id" = String, Path, description = "The case"), ("upload_id" = String, Path, description = "The upload"),
        RangeHeader
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The bytes"),
    responses(
        (status = 200, description = "The upload after them", body = UploadDto),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[put("/cases/{case_id}/uploads/{upload_id}")]
pub async fn send(call: Call, req: HttpRequest, mut bytes: web::Payload) -> Result<HttpResponse, Failure> {
    let sent = take(&call, &req, &mut bytes).await;
    if sent.is_err() {
        drain(&mut bytes).await;
    }
    sent
}

/// Whoever still sends hears why it is refused only when what he sends is taken: some of it, for a while.
async fn drain(bytes: &mut web::Payload) {
    const MOST: usize = 8 << 20;
    let drained = async {
        let mut left = MOST;
        while let Some(Ok(chunk)) = bytes.next().await {
            left = left.saturating_sub(chunk.len());
            if left == 0 {
                return;
            }
        }
    };
    // What is left then is cut off with the connection.
    let _ = tokio::time::timeout(Duration::from_secs(5), drained).await;
}

async fn take(call: &Call, req: &HttpRequest, bytes: &mut web::Payload) -> Result<HttpResponse, Failure> {
    let range = Range::of(req)?;
    let (case, id): (_, AttachmentId) = (call.case()?, call.path("upload_id")?);
    let mut part = call.app.upload_part(call.actor(), case, id, range.first).await?;
    if let Some(size) = range.size.filter(|size| *size != part.size()) {
        let (zh, en) = (
            format!("该文件共 {} 字节，不是 {size}。", part.size()),
            format!("The file has {} bytes, not {size}.", part.size()),
        );
        return Err(wrong_range(zh, en));
    }
    tokio::time::timeout(LONGEST, receive(call, &mut part, &range, bytes))
        .await
        .map_err(|_| Failure::of(problem::REQUEST_TIMEOUT))??;
    let upload = call.app.upload(call.actor(), case, id).await?;
    Ok(HttpResponse::Ok().json(view(&upload)))
}

/// Stores the bytes piece by piece, one in memory.
async fn receive(
    call: &Call,
    part: &mut Part,
    range: &Range,
    bytes: &mut web::Payload,
) -> Result<(), Failure> {
    let _turn = call.app.to_receive().await?;
    let mut piece: Zeroizing<Vec<u8>> = Zeroizing::new(Vec::new());
    let mut received = 0_u64;
    while let Some(chunk) = next(bytes).await? {
        received = received.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        if range.length().is_some_and(|length| received > length) {
            return Err(wrong_range(
                "字节数多于 Content-Range 所声明。",
                "There are more bytes than Content-Range says.",
            ));
        }
        let mut rest: &[u8] = &chunk;
        while !rest.is_empty() {
            let missing = part.wanted().saturating_sub(piece.len());
            if missing == 0 {
                return Err(AppError::from(AttachmentError::from(FileFault::TooLarge)).into());
            }
            let (now, later) = rest.split_at(missing.min(rest.len()));
            piece.extend_from_slice(now);
            rest = later;
            if piece.len() == part.wanted() {
                piece = call.app.upload_piece(part, piece).await?;
            }
        }
    }
    if range.length().is_some_and(|length| received < length) {
        return Err(wrong_range(
            "字节数少于 Content-Range 所声明。",
            "There are fewer bytes than Content-Range says.",
        ));
    }
    Ok(())
}

async fn next(bytes: &mut web::Payload) -> Result<Option<web::Bytes>, Failure> {
    let chunk = tokio::time::timeout(PATIENCE, bytes.next()).await;
    let chunk = chunk.map_err(|_| Failure::of(problem::REQUEST_TIMEOUT))?;
    chunk.transpose().map_err(|_| Failure::of(problem::MALFORMED))
}

/// Which bytes a part says that it is.
struct Range {
    first: u64,
    last: Option<u64>,
    size: Option<u64>,
}

impl Range {
    fn of(req: &HttpRequest) -> Result<Self, Failure> {
        let kind =
            req.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        if !kind.trim().eq_ignore_ascii_case("application/octet-stream") {
            return Err(Failure::of(problem::NOT_OCTETS));
        }
        let mut values = req.headers().get_all(header::CONTENT_RANGE);
        let Some(value) = values.next() else { return Ok(Self { first: 0, last: None, size: None }) };
        let parsed = value.to_str().ok().and_then(Self::parse).filter(|_| values.next().is_none());
        parsed.ok_or_else(|| {
            wrong_range(
                "Content-Range 应形如 bytes 0-1048575/2097152。",
                "Content-Range is written as bytes 0-1048575/2097152.",
            )
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let (range, size) = text.strip_prefix("bytes ")?.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let number =
            |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten();
        let (first, last, size) = (number(first)?, number(last)?, number(size)?);
        (first <= last && last < size).then_some(Self { first, last: Some(last), size: Some(size) })
    }

    /// How many bytes there must be.
    fn length(&self) -> Option<u64> {
        self.last.map(|last| last.saturating_sub(self.first).saturating_add(1))
    }
}

fn wrong_range(zh: impl Into<String>, en: impl Into<String>) -> Failure {
    Failure::fields(vec![FieldError::new("Content-Range", "range", zh, en)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_as_the_standard_writes_it() {
        let range = Range::parse("bytes 1048576-2097151/3000000").unwrap();
        assert_eq!((range.first, range.length(), range.size), (1_048_576, Some(1_048_576), Some(3_000_000)));
        for wrong in [
            "",
            "bytes",
            "bytes 0-1",
            "bytes 1-0/2",
            "bytes 0-2/2",
            "bytes */2",
            "bytes 0-1/*",
            "bytes +0-1/2",
            "items 0-1/2",
            "bytes -1/2",
            "bytes 0-1/99999999999999999999",
        ] {
            assert!(Range::parse(wrong).is_none(), "{wrong}");
        }
    }
}
