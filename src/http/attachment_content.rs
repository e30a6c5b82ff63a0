//! `/cases/{id}/attachments/{id}/content` and `…/openings`: the bytes of a file.

use actix_web::body::SizedStream;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpResponse, get, post};
use futures_util::stream;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::body::{Body, not_blank};
use super::call::{Call, required};
use super::disposition::disposition;
use super::problem::{Failure, Problem};
use crate::app::attachments::{Content, Download};
use crate::files::Turn;

/// Download a document of the reply.
///
/// To be saved, never to be shown by a browser. Every other file may hold personal data: whoever may open it is told (403
/// `reason_required`) to open it with a reason.
#[utoipa::path(
    operation_id = "downloadAttachment", tag = "attachments",
    params(("case_id" = String, Path, description = "The case"), ("attachment_id" = String, Path, description = "The attachment")),
    responses(
        (status = 200, description = "The bytes, of the attachment's type", content(
            (Vec<u8> = "application/pdf"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (Vec<u8> = "application/ofd"),
            (Vec<u8> = "image/jpeg"),
            (Vec<u8> = "image/png"),
            (Vec<u8> = "text/plain"),
        ), headers(("Content-Disposition" = String, description = "attachment, with the name, personal data masked"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/cases/{case_id}/attachments/{attachment_id}/content")]
pub async fn download(call: Call) -> Result<HttpResponse, Failure> {
    let found = call.app.download(call.actor(), call.case()?, call.path("attachment_id")?).await?;
    answer(found).await
}

/// Why a file is opened.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpeningRequest {
    /// Why. It stays when the case's words are erased: it names nobody.
    #[validate(required, length(min = 1, max = 500), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 500,
        example = "核对邮戳日期，确定收到申请之日"
    )]
    reason: Option<String>,
}

/// Open a file that may hold personal data (打开附件原件).
///
/// To a clerk, and to a handler of the department that leads; to reviewers and the approver while a reply is reviewed; to whoever
/// answers a remedy while one is pending; to the archivist once the case is closed. A proof of identity is the clerk's alone. First it is recorded in the agency's chain
/// who opens which file of which case, with a commitment to the reason; only then are the bytes sent. How many one person may open in an
/// hour is a setting (120). Asking again is another opening.
#[utoipa::path(
    operation_id = "openAttachment", tag = "attachments",
    params(("case_id" = String, Path, description = "The case"), ("attachment_id" = String, Path, description = "The attachment")),
    request_body = OpeningRequest,
    responses(
        (status = 200, description = "The bytes, of the attachment's type", content(
            (Vec<u8> = "application/pdf"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (Vec<u8> = "application/ofd"),
            (Vec<u8> = "image/jpeg"),
            (Vec<u8> = "image/png"),
            (Vec<u8> = "text/plain"),
        ), headers(("Content-Disposition" = String, description = "attachment, with the name, personal data masked"))),
        (status = 429, description = "Too many files opened by this person", body = Problem, content_type = "application/problem+json", headers(("Retry-After" = u32, description = "Seconds"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/attachments/{attachment_id}/openings")]
pub async fn open(call: Call, body: Body<OpeningRequest>) -> Result<HttpResponse, Failure> {
    let (case, id) = (call.case()?, call.path("attachment_id")?);
    let reason = required(body.value.reason, "/reason")?;
    let found = call.app.open_attachment(call.actor(), case, id, &reason).await?;
    answer(found).await
}

/// A content as it is sent.
async fn answer(found: Download) -> Result<HttpResponse, Failure> {
    let other_name = || format!("{}.{}", found.view.id, found.view.file_type.code());
    let name = found.view.name.clone().unwrap_or_else(other_name);
    let size = found.content.size();
    // Read before anything is answered: a store that is away is told as such.
    let first = Bytes::from_owner(found.content.piece(0).await.map_err(Failure::from)?);
    Ok(HttpResponse::Ok()
        .content_type(found.view.file_type.media_type())
        .insert_header((header::CONTENT_DISPOSITION, disposition(&name)))
        .body(SizedStream::new(size, bytes_of(found.content, found.turn, first))))
}

/// So much is given to a connection at a time.
const SENT_TOGETHER: usize = 64 * 1024;

/// The content in order, of which the first piece is here; one that is not what was stored breaks the answer off.
fn bytes_of(
    content: Content,
    turn: Turn,
    first: Bytes,
) -> impl stream::Stream<Item = Result<Bytes, std::io::Error>> {
    stream::unfold((content, turn, 1_u64, first), |(content, turn, n, mut piece)| async move {
        if !piece.is_empty() {
            let now = piece.split_to(SENT_TOGETHER.min(piece.len()));
            return Some((Ok(now), (content, turn, n, piece)));
        }
        if n >= content.pieces() {
            return None;
        }
        match content.piece(n).await {
            Ok(plain) => {
                let mut piece = Bytes::from_owner(plain);
                let now = piece.split_to(SENT_TOGETHER.min(piece.len()));
                Some((Ok(now), (content, turn, n.saturating_add(1), piece)))
            }
            Err(error) => {
                tracing::error!(%error, "a download was broken off");
                Some((Err(std::io::Error::other("broken off")), (content, turn, u64::MAX, Bytes::new())))
            }
        }
    })
}
