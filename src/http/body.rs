//! Reading what callers send: JSON bodies, parameters. Every bad field is reported at once, with its JSON pointer,
//! its reason and what would be right.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use chrono::{Datelike, NaiveDate};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use validator::Validate;

use super::field_errors::{nul_fields, rule_errors, told, unescaped};
use super::object::Object;
use super::problem::{self, Failure};
use crate::app::error::FieldError;
use crate::crypto::password::Password;

/// The largest body of a command.
const MOST_BYTES: usize = 256 * 1024;
/// The largest body of a calculation: too many facts are told in words, as long as they can be read.
const MOST_BYTES_OF_A_CALCULATION: usize = 2 * 1024 * 1024;
/// The largest form.
const MOST_BYTES_OF_A_FORM: usize = 8 * 1024;
/// How long a body may take to arrive.
const DEADLINE: Duration = Duration::from_secs(15);
/// How many bad fields are told at once.
const MOST_ERRORS: usize = 50;

/// A JSON body, parsed and checked, with the bytes it came as.
pub struct Body<T> {
    /// What was sent.
    pub value: T,
    /// The bytes, for the hash that binds a retry key.
    pub bytes: web::Bytes,
}

/// The JSON body of a calculation, which may be larger than that of a command.
pub struct LargeBody<T>(pub T);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Body<T> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = json_bytes(req, payload, MOST_BYTES);
        Box::pin(async move {
            let bytes = bytes.await?;
            parse(&bytes).map(|value| Self { value, bytes })
        })
    }
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for LargeBody<T> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = json_bytes(req, payload, MOST_BYTES_OF_A_CALCULATION);
        Box::pin(async move { parse(&bytes.await?).map(Self) })
    }
}

/// The bytes of a JSON body of so many bytes at most.
fn json_bytes(
    req: &HttpRequest,
    payload: &mut Payload,
    most: usize,
) -> impl Future<Output = Result<web::Bytes, Failure>> + 'static {
    let media = media_type(req);
    let announced = announced_length(req);
    let payload = payload.take();
    async move {
        let bytes = tokio::time::timeout(DEADLINE, read(payload, announced, most))
            .await
            .map_err(|_| Failure::of(problem::REQUEST_TIMEOUT))??;
        media.map(|()| bytes)
    }
}

/// The parameters of a form (`application/x-www-form-urlencoded`), as OAuth 2 sends them; `None` when the body is no such form.
pub struct Form(pub Option<Vec<(String, String)>>);

impl FromRequest for Form {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_form = is_of_type(req, "application/x-www-form-urlencoded");
        let announced = announced_length(req);
        let payload = payload.take();
        Box::pin(async move {
            let bytes = tokio::time::timeout(DEADLINE, read(payload, announced, MOST_BYTES_OF_A_FORM))
                .await
                .map_err(|_| Failure::of(problem::REQUEST_TIMEOUT))??;
            let text = std::str::from_utf8(&bytes).ok().filter(|_| is_form);
            let pairs = text.and_then(|text| web::Query::<Vec<(String, String)>>::from_query(text).ok());
            Ok(Self(pairs.map(web::Query::into_inner)))
        })
    }
}

fn is_of_type(req: &HttpRequest, wanted: &str) -> bool {
    let value = req.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    value.split(';').next().unwrap_or("").trim().eq_ignore_ascii_case(wanted)
}

fn media_type(req: &HttpRequest) -> Result<(), Failure> {
    if is_of_type(req, "application/json") {
        Ok(())
    } else {
        Err(Failure::of(problem::UNSUPPORTED_MEDIA_TYPE))
    }
}

fn announced_length(req: &HttpRequest) -> usize {
    let length = req.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    length.and_then(|length| length.parse().ok()).unwrap_or(0)
}

async fn read(mut payload: Payload, announced: usize, most: usize) -> Result<web::Bytes, Failure> {
    if announced > most {
        return Err(too_large(most));
    }
    let mut bytes = web::BytesMut::with_capacity(announced.min(MOST_BYTES));
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Failure::of(problem::MALFORMED))?;
        if bytes.len().saturating_add(chunk.len()) > most {
            return Err(too_large(most));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

fn too_large(most: usize) -> Failure {
    let most = most / 1024;
    Failure::with(
        problem::TOO_LARGE,
        format!("请求内容最大 {most} KiB。"),
        format!("A body has at most {most} KiB."),
    )
}

/// Parses and checks a body.
///
/// # Errors
/// Every bad field, or that it is no JSON.
pub fn parse<T: DeserializeOwned + Validate>(bytes: &[u8]) -> Result<T, Failure> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let parsed = serde_path_to_error::deserialize::<_, Object<T>>(&mut deserializer).map(|object| object.0);
    let whole = deserializer.end();
    match parsed {
        Ok(value) => {
            whole.map_err(|error| malformed(&error))?;
            let nul = if may_hold_nul(bytes) { nul_fields(bytes) } else { Vec::new() };
            if !nul.is_empty() {
                return Err(Failure::fields(nul));
            }
            value.validate().map_err(|errors| Failure::fields(rule_errors(&errors))).map(|()| value)
        }
        Err(error) if error.inner().is_data() => {
            let message = error.inner().to_string();
            if message.starts_with("duplicate field") {
                return Err(Failure::fields(vec![told(error.path(), &message)]));
            }
            let value = serde_json::from_slice(bytes).map_err(|error| malformed(&error))?;
            diagnose::<T>(value)
        }
        Err(error) => Err(malformed(error.inner())),
    }
}

fn malformed(error: &serde_json::Error) -> Failure {
    let (line, column) = (error.line(), error.column());
    Failure::with(
        problem::MALFORMED,
        format!("不是有效的 JSON（第 {line} 行第 {column} 列）。"),
        format!("This is not JSON (line {line}, column {column})."),
    )
}

/// PostgreSQL stores no NUL character; no text of ours has a use for one. These bytes may also be an escaped backslash
/// and the text `u0000`.
fn may_hold_nul(bytes: &[u8]) -> bool {
    bytes.windows(6).any(|window| window == br"\u0000")
}

/// Finds every bad field: takes out the one the parser stumbles over and parses again, then checks the rest.
fn diagnose<T: DeserializeOwned + Validate>(mut value: Value) -> Result<T, Failure> {
    let mut errors: Vec<FieldError> = Vec::new();
    let mut taken_out: Vec<(String, usize)> = Vec::new();
    for _ in 0..MOST_ERRORS {
        match serde_path_to_error::deserialize::<_, Object<T>>(&value) {
            Ok(Object(parsed)) => {
                let broken = parsed.validate().err().iter().flat_map(rule_errors).collect::<Vec<_>>();
                errors.extend(broken.into_iter().map(|error| as_sent(error, &taken_out)));
                // What was taken out is not also missing: the first complaint about a field is the one told.
                let mut seen = BTreeSet::new();
                errors.retain(|error| seen.insert(error.pointer.clone()));
                return if errors.is_empty() { Ok(parsed) } else { Err(Failure::fields(errors)) };
            }
            Err(error) => {
                let found = told(error.path(), &error.inner().to_string());
                let pointer = found.pointer.clone();
                errors.push(as_sent(found, &taken_out));
                if !remove(&mut value, &pointer, &mut taken_out) {
                    break;
                }
            }
        }
    }
    Err(Failure::fields(errors))
}

/// Takes out what a pointer names; of an item, remembers the array and the place.
fn remove(value: &mut Value, pointer: &str, taken_out: &mut Vec<(String, usize)>) -> bool {
    let Some((parent, last)) = pointer.rsplit_once('/') else { return false };
    match value.pointer_mut(parent) {
        Some(Value::Object(members)) => members.remove(&unescaped(last)).is_some(),
        Some(Value::Array(items)) => match last.parse::<usize>() {
            Ok(n) if n < items.len() => {
                items.remove(n);
                taken_out.push((format!("{parent}/"), n));
                true
            }
            Ok(_) | Err(_) => false,
        },
        Some(_) | None => false,
    }
}

/// The same complaint, its pointer counting the items of an array as they were sent, those taken out included.
fn as_sent(error: FieldError, taken_out: &[(String, usize)]) -> FieldError {
    let mut pointer = error.pointer;
    for (array, n) in taken_out.iter().rev() {
        let Some(rest) = pointer.strip_prefix(array) else { continue };
        let (place, inside) =
            rest.split_once('/').map_or((rest, None), |(place, inside)| (place, Some(inside)));
        let Ok(place) = place.parse::<usize>() else { continue };
        let sent = if place >= *n { place.saturating_add(1) } else { place };
        pointer = inside.map_or_else(|| format!("{array}{sent}"), |inside| format!("{array}{sent}/{inside}"));
    }
    FieldError { pointer, ..error }
}

/// Refuses a text of white space only.
///
/// # Errors
/// `blank`.
pub fn not_blank(text: &str) -> Result<(), validator::ValidationError> {
    if text.trim().is_empty() { Err(validator::ValidationError::new("blank")) } else { Ok(()) }
}

/// Query parameters, parsed and checked like a body; an unknown one is refused.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Params<T> {
    type Error = Failure;
    type Future = std::future::Ready<Result<Self, Failure>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(params(req.query_string()).map(Self))
    }
}

fn params<T: DeserializeOwned + Validate>(query: &str) -> Result<T, Failure> {
    let pairs: Vec<(String, String)> = web::Query::<Vec<(String, String)>>::from_query(query)
        .map_err(|_| Failure::of(problem::MALFORMED))?
        .into_inner();
    let mut members = serde_json::Map::new();
    let mut errors = Vec::new();
    for (name, value) in pairs {
        if value.contains('\0') || members.insert(name.clone(), Value::String(value)).is_some() {
            errors.push(FieldError::new(
                format!("/{name}"),
                "duplicate",
                "参数重复或含有空字符。",
                "The parameter is given twice or holds U+0000.",
            ));
        }
    }
    if !errors.is_empty() {
        return Err(Failure(problem::Failed::App(crate::app::error::AppError::Invalid(as_parameters(
            errors,
        )))));
    }
    match diagnose::<T>(Value::Object(members)) {
        Err(Failure(problem::Failed::App(crate::app::error::AppError::Invalid(errors)))) => {
            Err(Failure::fields(as_parameters(errors)))
        }
        other => other,
    }
}

/// Refuses every parameter, for an operation that has none.
///
/// # Errors
/// An unknown field for each.
pub fn no_params(query: &str) -> Result<(), Failure> {
    #[derive(Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Nothing {}
    params::<Nothing>(query).map(|Nothing {}| ())
}

/// A parameter is named by its name, not by a pointer.
fn as_parameters(errors: Vec<FieldError>) -> Vec<FieldError> {
    errors
        .into_iter()
        .map(|error| FieldError { pointer: error.pointer.trim_start_matches('/').to_owned(), ..error })
        .collect()
}

/// A civil date, `YYYY-MM-DD`, from 1900 to 9998.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CivilDate(pub NaiveDate);

impl serde::Serialize for CivilDate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// A password in a body: read, never written, not even into a message about it.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct Secret(pub Password);

impl serde::Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("***")
    }
}

impl<'de> Deserialize<'de> for CivilDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let date = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok();
        // Written back it is the same text: the parser would also take spaces and signs.
        date.filter(|date| date.to_string() == text && (1900..=9998).contains(&date.year()))
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("expected a civil date, YYYY-MM-DD, from 1900 to 9998"))
    }
}

/// A whole number that may come as text (in a query) or as a number; `146.0` is one, as JSON Schema has it.
///
/// # Errors
/// When it is none, or does not fit.
pub fn whole_number<'de, D: Deserializer<'de>, N: TryFrom<i64>>(
    deserializer: D,
) -> Result<Option<N>, D::Error> {
    let value = match Value::deserialize(deserializer)? {
        Value::String(text) => text.parse::<i64>().map_or(Value::String(text), Value::from),
        value @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            value
        }
    };
    count(value).map_err(serde::de::Error::custom)
}

/// A whole number in a body: a number and no text; `146.0` is one, as JSON Schema has it.
///
/// # Errors
/// When it is none, or does not fit.
pub fn count<'de, D: Deserializer<'de>, N: TryFrom<i64>>(deserializer: D) -> Result<Option<N>, D::Error> {
    let wrong = || serde::de::Error::custom("expected a whole number in range");
    let number = match Value::deserialize(deserializer)? {
        Value::Null => return Ok(None),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => number,
            (None, Some(float)) if float.fract() == 0.0 && float.abs() < 9e15 => {
                format!("{float:.0}").parse::<i64>().map_err(|_| wrong())?
            }
            (None, _) => return Err(wrong()),
        },
        Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => return Err(wrong()),
    };
    N::try_from(number).map(Some).map_err(|_| wrong())
}
