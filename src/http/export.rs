//! `/cases/{id}/export`: the whole case as one ZIP (案卷导出).

use actix_web::http::header;
use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use tokio::sync::mpsc;
use utoipa::ToSchema;
use validator::Validate;

use super::archive_dto::case_file;
use super::body::{Body, not_blank};
use super::call::{Call, required};
use super::disposition::disposition;
use super::download::streamed;
use super::problem::{Failure, Problem};
use crate::app::archive::CaseFile;
use crate::app::error::FieldError;
use crate::app::export::Export;

/// How many pieces of some 64 KiB may wait for a slow reader.
const WAITING: usize = 4;

/// The catalogue as the ZIP holds it: what `GET /cases/{id}/archive` answers.
pub fn catalogue(file: &CaseFile) -> String {
    serde_json::to_string_pretty(&case_file(file)).unwrap_or_default() + "\n"
}

/// Hand out a case as one ZIP.
///
/// An index page, the catalogue, the words (personal data masked), the time limit explained, and every event with its links:
/// `gongkai audit verify FILE` checks it offline. Of the files of the case only the reply's documents are in it. The same state of a case gives the same bytes. A ZIP without its end was cut
/// off on the way: ask again.
#[utoipa::path(
    operation_id = "exportCase", tag = "cases",
    params(("case_id" = String, Path, description = "The case")),
    responses(
        (status = 200, description = "The ZIP", body = Vec<u8>, content_type = "application/zip",
            headers(("ETag" = String, description = "The version"), ("Content-Disposition" = String, description = "The file's name"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/cases/{case_id}/export")]
pub async fn export(call: Call) -> Result<HttpResponse, Failure> {
    let found = call.app.export(call.actor(), call.case()?, None, catalogue).await?;
    Ok(answer(&call, found))
}

/// Why a case is handed out with its files.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportRequest {
    /// Why. It stays when the case's words are erased: it names nobody.
    #[validate(required, length(min = 1, max = 500), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 500,
        example = "向人民法院提交证据"
    )]
    reason: Option<String>,
    /// `true`: with the files. Without them it is `GET`, which needs no reason.
    #[validate(required)]
    #[schema(required = true, nullable = false, example = true)]
    files: Option<bool>,
}

/// Hand out a case with its files as one ZIP (连同附件导出).
///
/// As `GET`, with every file that the caller may open as the case stands; never a proof of identity. First it is recorded in the agency's
/// chain who takes which files of which case, with a commitment to the reason. It counts as one opening of a file.
#[utoipa::path(
    operation_id = "exportCaseWithFiles", tag = "cases",
    params(("case_id" = String, Path, description = "The case")),
    request_body = ExportRequest,
    responses(
        (status = 200, description = "The ZIP", body = Vec<u8>, content_type = "application/zip",
            headers(("ETag" = String, description = "The version"), ("Content-Disposition" = String, description = "The file's name"))),
        (status = 429, description = "Too many files opened by this person", body = Problem, content_type = "application/problem+json", headers(("Retry-After" = u32, description = "Seconds"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/export")]
pub async fn export_with_files(call: Call, body: Body<ExportRequest>) -> Result<HttpResponse, Failure> {
    let (case, reason) = (call.case()?, required(body.value.reason, "/reason")?);
    if !required(body.value.files, "/files")? {
        return Err(Failure::fields(vec![FieldError::new(
            "/files",
            "unknown_value",
            "应为 true；不需要附件的，请用 GET 导出。",
            "It must be true: an export without files is a GET.",
        )]));
    }
    let found = call.app.export(call.actor(), case, Some(&reason), catalogue).await?;
    Ok(answer(&call, found))
}

/// The ZIP as it is sent.
fn answer(call: &Call, found: Export) -> HttpResponse {
    let (name, etag) = (found.name(), format!("\"{}\"", found.version()));
    let (sink, source) = mpsc::channel(WAITING);
    let app = call.app.clone();
    actix_web::rt::spawn(async move { app.write_export(found, sink).await });
    HttpResponse::Ok()
        .content_type("application/zip")
        .insert_header((header::ETAG, etag))
        .insert_header((header::CONTENT_DISPOSITION, disposition(&name)))
        .streaming(Box::pin(streamed(source)))
}
