//! Operations: is the process alive, is it ready; the OpenAPI document itself.

use actix_web::{HttpResponse, get, web};

use super::problem::{Failure, Problem};
use crate::app::App;
use crate::app::error::AppError;

/// Alive: the process answers.
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

/// Ready: the database answers. A server without accounts is ready.
///
/// # Errors
/// 503 when it does not.
pub async fn readyz(app: web::Data<App>) -> Result<HttpResponse, Failure> {
    app.store.accounts_count().await.map_err(AppError::from)?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ready\n"))
}

/// The document as it was generated, once.
pub struct Document(pub String);

/// Read this document.
#[utoipa::path(
    operation_id = "readOpenApi", tag = "operations", security(()),
    responses(
        (status = 200, description = "The OpenAPI document", body = serde_json::Value),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/openapi.json")]
pub async fn openapi(document: web::Data<Document>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(document.0.clone())
}
