//! `/digests`: what an office keeps of a day, a month and a quarter.

use actix_web::{HttpResponse, get};
use chrono::SecondsFormat;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::body::{Params, whole_number};
use super::call::Call;
use super::problem::{Failure, Problem};
use crate::app::digests::Digest;
use crate::app::error::{AppError, FieldError};
use crate::domain::digest::{DigestKind, DigestOf};
use crate::domain::ids::AgencyId;
use crate::domain::policy::Action;

/// Whose, and which page.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DigestsParams {
    /// The agency; the caller's own when absent.
    #[param(value_type = Option<String>, format = "uuid", nullable = false)]
    agency_id: Option<AgencyId>,
    /// Only periods before this one: the last of the page before.
    #[param(nullable = false, example = "2026-03")]
    before: Option<String>,
    /// How many, 1 to 100; 31 when absent.
    #[serde(default, deserialize_with = "whole_number")]
    #[validate(range(min = 1, max = 100))]
    #[param(nullable = false, minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// Whose.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DigestParams {
    /// The agency; the caller's own when absent.
    #[param(value_type = Option<String>, format = "uuid", nullable = false)]
    agency_id: Option<AgencyId>,
}

/// The digests of a kind.
#[derive(Serialize, ToSchema)]
pub struct DigestList {
    /// The newest period first.
    pub items: Vec<DigestSummary>,
}

/// A digest without its content.
#[derive(Serialize, ToSchema)]
pub struct DigestSummary {
    /// `daily_worklist`, `monthly_ledger` or `quarterly_bulletin`.
    #[schema(example = "monthly_ledger")]
    pub kind: &'static str,
    /// `2026-04-01`, `2026-03` or `2026-Q1`.
    #[schema(example = "2026-03")]
    pub period: String,
    /// When it was made.
    #[schema(example = "2026-04-01T00:10:00.000000Z")]
    pub made_at: String,
    /// SHA-256 over its canonical text, as the agency's chain has it.
    pub hash: String,
    /// Whether the text kept still has this hash.
    pub intact: bool,
}

/// A digest.
#[derive(Serialize, ToSchema)]
pub struct DigestView {
    /// What is told of it in lists.
    #[serde(flatten)]
    pub digest: DigestSummary,
    /// What it says.
    #[schema(value_type = Object)]
    pub content: serde_json::Value,
}

impl DigestSummary {
    fn of(digest: &Digest) -> Self {
        Self {
            kind: digest.kind.code(),
            period: digest.period.clone(),
            made_at: digest.made_at.to_rfc3339_opts(SecondsFormat::Micros, true),
            hash: digest.hash.clone(),
            intact: digest.intact,
        }
    }
}

fn kind_of(call: &Call) -> Result<DigestKind, Failure> {
    Ok(DigestKind::parse(&call.path::<String>("kind")?).ok_or(AppError::NotFound)?)
}

/// List the digests of a kind.
///
/// The server makes them: the worklist of each day, the ledger of each month and the bulletin of each quarter once it has ended.
#[utoipa::path(
    operation_id = "listDigests", tag = "reports",
    params(("kind" = String, Path, description = "`daily_worklist`, `monthly_ledger` or `quarterly_bulletin`", example = "daily_worklist"), DigestsParams),
    responses(
        (status = 200, description = "They", body = DigestList),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/digests/{kind}")]
pub async fn list(call: Call, params: Params<DigestsParams>) -> Result<HttpResponse, Failure> {
    let kind = kind_of(&call)?;
    let sent = params.0;
    let agency = sent.agency_id.unwrap_or(call.actor().agency);
    call.app.allowed_in_tree(call.actor(), Action::ReadReports, agency).await?;
    if sent.before.as_deref().is_some_and(|period| DigestOf::read(kind, period).is_none()) {
        return Err(no_period("before"));
    }
    let found = call.app.digests(agency, kind, sent.before, i64::from(sent.limit.unwrap_or(31))).await?;
    Ok(HttpResponse::Ok().json(DigestList { items: found.iter().map(DigestSummary::of).collect() }))
}

/// Read a digest.
#[utoipa::path(
    operation_id = "readDigest", tag = "reports",
    params(("kind" = String, Path, description = "`daily_worklist`, `monthly_ledger` or `quarterly_bulletin`", example = "daily_worklist"),
        ("period" = String, Path, description = "`2026-04-01`, `2026-03` or `2026-Q1`", example = "2026-03"), DigestParams),
    responses(
        (status = 200, description = "The digest", body = DigestView),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/digests/{kind}/{period}")]
pub async fn read(call: Call, params: Params<DigestParams>) -> Result<HttpResponse, Failure> {
    let kind = kind_of(&call)?;
    let agency = params.0.agency_id.unwrap_or(call.actor().agency);
    call.app.allowed_in_tree(call.actor(), Action::ReadReports, agency).await?;
    let of = DigestOf::read(kind, &call.path::<String>("period")?).ok_or(AppError::NotFound)?;
    let found = call.app.digest(agency, of).await?.ok_or(AppError::NotFound)?;
    Ok(HttpResponse::Ok().json(DigestView { digest: DigestSummary::of(&found), content: found.content }))
}

fn no_period(pointer: &str) -> Failure {
    Failure::fields(vec![FieldError::new(
        pointer,
        "unknown_value",
        "期间应写作 2026-04-01（日）、2026-03（月）或 2026-Q1（季）。",
        "A period is written 2026-04-01 (a day), 2026-03 (a month) or 2026-Q1 (a quarter).",
    )])
}
