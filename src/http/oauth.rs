//! `/auth/token`: portals sign in (OAuth 2, client credentials). Requests, answers and errors are those of RFC 6749, sections 4.4 and 5.

use actix_web::http::header;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, post, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::attempts::door;
use super::body::Form;
use super::envelope::OwnProtocol;
use super::problem::{Failure, Problem};
use super::rate_limit::RateLimit;
use crate::app::App;
use crate::app::attempts::Shown;
use crate::app::error::AppError;

/// What a portal sends, as a form.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "for the document: the form is read by hand, since parameters that are not known are ignored"
)]
pub struct TokenForm {
    /// `client_credentials`.
    #[schema(example = "client_credentials")]
    grant_type: String,
    /// The portal; left out where the request carries `Authorization: Basic`.
    #[schema(example = "0197a3b2-5a5e-7c3e-9f0a-1c2d3e4f5a6b")]
    client_id: Option<String>,
    /// Its secret; left out with it.
    #[schema(format = Password)]
    client_secret: Option<String>,
}

/// A token for a portal.
#[derive(Serialize, ToSchema)]
pub struct PortalTokenAnswer {
    /// For each request: `Authorization: Bearer …`.
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds until it expires; then ask for another.
    #[schema(example = 600)]
    expires_in: i64,
}

/// An error as RFC 6749, 5.2 writes it.
#[derive(Serialize, ToSchema)]
pub struct OAuthError {
    /// `invalid_request`, `invalid_client`, `unsupported_grant_type`.
    #[schema(example = "invalid_client")]
    error: &'static str,
    /// For the developer.
    error_description: &'static str,
}

/// What is wrong with a request for a token.
#[derive(Clone, Copy)]
enum Wrong {
    /// It is no form, or says something twice or in two ways, or leaves something out.
    Request,
    /// Another grant.
    Grant,
    /// An unknown portal or a wrong secret.
    Client,
}

impl Wrong {
    fn answer(self) -> HttpResponse {
        let (mut response, error, error_description) = match self {
            Self::Request => (
                HttpResponse::BadRequest(),
                "invalid_request",
                "send grant_type=client_credentials as a form, and client_id and client_secret either in it or as \
                 Authorization: Basic, each once",
            ),
            Self::Grant => {
                (HttpResponse::BadRequest(), "unsupported_grant_type", "the only grant is client_credentials")
            }
            Self::Client => (
                HttpResponse::Unauthorized(),
                "invalid_client",
                "the portal is unknown or closed, or the secret is wrong or over",
            ),
        };
        if matches!(self, Self::Client) {
            response.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"gongkai\", charset=\"UTF-8\""));
        }
        let mut answer = response.json(OAuthError { error, error_description });
        answer.extensions_mut().insert(OwnProtocol);
        answer
    }
}

/// Sign a portal in (OAuth 2, client credentials).
///
/// As RFC 6749, section 4.4: a form with `grant_type=client_credentials`; the portal's id and secret in it, or as `Authorization: Basic`. The
/// token is short-lived and not refreshed.
#[utoipa::path(
    operation_id = "token", tag = "sign-in", security(()),
    request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "A token", body = PortalTokenAnswer),
        (status = 400, description = "As RFC 6749, 5.2", body = OAuthError),
        (status = 401, description = "As RFC 6749, 5.2", body = OAuthError),
        (status = 429, description = "Asked too often", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/auth/token")]
pub async fn token(
    app: web::Data<App>,
    limits: web::Data<RateLimit>,
    req: HttpRequest,
    form: Form,
) -> Result<HttpResponse, Failure> {
    let (client_id, secret) = match credentials(&req, form) {
        Ok(found) => found,
        Err(wrong) => return Ok(wrong.answer()),
    };
    req.extensions_mut().insert(Shown::Portal(Zeroizing::new(client_id.clone())));
    match app.portal_sign_in(&door(&limits, &req), &client_id, &secret).await {
        Ok(token) => {
            Ok(HttpResponse::Ok().insert_header((header::PRAGMA, "no-cache")).json(PortalTokenAnswer {
                access_token: token.access,
                token_type: "Bearer",
                expires_in: token.expires_in,
            }))
        }
        Err(AppError::LoginFailed) => Ok(Wrong::Client.answer()),
        Err(other) => Err(other.into()),
    }
}

/// The portal's id and secret, said once and in one way.
fn credentials(req: &HttpRequest, form: Form) -> Result<(String, Zeroizing<String>), Wrong> {
    let pairs = form.0.ok_or(Wrong::Request)?;
    let one = |name: &str| {
        let mut values = pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone());
        let first = values.next();
        if values.next().is_some() { Err(Wrong::Request) } else { Ok(first) }
    };
    let grant = one("grant_type")?.ok_or(Wrong::Request)?;
    let sent = (one("client_id")?, one("client_secret")?.map(Zeroizing::new));
    let found = match (basic(req)?, sent) {
        (None, (Some(id), Some(secret))) => (id, secret),
        (Some((id, secret)), (same, None)) if same.as_ref().is_none_or(|same| *same == id) => (id, secret),
        (None | Some(_), _) => return Err(Wrong::Request),
    };
    if grant == "client_credentials" { Ok(found) } else { Err(Wrong::Grant) }
}

/// What `Authorization: Basic` says, when the request carries it. Ids and secrets have no character that a form would escape.
fn basic(req: &HttpRequest) -> Result<Option<(String, Zeroizing<String>)>, Wrong> {
    let mut headers = req.headers().get_all(header::AUTHORIZATION);
    let Some(value) = headers.next() else { return Ok(None) };
    if headers.next().is_some() {
        return Err(Wrong::Request);
    }
    let parsed = || {
        let (scheme, coded) = value.to_str().ok()?.split_once(' ')?;
        let plain = Zeroizing::new(STANDARD.decode(coded.trim()).ok()?);
        let (id, secret) = std::str::from_utf8(&plain).ok()?.split_once(':')?;
        let found = (id.to_owned(), Zeroizing::new(secret.to_owned()));
        scheme.eq_ignore_ascii_case("basic").then_some(found)
    };
    parsed().map(Some).ok_or(Wrong::Client)
}
