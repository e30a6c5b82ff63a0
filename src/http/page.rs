//! Pages: opaque cursors and the link to the next one.

use actix_web::HttpResponse;
use actix_web::http::header;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};

use super::call::Call;
use super::problem::Failure;
use crate::app::error::FieldError;
use crate::store::Key;

/// Where a page ended: a day and an id, within one order.
pub struct Cursor {
    /// The day of the last row.
    pub day: NaiveDate,
    /// Its id.
    pub id: Key,
}

impl Cursor {
    /// The cursor as a text that callers hand back.
    pub fn write(&self, order: &str) -> String {
        URL_SAFE_NO_PAD.encode(format!("{order}|{}|{}", self.day, self.id.0))
    }

    /// Reads a cursor of this order.
    ///
    /// # Errors
    /// When it is none of ours, or of another order.
    pub fn read(text: &str, order: &str) -> Result<(NaiveDate, Key), Failure> {
        let parsed = || {
            let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
            let mut parts = plain.split('|');
            let (of, day, id) = (parts.next()?, parts.next()?, parts.next()?);
            let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
            (of == order && parts.next().is_none()).then_some((day, Key(id.parse().ok()?)))
        };
        parsed().ok_or_else(unknown_cursor)
    }
}

/// A cursor that is none of ours.
pub fn unknown_cursor() -> Failure {
    Failure::fields(vec![FieldError::new(
        "cursor",
        "unknown_value",
        "分页游标无效，请使用上一页返回的 next_cursor，且排序不变。",
        "Use the next_cursor of the page before, with the same sort.",
    )])
}

/// A page, with the link to the next one where there is one.
pub fn with_link<T: Serialize>(call: &Call, next_cursor: Option<&str>, body: &T) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    if let Some(link) = next_link(call, next_cursor) {
        response.insert_header((header::LINK, link));
    }
    response.json(body)
}

/// The `Link` header's value for the next page.
fn next_link(call: &Call, cursor: Option<&str>) -> Option<String> {
    let cursor = cursor?;
    let mut query: Vec<String> = call
        .query()
        .split('&')
        .filter(|part| !part.is_empty() && !part.starts_with("cursor="))
        .map(str::to_owned)
        .collect();
    query.push(format!("cursor={cursor}"));
    Some(format!("<{}?{}>; rel=\"next\"", call.url_path(), query.join("&")))
}

/// A yes or no in a query.
///
/// # Errors
/// When it is neither `true` nor `false`.
pub fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    match String::deserialize(deserializer)?.as_str() {
        "true" => Ok(Some(true)),
        "false" => Ok(Some(false)),
        _ => Err(serde::de::Error::custom("expected true or false")),
    }
}
