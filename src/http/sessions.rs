//! `/me/sessions`: where one is signed in. `/accounts/{id}`: what an administrator does to the way into an account.

use actix_web::{HttpResponse, delete, get, patch};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::body::Body;
use super::call::{Call, required};
use super::problem::{Failure, Problem};
use crate::domain::ids::{AccountId, SessionId};

/// A stay, from a sign-in to its end. Neither addresses nor devices are kept.
#[derive(Serialize, ToSchema)]
pub struct SessionView {
    /// Opaque id.
    #[schema(format = "uuid")]
    pub id: String,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When its tokens were last renewed.
    pub last_used_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// Whether this request belongs to it.
    pub current: bool,
}

/// The caller's stays that are alive, at most 200.
#[derive(Serialize, ToSchema)]
pub struct SessionList {
    /// The stays, the newest first.
    pub items: Vec<SessionView>,
}

/// List one's own sessions that are alive.
#[utoipa::path(
    operation_id = "listMySessions", tag = "sign-in",
    responses(
        (status = 200, description = "The sessions", body = SessionList),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/me/sessions")]
pub async fn list(call: Call) -> Result<HttpResponse, Failure> {
    let rows = call.app.own_sessions(&call.signed_in).await?;
    let items = rows.iter().map(|row| SessionView {
        id: row.id.0.to_string(),
        began_at: row.created_at.0,
        last_used_at: row.last_used_at.0,
        expires_at: row.expires_at.0,
        current: row.id.0 == call.signed_in.session.0,
    });
    Ok(HttpResponse::Ok().json(SessionList { items: items.collect() }))
}

/// End every session of one's own but this one. It must have begun within ten minutes: sign in again otherwise (403 `sign_in_again`).
#[utoipa::path(
    operation_id = "endMyOtherSessions", tag = "sign-in",
    responses(
        (status = 204, description = "They have ended"),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[delete("/me/sessions")]
pub async fn end_others(call: Call) -> Result<HttpResponse, Failure> {
    call.app.end_other_sessions(&call.signed_in).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// End a session of one's own; ending this one is signing out. To end another, this one must have begun within ten minutes: sign in
/// again otherwise (403 `sign_in_again`).
#[utoipa::path(
    operation_id = "endMySession", tag = "sign-in",
    params(("session_id" = String, Path, description = "The session")),
    responses(
        (status = 204, description = "It has ended"),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[delete("/me/sessions/{session_id}")]
pub async fn end(call: Call) -> Result<HttpResponse, Failure> {
    let session: SessionId = call.path("session_id")?;
    call.app.end_own_session(&call.signed_in, session).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// End every session of somebody else's account. Recorded.
#[utoipa::path(
    operation_id = "endSessionsOfAccount", tag = "set-up",
    params(("account_id" = String, Path, description = "The account")),
    responses(
        (status = 204, description = "They have ended"),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[delete("/accounts/{account_id}/sessions")]
pub async fn end_of(call: Call) -> Result<HttpResponse, Failure> {
    let account: AccountId = call.path("account_id")?;
    call.app.end_sessions_of(call.actor(), account).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Whether an account may sign in.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountChange {
    /// `true`: it may no longer sign in, and its sessions end. `false`: it may again.
    #[validate(required)]
    #[schema(required = true, nullable = false, example = true)]
    disabled: Option<bool>,
}

/// Disable somebody else's account, or enable it again. Recorded.
///
/// An account is never deleted: the record names it. A disabled one looks like none at the sign-in.
#[utoipa::path(
    operation_id = "changeAccount", tag = "set-up",
    params(("account_id" = String, Path, description = "The account")),
    request_body = AccountChange,
    responses(
        (status = 204, description = "It is so from now on"),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[patch("/accounts/{account_id}")]
pub async fn change_account(call: Call, body: Body<AccountChange>) -> Result<HttpResponse, Failure> {
    let account: AccountId = call.path("account_id")?;
    let disabled = required(body.value.disabled, "/disabled")?;
    call.app.set_disabled(call.actor(), account, disabled).await?;
    Ok(HttpResponse::NoContent().finish())
}
