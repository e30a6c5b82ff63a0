//! What every request goes through: a name in the log, the sign-in, the headers that every answer carries, and the
//! writing of problem documents in the caller's language.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError, web};

use super::body::no_params;
use super::call::other_methods;
use super::problem::{self, Failure, Told};
use super::rate_limit::RateLimit;
use super::routes::{Found, Routes};
use crate::app::App;
use crate::app::error::AppError;
use crate::crypto::random;
use crate::domain::lang::Lang;

/// The request's name in the log and in problem documents.
#[derive(Clone)]
pub struct RequestId(pub String);

/// Marks an answer whose errors are written as another specification says (RFC 6749, 5.2).
pub struct OwnProtocol;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Operations that are open to somebody who must change his password first.
const OPEN_BEFORE_PASSWORD: &[&str] = &["/api/v1/me", "/api/v1/me/password", "/api/v1/auth/logout"];

/// Operations that are open to somebody who must set a second factor first.
const OPEN_BEFORE_SECOND_FACTOR: &[&str] =
    &["/api/v1/me/second-factor", "/api/v1/me/second-factor/confirmation"];

/// The languages a caller accepts: the first of Chinese and English by weight, Chinese when neither is named.
pub fn language(headers: &header::HeaderMap) -> Lang {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let mut best = (0_u32, Lang::Zh);
    for item in accepted.split(',') {
        let mut parts = item.split(';');
        let tag = parts.next().unwrap_or("").trim().to_ascii_lowercase();
        let weight = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1000, thousandths);
        let lang = match tag.split('-').next() {
            Some("zh") => Lang::Zh,
            Some("en") => Lang::En,
            Some(_) | None => continue,
        };
        if weight > best.0 {
            best = (weight, lang);
        }
    }
    best.1
}

/// The weight of an accepted language or form, in thousandths.
pub(super) fn thousandths(weight: &str) -> u32 {
    let (whole, fraction) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    match whole {
        "1" => 1000,
        "0" => digits.parse().unwrap_or(0),
        _ => 0,
    }
}

/// The outermost layer.
///
/// # Errors
/// Only those of actix itself.
pub async fn envelope(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let id = RequestId(random::token_base64url(12));
    req.extensions_mut().insert(id.clone());
    let lang = language(req.headers());
    let started = Instant::now();
    let method = req.method().clone();
    let api = req.path().starts_with("/api/");
    // The request must not be cloned before it is routed: the router needs it for itself.
    let mut response = match admit(&req).await {
        Err(refused) => req.into_response(refused).map_into_boxed_body(),
        Ok(()) => next.call(req).await?.map_into_boxed_body(),
    };
    response = tell(response, lang, &id.0);
    super::attempts::note(&response);
    let docs = response.request().path().starts_with("/docs");
    secure(response.response_mut(), &id.0, docs);
    let pattern = response.request().match_pattern().unwrap_or_else(|| "-".to_owned());
    let status = response.status().as_u16();
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    if api || status >= 500 {
        tracing::info!(request_id = %id.0, %method, %pattern, status, duration_ms, "request");
    }
    Ok(response)
}

/// Deny by default: an operation that is not public needs a live sign-in, one that is limited is not asked too often, and no parameter is taken that the document
/// does not name (those of an operation that has some are its handler's to check).
/// A method that the path does not know goes no further, since the router might find a template that the path fits too.
async fn admit(req: &ServiceRequest) -> Result<(), HttpResponse> {
    let routes = req.app_data::<web::Data<Routes>>();
    let found = routes.map_or(Found::Nothing, |routes| routes.find(req.method(), req.path()));
    match found {
        Found::Operation { public, limited, has_parameters } => {
            admit_to(req, public, limited, has_parameters).await.map_err(|failure| failure.error_response())
        }
        Found::OtherMethods(allow) => Err(other_methods(&allow)),
        Found::Nothing => Ok(()),
    }
}

async fn admit_to(
    req: &ServiceRequest,
    public: bool,
    limited: bool,
    has_parameters: bool,
) -> Result<(), Failure> {
    if limited && let Some(limit) = req.app_data::<web::Data<RateLimit>>() {
        limit.admit(req)?;
    }
    if !public {
        authenticate(req).await?;
    }
    if has_parameters { Ok(()) } else { no_params(req.query_string()) }
}

async fn authenticate(req: &ServiceRequest) -> Result<(), Failure> {
    let app = req
        .app_data::<web::Data<App>>()
        .cloned()
        .ok_or_else(|| Failure::from(AppError::Internal("no application".to_owned())))?;
    let token = req
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim().to_owned())
        .ok_or(AppError::Unauthenticated)?;
    let signed_in = app.authenticate(&token).await?;
    if signed_in.must_change_password && !OPEN_BEFORE_PASSWORD.contains(&req.path()) {
        return Err(AppError::PasswordChangeRequired.into());
    }
    let open = || [OPEN_BEFORE_PASSWORD, OPEN_BEFORE_SECOND_FACTOR].concat().contains(&req.path());
    if signed_in.must_set_second_factor && !open() {
        return Err(AppError::SecondFactorWanted.into());
    }
    req.extensions_mut().insert(signed_in);
    Ok(())
}

/// Writes the problem document of an answer that is an error.
fn tell(response: ServiceResponse<BoxBody>, lang: Lang, request_id: &str) -> ServiceResponse<BoxBody> {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    if response.response().extensions().get::<OwnProtocol>().is_some() {
        return response;
    }
    let told = response.response().extensions().get::<Told>().cloned();
    let told = told.unwrap_or_else(|| Told::of(problem::of_status(status)));
    let problem = told.problem(lang, request_id);
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut answer = HttpResponse::build(status);
    answer.insert_header((header::CONTENT_TYPE, "application/problem+json"));
    answer.insert_header((header::CONTENT_LANGUAGE, lang.pick("zh-CN", "en")));
    if let Some(allow) = allow {
        answer.insert_header((header::ALLOW, allow));
    }
    if let Some(seconds) = told.retry_after() {
        answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    if status.as_u16() == 401 {
        answer.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"gongkai\""));
    }
    let body = serde_json::to_string(&problem).unwrap_or_default();
    response.into_response(answer.body(body)).map_into_boxed_body()
}

/// The headers of every answer (OWASP: nothing cached, nothing framed, nothing guessed).
fn secure(response: &mut HttpResponse<BoxBody>, request_id: &str, docs: bool) {
    let policy = if docs {
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data:; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    } else {
        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"
    };
    let headers = response.headers_mut();
    let mut put = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    if !docs {
        put(header::CACHE_CONTROL, "no-store");
    }
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::CONTENT_SECURITY_POLICY, policy);
    put(header::REFERRER_POLICY, "no-referrer");
    // For a year; who speaks plain HTTP to it must ignore this (RFC 6797, 8.1).
    put(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    put(header::VARY, "Accept, Accept-Language");
    put(REQUEST_ID, request_id);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_the_caller_prefers() {
        let of = |value: &str| {
            let mut headers = header::HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_str(value).unwrap());
            language(&headers)
        };
        assert_eq!(language(&header::HeaderMap::new()), Lang::Zh);
        assert_eq!(of("en-GB,en;q=0.9"), Lang::En);
        assert_eq!(of("zh-CN,zh;q=0.9,en;q=0.8"), Lang::Zh);
        assert_eq!(of("fr, en;q=0.3, zh;q=0.2"), Lang::En);
        assert_eq!(of("de"), Lang::Zh);
        assert_eq!(of("en;q=0"), Lang::Zh);
    }
}
