//! `/auth/oidc/*`: signing in with the office's identity provider. `/accounts/{id}/provider-identity`: who is who there.

use actix_web::http::header;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, delete, get, put, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;
use zeroize::Zeroizing;

use super::attempts::door;
use super::auth::{TokenAnswer, answer};
use super::body::{Body, not_blank};
use super::call::{Call, required};
use super::problem::{Failure, Problem};
use super::rate_limit::RateLimit;
use crate::app::App;
use crate::app::attempts::Shown;
use crate::app::provider_sign_in::CameBack;
use crate::domain::ids::AccountId;
use crate::provider::FLOW_LASTS;

/// What the browser keeps while somebody is at the provider.
const COOKIE: &str = "gongkai_oidc";
/// The two operations to which the browser shows it.
const COOKIE_PATH: &str = "/api/v1/auth/oidc";

/// `Set-Cookie`: no script reads it, and other sites send it only by sending the browser here.
fn set_cookie(value: &str, seconds: i64, secure: bool) -> (header::HeaderName, String) {
    let secure = if secure { "; Secure" } else { "" };
    let cookie =
        format!("{COOKIE}={value}; Path={COOKIE_PATH}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    (header::SET_COOKIE, cookie)
}

/// The cookie that the browser shows, when there is exactly one.
fn shown_cookie(req: &HttpRequest) -> Option<String> {
    let headers = req.headers().get_all(header::COOKIE).filter_map(|value| value.to_str().ok());
    let pairs = headers.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut ours = pairs.filter(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_owned());
    let first = ours.next()?;
    ours.next().is_none().then_some(first)
}

/// Sign in with the identity provider: sends the browser there.
///
/// Authorization code flow with PKCE (OpenID Connect). The browser keeps a cookie for ten minutes, without which nobody can come back.
/// 409 when the office has no identity provider; 429 and 503 with `Retry-After`.
#[utoipa::path(
    operation_id = "startProviderSignIn", tag = "sign-in", security(()),
    responses(
        (status = 303, description = "To the provider", headers(("Location" = String, description = "Where to"), ("Set-Cookie" = String, description = "For the way back"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/auth/oidc/start")]
pub async fn start(
    app: web::Data<App>,
    limits: web::Data<RateLimit>,
    req: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let begun = app.begin_provider_sign_in(limits.caller(&req)).await?;
    Ok(HttpResponse::SeeOther()
        .insert_header((header::LOCATION, begun.location))
        .insert_header(set_cookie(&begun.cookie, FLOW_LASTS.num_seconds(), begun.secure))
        .finish())
}

/// What the provider sends the browser back with. Anything else that it adds is ignored (RFC 6749, 4.1.2).
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "for the document: the query is read by hand, since parameters that are not known are ignored"
)]
pub struct CallbackParams {
    /// The code, good once.
    #[param(nullable = false, max_length = 2048, example = "SplxlOBeZQQYbYS6WxSbIA")]
    code: Option<String>,
    /// The state that was sent there.
    #[param(nullable = false, max_length = 256, example = "af0ifjsldkj")]
    state: Option<String>,
    /// The provider, where it says so (RFC 9207).
    #[param(nullable = false, max_length = 2048)]
    iss: Option<String>,
}

/// Come back from the identity provider: tokens, as a sign-in with a password gives them.
///
/// The provider sends the browser here, or to a page of the office's own that hands the query on from the same site. Whatever is wrong, the
/// answer is the same 401. 503 when the provider does not answer. An account is needed that an administrator has bound to what the provider
/// calls its holder; who has a second factor here must have shown one there.
#[utoipa::path(
    operation_id = "endProviderSignIn", tag = "sign-in", security(()), params(CallbackParams),
    responses(
        (status = 200, description = "Tokens", body = TokenAnswer),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/auth/oidc/callback")]
pub async fn callback(
    app: web::Data<App>,
    limits: web::Data<RateLimit>,
    req: HttpRequest,
) -> Result<HttpResponse, Failure> {
    // A refusal is noted as nobody's.
    req.extensions_mut().insert(Shown::Name(Zeroizing::default()));
    let ended = app.end_provider_sign_in(&door(&limits, &req), came_back(&req)).await?;
    let mut response = answer(&ended.tokens);
    // It was used: the browser may forget it. (What was used is not taken again, forgotten or not.)
    let (name, cookie) = set_cookie("", 0, ended.secure);
    if let Ok(cookie) = header::HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(name, cookie);
    }
    Ok(response)
}

/// What the browser brings back; `None` when something is missing, or there twice, or the provider refused.
fn came_back(req: &HttpRequest) -> Option<CameBack> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(req.query_string()).ok()?.into_inner();
    let all = |name: &str| {
        let values = pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone());
        values.collect::<Vec<_>>()
    };
    let one = |name: &str| <[String; 1]>::try_from(all(name)).ok().map(|[value]| value);
    let issuer = match all("iss").as_slice() {
        [] => None,
        [issuer] => Some(issuer.clone()),
        _ => return None,
    };
    if !all("error").is_empty() {
        return None;
    }
    Some(CameBack { code: one("code")?, state: one("state")?, issuer, cookie: shown_cookie(req)? })
}

/// What the provider calls somebody.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProviderIdentityRequest {
    /// What the claim that the settings name says of him, letter by letter: usually `sub`. A keyed hash is kept.
    #[validate(required, length(min = 1, max = 255), custom(function = not_blank))]
    #[schema(required = true, nullable = false, min_length = 1, max_length = 255, example = "248289761001")]
    subject: Option<String>,
}

/// Bind somebody else's account to what the identity provider calls its holder. Its sessions end. Recorded.
#[utoipa::path(
    operation_id = "bindAccount", tag = "set-up", request_body = ProviderIdentityRequest,
    params(("account_id" = String, Path, description = "The account")),
    responses(
        (status = 204, description = "He may sign in there"),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[put("/accounts/{account_id}/provider-identity")]
pub async fn bind(call: Call, body: Body<ProviderIdentityRequest>) -> Result<HttpResponse, Failure> {
    let account: AccountId = call.path("account_id")?;
    let subject = required(body.value.subject, "/subject")?;
    call.app.bind_account(call.actor(), account, &subject).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// End that somebody else's account is bound to the identity provider. Its sessions end. Recorded.
#[utoipa::path(
    operation_id = "unbindAccount", tag = "set-up",
    params(("account_id" = String, Path, description = "The account")),
    responses(
        (status = 204, description = "It is bound to nobody there"),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[delete("/accounts/{account_id}/provider-identity")]
pub async fn unbind(call: Call) -> Result<HttpResponse, Failure> {
    let account: AccountId = call.path("account_id")?;
    call.app.unbind_account(call.actor(), account).await?;
    Ok(HttpResponse::NoContent().finish())
}
