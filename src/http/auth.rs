//! `/auth/*` and `/me`: signing in, staying signed in, signing out, one's own account.

use std::sync::Arc;

use actix_web::{HttpMessage, HttpRequest, HttpResponse, get, post, put, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;
use zeroize::Zeroizing;

use super::attempts::door;
use super::body::{Body, Secret};
use super::call::{Call, required};
use super::problem::{Failure, Problem};
use super::rate_limit::RateLimit;
use crate::app::App;
use crate::app::attempts::Shown;
use crate::app::sign_in::Tokens;
use crate::domain::role::Role;

/// Name and password.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginRequest {
    /// The sign-in name.
    #[validate(required, length(min = 1, max = 256))]
    #[schema(required = true, nullable = false, min_length = 1, max_length = 256, example = "clerk")]
    username: Option<String>,
    /// The password.
    #[validate(required)]
    #[schema(value_type = String, required = true, nullable = false, format = Password, min_length = 1, max_length = 512, example = "Correct-horse-battery-7")]
    password: Option<Secret>,
    /// The one-time code of an account that has a second factor: six digits, good once.
    #[validate(custom(function = six_digits))]
    #[schema(nullable = false, pattern = "^[0-9]{6}$", example = "287082")]
    code: Option<String>,
}

/// Refuses what cannot be a one-time code.
pub(super) fn six_digits(code: &str) -> Result<(), validator::ValidationError> {
    let digits = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    if digits { Ok(()) } else { Err(validator::ValidationError::new("pattern")) }
}

/// What a sign-in hands out.
#[derive(Serialize, ToSchema)]
pub struct TokenAnswer {
    /// For each request: `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// Seconds until the access token expires.
    #[schema(example = 600)]
    pub expires_in: i64,
    /// For the next `/auth/refresh`: good once; shown twice, it ends the session.
    pub refresh_token: String,
    /// Whether the password must be changed before anything else: it is the first, or too old.
    pub must_change_password: bool,
}

pub(super) fn answer(tokens: &Tokens) -> HttpResponse {
    HttpResponse::Ok().json(TokenAnswer {
        access_token: tokens.access.clone(),
        token_type: "Bearer",
        expires_in: tokens.expires_in,
        refresh_token: tokens.refresh.expose().to_owned(),
        must_change_password: tokens.must_change_password,
    })
}

/// Sign in.
///
/// An address, and a name, may be tried so often only: then the answer is 429 with `Retry-After`, whoever the name is. 503 with
/// `Retry-After` when too many passwords wait to be looked at.
#[utoipa::path(
    operation_id = "login", tag = "sign-in", security(()), request_body = LoginRequest,
    responses(
        (status = 200, description = "Tokens", body = TokenAnswer),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/auth/login")]
pub async fn login(
    app: web::Data<App>,
    limits: web::Data<RateLimit>,
    req: HttpRequest,
    body: Body<LoginRequest>,
) -> Result<HttpResponse, Failure> {
    let username = required(body.value.username, "/username")?;
    req.extensions_mut().insert(Shown::Name(Zeroizing::new(username.clone())));
    let secret = required(body.value.password, "/password")?;
    let code = body.value.code.map(Zeroizing::new);
    Ok(answer(&app.login(&door(&limits, &req), username, secret.0, code).await?))
}

/// A refresh token.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshRequest {
    /// The newest refresh token.
    #[validate(required, length(min = 1, max = 256))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 256,
        example = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE"
    )]
    refresh_token: Option<String>,
}

/// Exchange a refresh token for new tokens.
#[utoipa::path(
    operation_id = "refresh", tag = "sign-in", security(()), request_body = RefreshRequest,
    responses(
        (status = 200, description = "Tokens", body = TokenAnswer),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/auth/refresh")]
pub async fn refresh(
    app: web::Data<App>,
    req: HttpRequest,
    body: Body<RefreshRequest>,
) -> Result<HttpResponse, Failure> {
    let shown = required(body.value.refresh_token, "/refresh_token")?;
    req.extensions_mut().insert(Shown::Refresh(Zeroizing::new(shown.clone())));
    Ok(answer(&app.refresh(&shown).await?))
}

/// Sign out: this session ends at once.
#[utoipa::path(
    operation_id = "logout", tag = "sign-in",
    responses(
        (status = 204, description = "Signed out"),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/auth/logout")]
pub async fn logout(call: Call) -> Result<HttpResponse, Failure> {
    call.app.logout(&call.signed_in).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The caller.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// The account.
    #[schema(format = "uuid")]
    pub account_id: String,
    /// The person behind it.
    #[schema(format = "uuid")]
    pub person_id: String,
    /// The sign-in name.
    pub username: String,
    /// The account's home.
    #[schema(format = "uuid")]
    pub agency_id: String,
    /// The roles held.
    pub roles: Vec<RoleView>,
    /// Whether the password must be changed before anything else: it is the first, or too old.
    pub must_change_password: bool,
    /// Whether a second factor must be set before anything else.
    pub must_set_second_factor: bool,
    /// Whether there is one.
    pub second_factor: bool,
    /// From when on the password is too old; `null` when it never is.
    pub password_expires_at: Option<DateTime<Utc>>,
}

/// A role held.
#[derive(Serialize, ToSchema)]
pub struct RoleView {
    /// The role.
    pub role: Role,
    /// Its Chinese name.
    #[schema(example = "受理人员")]
    pub label: &'static str,
    /// Where it is held.
    #[schema(format = "uuid")]
    pub agency_id: String,
    /// The one department to which it is limited.
    #[schema(format = "uuid")]
    pub department_id: Option<String>,
}

/// Who am I?
#[utoipa::path(
    operation_id = "readMe", tag = "sign-in",
    responses(
        (status = 200, description = "The caller", body = Me),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/me")]
pub async fn me(call: Call) -> HttpResponse {
    let actor = call.actor();
    HttpResponse::Ok().json(Me {
        account_id: actor.account.to_string(),
        person_id: actor.person.to_string(),
        username: call.signed_in.username.clone(),
        agency_id: actor.agency.to_string(),
        roles: actor
            .grants
            .iter()
            .map(|grant| RoleView {
                role: grant.role,
                label: grant.role.label_zh(),
                agency_id: grant.agency.to_string(),
                department_id: grant.department.map(|id| id.to_string()),
            })
            .collect(),
        must_change_password: call.signed_in.must_change_password,
        must_set_second_factor: call.signed_in.must_set_second_factor,
        second_factor: call.signed_in.second_factor,
        password_expires_at: call.signed_in.password_expires_at,
    })
}

/// A change of one's own password.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordRequest {
    /// The password that holds.
    #[validate(required)]
    #[schema(value_type = String, required = true, nullable = false, format = Password, max_length = 256)]
    current_password: Option<Secret>,
    /// The password that shall hold: by the profile of the office at least 12 characters of three kinds (`dengbao`), or at least
    /// 15 (`nist`).
    #[validate(required)]
    #[schema(value_type = String, required = true, nullable = false, format = Password, min_length = 12, max_length = 128)]
    new_password: Option<Secret>,
}

/// Change one's own password. Every other session of the account ends.
#[utoipa::path(
    operation_id = "changePassword", tag = "sign-in", request_body = PasswordRequest,
    responses(
        (status = 204, description = "Changed"),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[put("/me/password")]
pub async fn password(call: Call, body: Body<PasswordRequest>) -> Result<HttpResponse, Failure> {
    let current = required(body.value.current_password, "/current_password")?;
    let new = required(body.value.new_password, "/new_password")?;
    let app: &Arc<App> = &call.app;
    app.change_password(&call.signed_in, current.0, new.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
