//! What a handler gets besides the body: who calls, of which case, upon which version, under which retry key.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};

use utoipa::IntoParams;

use super::body::{Body, CivilDate};
use super::case_dto;
use super::envelope;
use super::problem::{self, Failure};
use crate::app::App;
use crate::app::error::{AppError, FieldError};
use crate::app::execute::{Expected, Order, Request};
use crate::app::retry::{Answer, RetryKey};
use crate::app::sign_in::SignedIn;
use crate::domain::ids::CaseId;
use crate::domain::lang::Lang;
use crate::domain::role::Actor;

/// The headers of a command on a case.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes the headers; `Call` reads them")]
pub struct CommandHeaders {
    /// The version decided upon: the ETag of the case. Missing is 428, stale is 412.
    #[param(rename = "If-Match", nullable = false, example = "\"3\"")]
    if_match: Option<String>,
    /// Makes a retry safe: the same key with the same body gives the first answer again; kept for seven days.
    #[param(
        rename = "Idempotency-Key",
        nullable = false,
        pattern = "^[!-~]{1,255}$",
        example = "register-0001"
    )]
    idempotency_key: Option<String>,
}

/// The header of a POST that creates.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes the header; `Call` reads it")]
pub struct RetryHeader {
    /// Makes a retry safe: the same key with the same body gives the first answer again; kept for seven days.
    #[param(
        rename = "Idempotency-Key",
        nullable = false,
        pattern = "^[!-~]{1,255}$",
        example = "receive-0001"
    )]
    idempotency_key: Option<String>,
}

/// A signed-in call.
pub struct Call {
    /// The application.
    pub app: Arc<App>,
    /// Who calls.
    pub signed_in: SignedIn,
    /// The caller's language.
    pub lang: Lang,
    request: HttpRequest,
}

impl FromRequest for Call {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let signed_in = req.extensions().get::<SignedIn>().cloned();
        let app = req.app_data::<web::Data<App>>().map(|app| Arc::clone(app));
        ready(match (app, signed_in) {
            (Some(app), Some(signed_in)) => {
                Ok(Self { app, signed_in, lang: envelope::language(req.headers()), request: req.clone() })
            }
            (_, None) => Err(AppError::Unauthenticated.into()),
            (None, Some(_)) => Err(AppError::Internal("no application".to_owned()).into()),
        })
    }
}

impl Call {
    /// Who calls.
    pub fn actor(&self) -> &Actor {
        &self.signed_in.actor
    }

    /// The query as it was sent.
    pub fn query(&self) -> &str {
        self.request.query_string()
    }

    /// The path as it was sent.
    pub fn url_path(&self) -> &str {
        self.request.path()
    }

    /// A parameter of the path; one that does not parse names nothing that exists.
    ///
    /// # Errors
    /// Not found.
    pub fn path<T: std::str::FromStr>(&self, name: &str) -> Result<T, Failure> {
        let text = self.request.match_info().get(name).unwrap_or("");
        text.parse().map_err(|_| AppError::NotFound.into())
    }

    /// The number in the path that counts assignments or dispatches, from 1.
    ///
    /// # Errors
    /// Not found.
    pub fn n(&self) -> Result<u32, Failure> {
        let n: i32 = self.path("n")?;
        u32::try_from(n).map_err(|_| AppError::NotFound.into())
    }

    /// The case in the path.
    ///
    /// # Errors
    /// Not found.
    pub fn case(&self) -> Result<CaseId, Failure> {
        self.path("case_id")
    }

    /// The retry key, when the call carries one: 1 to 255 visible ASCII characters.
    ///
    /// # Errors
    /// An unusable key.
    pub fn retry(&self, body: &[u8]) -> Result<Option<RetryKey>, Failure> {
        let mut keys = self.request.headers().get_all("idempotency-key");
        let Some(value) = keys.next() else { return Ok(None) };
        let key = value.to_str().unwrap_or("").trim();
        let usable = (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        if !usable || keys.next().is_some() {
            return Err(Failure::fields(vec![FieldError::new(
                "Idempotency-Key",
                "pattern",
                "Idempotency-Key 应为 1–255 个可见 ASCII 字符，且只出现一次。",
                "An Idempotency-Key is 1 to 255 visible ASCII characters, given once.",
            )]));
        }
        Ok(Some(RetryKey {
            method: self.request.method().to_string(),
            path: self.request.path().to_owned(),
            key: key.to_owned(),
            body_hash: RetryKey::hash(body),
        }))
    }

    /// The version the caller decided upon (`If-Match`, RFC 9110: any of those listed).
    pub fn expected(&self) -> Expected {
        let lines: Vec<&str> = self
            .request
            .headers()
            .get_all(header::IF_MATCH)
            .map(|value| value.to_str().unwrap_or("").trim())
            .collect();
        if lines.is_empty() {
            return Expected::Missing;
        }
        if lines.contains(&"*") {
            return Expected::Any;
        }
        let version = |tag: &str| tag.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok();
        Expected::OneOf(lines.iter().flat_map(|line| line.split(',')).filter_map(version).collect())
    }

    /// Carries out a command on the case in the path.
    ///
    /// # Errors
    /// As [`App::execute`].
    pub async fn execute<T>(
        &self,
        order: Order,
        on: Option<CivilDate>,
        body: &Body<T>,
    ) -> Result<HttpResponse, Failure> {
        let request = Request {
            actor: self.actor().clone(),
            case: self.case()?,
            order,
            on: on.map(|date| date.0),
            expected: self.expected(),
            retry: self.retry(&body.bytes)?,
            render: case_dto::answer,
        };
        Ok(respond(self.app.execute(request).await?))
    }
}

/// Puts an answer on the wire.
pub fn respond(answer: Answer) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    response.content_type("application/json");
    if let Some(etag) = answer.etag {
        response.insert_header((header::ETAG, etag));
    }
    if let Some(location) = answer.location {
        response.insert_header((header::LOCATION, location));
    }
    response.body(answer.body)
}

/// A required field that the checks have let through: absent only if a check is missing.
///
/// # Errors
/// `required`.
pub fn required<T>(value: Option<T>, pointer: &str) -> Result<T, Failure> {
    value.ok_or_else(|| {
        Failure::fields(vec![FieldError::new(pointer, "required", "必须填写。", "This field is required.")])
    })
}

/// The answer to a request that no route takes (one whose path knows other methods was refused before, see the envelope).
pub async fn no_route() -> HttpResponse {
    use actix_web::ResponseError;
    Failure::of(problem::NOT_FOUND).error_response()
}

/// The answer to a method that a path of ours does not know.
pub fn other_methods(allow: &str) -> HttpResponse {
    use actix_web::ResponseError;
    let mut response = Failure::of(problem::METHOD_NOT_ALLOWED).error_response();
    if let Ok(value) = header::HeaderValue::from_str(allow) {
        response.headers_mut().insert(header::ALLOW, value);
    }
    response
}
