//! `/audit/attempts`: sign-ins and refusals, for the auditor; and how each request is noted.

use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, get, web};
use chrono::SecondsFormat;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::body::{Params, whole_number};
use super::call::Call;
use super::problem::{Failure, Problem};
use super::rate_limit::RateLimit;
use crate::app::App;
use crate::app::attempts::{Door, NOBODY, Shown};
use crate::app::sign_in::SignedIn;
use crate::audit::attempts::{SealedAttempt, read};
use crate::domain::ids::AgencyId;
use crate::domain::policy::Action;

/// Notes what a request came to: a refusal of somebody signed in (403, 404), a refused sign-in or refresh token (401). A good sign-in
/// is recorded with the stay that it opens.
pub(super) fn note(response: &ServiceResponse<BoxBody>) {
    let status = response.status().as_u16();
    if ![401, 403, 404].contains(&status) {
        return;
    }
    let request = response.request();
    let Some(pattern) = request.match_pattern() else { return };
    let Some(app) = request.app_data::<web::Data<App>>() else { return };
    let extensions = request.extensions();
    let address = || request.app_data::<web::Data<RateLimit>>().and_then(|limit| limit.network(request));
    let operation = || format!("{} {pattern}", request.method());
    if let Some(shown) = extensions.get::<Shown>() {
        if status == 401 {
            app.note_shown(shown.clone(), address().as_deref(), &operation(), status);
        }
    } else if let Some(signed_in) = extensions.get::<SignedIn>().filter(|_| [403, 404].contains(&status)) {
        app.note_denied(&signed_in.actor, address().as_deref(), &operation(), status);
    }
}

/// Where somebody comes in.
pub(super) fn door(limits: &RateLimit, request: &HttpRequest) -> Door {
    let operation = format!("{} {}", request.method(), request.match_pattern().unwrap_or_default());
    Door { address: limits.caller(request), network: limits.network(request), operation }
}

/// Whose, and which page.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AttemptParams {
    /// The agency; the caller's own when absent.
    #[param(value_type = Option<String>, format = "uuid", nullable = false)]
    agency_id: Option<AgencyId>,
    /// `nobody`: what concerns no account of any agency, such as sign-ins with names that do not exist.
    #[param(value_type = Option<String>, nullable = false, pattern = "^nobody$")]
    of: Option<Of>,
    /// Only what stands behind this `seq`: that of the last item of the page before.
    #[serde(default, deserialize_with = "whole_number")]
    #[validate(range(min = 0))]
    #[param(nullable = false, minimum = 0)]
    after: Option<i64>,
    /// How many, 1 to 100; 50 when absent.
    #[serde(default, deserialize_with = "whole_number")]
    #[validate(range(min = 1, max = 100))]
    #[param(nullable = false, minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// Whose attempts beside an agency's.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Of {
    /// Nobody's.
    Nobody,
}

/// Attempts, the oldest first.
#[derive(Serialize, ToSchema)]
pub struct AttemptPage {
    /// They.
    pub items: Vec<AttemptView>,
}

/// What was tried, and how often within a minute.
#[derive(Serialize, ToSchema)]
pub struct AttemptView {
    /// Its place in the agency's chain of attempts, from 1.
    pub seq: u64,
    /// `denied`, `signed_in`, `sign_in_refused`, `locked_out`, `refresh_reused`, `refresh_refused` or `portal_refused`.
    #[schema(example = "sign_in_refused")]
    pub kind: String,
    /// The account, when there is one.
    #[schema(format = "uuid")]
    pub account_id: Option<String>,
    /// A keyed hash of a name that is no account's.
    pub name_hash: Option<String>,
    /// A keyed hash of the address from which it came.
    pub address_hash: Option<String>,
    /// Method and path; `*` where there were too many kinds within the minute.
    #[schema(example = "POST /api/v1/auth/login")]
    pub operation: String,
    /// What was answered.
    #[schema(example = 401)]
    pub status: u16,
    /// How many.
    pub count: u64,
    /// The first of them.
    #[schema(format = "date-time", example = "2026-03-03T01:20:00.000000Z")]
    pub first_at: String,
    /// The last of them.
    #[schema(format = "date-time", example = "2026-03-03T01:20:00.000000Z")]
    pub last_at: String,
    /// The record, as the link hashes it.
    pub record: String,
    /// Its link.
    pub link: String,
}

impl AttemptView {
    fn of(row: SealedAttempt) -> Option<Self> {
        let attempt = read(&row.record)?;
        Some(Self {
            seq: row.seq,
            kind: attempt.kind,
            account_id: attempt.account.map(|account| account.to_string()),
            name_hash: attempt.name_hash,
            address_hash: attempt.address_hash,
            operation: attempt.operation,
            status: attempt.status,
            count: attempt.count,
            first_at: attempt.first_at.to_rfc3339_opts(SecondsFormat::Micros, true),
            last_at: attempt.last_at.to_rfc3339_opts(SecondsFormat::Micros, true),
            record: row.record,
            link: row.link.to_string(),
        })
    }
}

/// List sign-ins and refusals.
///
/// Who signed in, whose sign-in was refused or locked out, which refresh token was shown twice, and what signed-in people were refused, for
/// want of a role or since it is another's or not there. Equal ones of a minute are one row with their count. They stand in a chain of their
/// own, which `gongkai audit verify` checks; names that are no account's, and addresses, are keyed hashes.
#[utoipa::path(
    operation_id = "listAttempts", tag = "record",
    params(AttemptParams),
    responses(
        (status = 200, description = "They", body = AttemptPage),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/audit/attempts")]
pub async fn list(call: Call, params: Params<AttemptParams>) -> Result<HttpResponse, Failure> {
    let sent = params.0;
    let agency = sent.agency_id.unwrap_or(call.actor().agency);
    call.app.allowed(call.actor(), Action::ReadRecord, agency)?;
    let of = match sent.of {
        Some(Of::Nobody) => NOBODY,
        None => agency.0,
    };
    let (after, limit) = (sent.after.unwrap_or(0), i64::from(sent.limit.unwrap_or(50)));
    let found = call.app.attempts_page(of, after, limit).await?;
    Ok(HttpResponse::Ok()
        .json(AttemptPage { items: found.into_iter().filter_map(AttemptView::of).collect() }))
}
