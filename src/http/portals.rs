//! `/portals`: services that hand requests in (门户), opened by a system administrator; `/portal/requests`: what the caller, a portal,
//! handed in.

use actix_web::{HttpResponse, delete, get, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::body::{Body, Params, not_blank, whole_number};
use super::call::{Call, RetryHeader, required, respond};
use super::page::{unknown_cursor, with_link};
use super::problem::{Failure, Problem};
use crate::app::portal_requests::Followed;
use crate::app::portals::SecretMade;
use crate::app::retry::Answer;
use crate::domain::ids::PortalId;
use crate::domain::outcome::Outcome;
use crate::domain::portal::{Progress, names_a_request};
use crate::store::PortalLine;

/// A portal.
#[derive(Serialize, ToSchema)]
pub struct PortalView {
    /// Its id, which is its `client_id` at `/auth/token`.
    #[schema(format = "uuid")]
    pub id: String,
    /// Its name.
    #[schema(example = "市政府门户网站")]
    pub name: String,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was closed; `null` while it hands requests in.
    pub closed_at: Option<DateTime<Utc>>,
    /// The secrets that are good now, the oldest first; what they are nobody can read.
    pub secrets: Vec<SecretView>,
}

/// A secret of a portal.
#[derive(Serialize, ToSchema)]
pub struct SecretView {
    /// Which of its secrets, from 1.
    pub n: i32,
    /// When it was issued.
    pub created_at: DateTime<Utc>,
    /// Until when it is good; `null` until a newer one is issued.
    pub expires_at: Option<DateTime<Utc>>,
}

/// The portals of an agency, by name.
#[derive(Serialize, ToSchema)]
pub struct PortalList {
    /// They.
    pub items: Vec<PortalView>,
}

fn portal((row, secrets): &PortalLine) -> PortalView {
    PortalView {
        id: row.id.0.to_string(),
        name: row.name.clone(),
        created_at: row.created_at.0,
        closed_at: row.closed_at.map(|at| at.0),
        secrets: secrets
            .iter()
            .map(|secret| SecretView {
                n: secret.n,
                created_at: secret.created_at.0,
                expires_at: secret.expires_at.map(|at| at.0),
            })
            .collect(),
    }
}

/// List the portals of the caller's agency.
#[utoipa::path(
    operation_id = "listPortals", tag = "portals",
    responses(
        (status = 200, description = "The portals", body = PortalList),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/portals")]
pub async fn list(call: Call) -> Result<HttpResponse, Failure> {
    let lines = call.app.portals(call.actor()).await?;
    Ok(HttpResponse::Ok().json(PortalList { items: lines.iter().map(portal).collect() }))
}

/// A portal to be opened.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PortalRequest {
    /// Its name, unlike every other of the agency.
    #[validate(required, length(min = 1, max = 100), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 100,
        example = "市政府门户网站"
    )]
    name: Option<String>,
}

/// A portal's new secret. It is shown in this answer only: keep it.
#[derive(Serialize, ToSchema)]
pub struct SecretAnswer {
    /// The portal, at `/auth/token`.
    #[schema(format = "uuid")]
    pub client_id: String,
    /// The secret.
    #[schema(format = Password, example = "gkp_Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE")]
    pub client_secret: String,
    /// Which of its secrets, from 1.
    pub n: i32,
    /// Until when those before are good; `null` when there are none.
    pub others_until: Option<DateTime<Utc>>,
}

fn secret_made(made: &SecretMade) -> Answer {
    let view = SecretAnswer {
        client_id: made.portal.id.0.to_string(),
        client_secret: made.secret.expose().to_string(),
        n: made.n,
        others_until: made.others_until,
    };
    let body = serde_json::to_string(&view).unwrap_or_default();
    Answer { status: 201, etag: None, location: None, body }
}

/// Open a portal at the caller's agency (开通门户), with its first secret.
///
/// It signs in at `/auth/token`, hands requests in at `/cases` (`channel` is `online`), and follows them at `/portal/requests`.
#[utoipa::path(
    operation_id = "openPortal", tag = "portals", params(RetryHeader), request_body = PortalRequest,
    responses(
        (status = 201, description = "Its first secret, shown once", body = SecretAnswer),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/portals")]
pub async fn open(call: Call, body: Body<PortalRequest>) -> Result<HttpResponse, Failure> {
    let retry = call.retry(&body.bytes)?;
    let name = required(body.value.name, "/name")?;
    Ok(respond(call.app.open_portal(call.actor(), &name, retry, secret_made).await?))
}

/// A further secret.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretRequest {
    /// For how many hours the secrets before stay good; 24 when absent. With 0 they end at once, and so does what was begun with them.
    #[serde(default, deserialize_with = "whole_number")]
    #[validate(range(min = 0, max = 720))]
    #[schema(minimum = 0, maximum = 720, example = 24)]
    overlap_hours: Option<u32>,
}

/// Give a portal a further secret (更换密钥): the ones before stay good for a while, so that no request is lost.
#[utoipa::path(
    operation_id = "issuePortalSecret", tag = "portals",
    params(("portal_id" = String, Path, description = "The portal"), RetryHeader),
    request_body = SecretRequest,
    responses(
        (status = 201, description = "The secret, shown once", body = SecretAnswer),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/portals/{portal_id}/secrets")]
pub async fn issue_secret(call: Call, body: Body<SecretRequest>) -> Result<HttpResponse, Failure> {
    let portal: PortalId = call.path("portal_id")?;
    let retry = call.retry(&body.bytes)?;
    let hours = body.value.overlap_hours.unwrap_or(24);
    Ok(respond(call.app.issue_portal_secret(call.actor(), portal, hours, retry, secret_made).await?))
}

/// Close a portal (关闭门户): its secrets and its tokens end at once; what it handed in goes on.
#[utoipa::path(
    operation_id = "closePortal", tag = "portals",
    params(("portal_id" = String, Path, description = "The portal")),
    responses(
        (status = 204, description = "It is closed"),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[delete("/portals/{portal_id}")]
pub async fn close(call: Call) -> Result<HttpResponse, Failure> {
    call.app.close_portal(call.actor(), call.path("portal_id")?).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A request that the caller handed in.
#[derive(Serialize, ToSchema)]
pub struct FollowedView {
    /// The portal's own name of it.
    #[schema(example = "2026-000123")]
    pub portal_request_id: String,
    /// The case.
    #[schema(format = "uuid")]
    pub case_id: String,
    /// Its registration number; `null` until it is registered.
    #[schema(example = "公申〔2026〕12号")]
    pub number: Option<String>,
    /// How it stands.
    pub progress: Progress,
    /// The same in Chinese.
    #[schema(example = "办理中")]
    pub label: &'static str,
    /// The day it arrived.
    pub arrived_on: NaiveDate,
    /// The date of receipt (Art. 31).
    pub received_on: Option<NaiveDate>,
    /// The last day for the reply (Art. 33); `null` while the applicant is asked for something, and once it is answered.
    pub due_on: Option<NaiveDate>,
    /// Whether that day may still change: the holidays of a year are not published.
    pub provisional: bool,
    /// The last day for what the applicant is asked for: a correction, a payment.
    pub applicant_due_on: Option<NaiveDate>,
    /// What was answered.
    pub outcome: Option<Outcome>,
    /// When it came to its end.
    pub concluded_on: Option<NaiveDate>,
}

fn followed(it: Followed) -> FollowedView {
    FollowedView {
        portal_request_id: it.request,
        case_id: it.case.to_string(),
        number: it.number,
        progress: it.progress,
        label: it.progress.label_zh(),
        arrived_on: it.arrived_on,
        received_on: it.received_on,
        due_on: it.due_on,
        provisional: it.provisional,
        applicant_due_on: it.applicant_due_on,
        outcome: it.outcome,
        concluded_on: it.concluded_on,
    }
}

/// A page of requests that the caller handed in.
#[derive(Serialize, ToSchema)]
pub struct FollowedPageView {
    /// They, by the portal's names of them.
    pub items: Vec<FollowedView>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// Which page.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FollowParams {
    /// Where the page before ended.
    #[param(nullable = false)]
    cursor: Option<String>,
    /// How many, 1 to 200; 50 when absent.
    #[serde(default, deserialize_with = "whole_number")]
    #[validate(range(min = 1, max = 200))]
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// List the requests that the caller, a portal, handed in.
#[utoipa::path(
    operation_id = "listPortalRequests", tag = "portals", params(FollowParams),
    responses(
        (status = 200, description = "A page", body = FollowedPageView, headers(("Link" = Option<String>, description = "The next page, rel=next"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/portal/requests")]
pub async fn follow_all(call: Call, params: Params<FollowParams>) -> Result<HttpResponse, Failure> {
    let after = params.0.cursor;
    if after.as_deref().is_some_and(|after| !names_a_request(after)) {
        return Err(unknown_cursor());
    }
    let page = call.app.followed_page(call.actor(), after, params.0.limit.unwrap_or(50)).await?;
    let items = page.items.into_iter().map(followed).collect();
    let shown = FollowedPageView { items, next_cursor: page.next };
    Ok(with_link(&call, shown.next_cursor.as_deref(), &shown))
}

/// Read how a request stands that the caller, a portal, handed in.
#[utoipa::path(
    operation_id = "readPortalRequest", tag = "portals",
    params(("portal_request_id" = String, Path, description = "The portal's own name of it")),
    responses(
        (status = 200, description = "The request", body = FollowedView),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/portal/requests/{portal_request_id}")]
pub async fn follow(call: Call) -> Result<HttpResponse, Failure> {
    let request: String = call.path("portal_request_id")?;
    Ok(HttpResponse::Ok().json(followed(call.app.followed(call.actor(), request).await?)))
}
