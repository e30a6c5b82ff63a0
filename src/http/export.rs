//! `/cases/{id}/export`: the whole case as one ZIP (案卷导出).

use actix_web::http::header;
use actix_web::{HttpResponse, get};
use tokio::sync::mpsc;

use super::archive_dto::case_file;
use super::call::Call;
use super::disposition::disposition;
use super::download::streamed;
use super::problem::{Failure, Problem};
use crate::app::archive::CaseFile;

/// How many pieces of some 64 KiB may wait for a slow reader.
const WAITING: usize = 4;

/// The catalogue as the ZIP holds it: what `GET /cases/{id}/archive` answers.
pub fn catalogue(file: &CaseFile) -> String {
    serde_json::to_string_pretty(&case_file(file)).unwrap_or_default() + "\n"
}

/// Hand out a case as one ZIP.
///
/// An index page, the catalogue, the words (personal data masked), the time limit explained, and every event with its links:
/// `gongkai audit verify FILE` checks it offline. The same state of a case gives the same bytes. A ZIP without its end was cut
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
    let export = call.app.export(call.actor(), call.case()?, catalogue).await?;
    let (name, etag) = (export.name(), format!("\"{}\"", export.version()));
    let (sink, source) = mpsc::channel(WAITING);
    let app = call.app.clone();
    actix_web::rt::spawn(async move { app.write_export(export, sink).await });
    Ok(HttpResponse::Ok()
        .content_type("application/zip")
        .insert_header((header::ETAG, etag))
        .insert_header((header::CONTENT_DISPOSITION, disposition(&name)))
        .streaming(Box::pin(streamed(source))))
}
