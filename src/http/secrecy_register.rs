//! `/reports/secrecy-reviews`: the register of secrecy reviews, for a spreadsheet.

use std::io;
use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpResponse, get};
use futures_util::stream::try_unfold;
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

use super::body::{CivilDate, Params};
use super::call::Call;
use super::disposition::disposition;
use super::problem::{Failure, Problem};
use crate::domain::ids::AgencyId;

/// Whose register, of which days.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RegisterParams {
    /// The agency; the caller's own when absent.
    #[param(value_type = Option<String>, format = "uuid", nullable = false)]
    agency_id: Option<AgencyId>,
    /// The first day; 1 January when absent.
    #[param(value_type = Option<String>, format = Date, nullable = false, example = "2026-01-01")]
    from: Option<CivilDate>,
    /// The last day; 31 December when absent. At most 366 days.
    #[param(value_type = Option<String>, format = Date, nullable = false, example = "2026-12-31")]
    to: Option<CivilDate>,
}

/// Export the register of secrecy reviews (保密审查台账).
///
/// Every decision of a secrecy review and every answer of the secrecy authority on these days, in the order of the record: number and subject
/// of the case, its outcome, who reviewed, what he decided, the answers of the checklist, the hash of what was reviewed. CSV in UTF-8 with a
/// byte order mark. No words of a reply or an opinion are in it.
#[utoipa::path(
    operation_id = "exportSecrecyReviews", tag = "reports", params(RegisterParams),
    responses(
        (status = 200, description = "The register", body = String, content_type = "text/csv"),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/reports/secrecy-reviews")]
pub async fn export(call: Call, params: Params<RegisterParams>) -> Result<HttpResponse, Failure> {
    let agency = params.0.agency_id.unwrap_or(call.actor().agency);
    let (from, to) = (params.0.from.map(|day| day.0), params.0.to.map(|day| day.0));
    let register = call.app.secrecy_register(call.actor(), agency, from, to).await?;
    let app = Arc::clone(&call.app);
    let parts = try_unfold(register, move |register| {
        let app = Arc::clone(&app);
        async move {
            // The heading has gone out by then: what fails cuts the answer short, which every client notices.
            let part = app.secrecy_register_part(register).await;
            let part = part.map_err(|error| io::Error::other(error.to_string()))?;
            Ok::<_, io::Error>(part.map(|(bytes, next)| (Bytes::from(bytes), next)))
        }
    });
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, disposition("保密审查台账.csv")))
        .streaming(parts))
}
