//! In which form an answer is wanted that can be given as JSON and as plain text (RFC 9110, section 12.5.1).

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse};

use super::envelope;
use super::problem::{self, Failure};
use crate::domain::lang::Lang;

/// A form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `application/json`.
    Json,
    /// `text/plain`, in the caller's language.
    Text,
}

/// The form and the language wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The form.
    pub form: Form,
    /// The language.
    pub lang: Lang,
}

impl FromRequest for Wanted {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let accepted: Vec<&str> =
            req.headers().get_all(header::ACCEPT).map(|value| value.to_str().unwrap_or_default()).collect();
        let lang = envelope::language(req.headers());
        ready(
            form(&accepted.join(","))
                .map(|form| Self { form, lang })
                .ok_or_else(|| Failure::of(problem::NOT_ACCEPTABLE)),
        )
    }
}

impl Wanted {
    /// Puts an answer in this form on the wire.
    pub fn respond(self, body: String) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        match self.form {
            Form::Json => response.content_type("application/json"),
            Form::Text => response
                .content_type("text/plain; charset=utf-8")
                .insert_header((header::CONTENT_LANGUAGE, self.lang.pick("zh-CN", "en"))),
        };
        response.body(body)
    }
}

/// The form that is accepted with the greater weight; of two with the same, the one named more closely; JSON else.
/// `None` when neither is accepted.
fn form(accepted: &str) -> Option<Form> {
    if accepted.trim().is_empty() {
        return Some(Form::Json);
    }
    let json = weight(accepted, ["application/json", "application/*", "*/*"]);
    let text = weight(accepted, ["text/plain", "text/*", "*/*"]);
    match (json, text) {
        ((0, _), (0, _)) => None,
        (json, text) if text > json => Some(Form::Text),
        _ => Some(Form::Json),
    }
}

/// The weight, in thousandths, of the closest of these ranges that is named, and how close it is.
fn weight(accepted: &str, ranges: [&str; 3]) -> (u32, u8) {
    let mut closest: Option<(u8, u32)> = None;
    for item in accepted.split(',') {
        let mut parts = item.split(';').map(str::trim);
        let range = parts.next().unwrap_or_default();
        let weight = parts
            .find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
            .map_or(1000, envelope::thousandths);
        for (closeness, wanted) in [3, 2, 1].into_iter().zip(ranges) {
            if range.eq_ignore_ascii_case(wanted) {
                closest = closest.max(Some((closeness, weight)));
            }
        }
    }
    closest.map_or((0, 0), |(closeness, weight)| (weight, closeness))
}

#[cfg(test)]
mod tests {
    use super::{Form, form};

    #[test]
    fn the_form_is_the_one_the_caller_prefers() {
        for accepted in [
            "",
            "*/*",
            "application/json",
            "application/*, text/plain;q=0.5",
            "application/json, text/plain, */*",
            "text/plain;q=0.2, */*;q=0.3",
            "text/html, application/xhtml+xml, */*;q=0.8",
            "text/plain;q=0, */*",
        ] {
            assert_eq!(form(accepted), Some(Form::Json), "{accepted}");
        }
        for accepted in [
            "text/plain",
            "Text/Plain; charset=utf-8",
            "text/*",
            "text/plain, */*",
            "application/json;q=0.4, text/plain;q=0.5",
            "application/json;q=0, */*;q=0.1",
        ] {
            assert_eq!(form(accepted), Some(Form::Text), "{accepted}");
        }
        for accepted in ["text/html", "application/xml, image/*", "text/plain;q=0, application/json;q=0.0"] {
            assert_eq!(form(accepted), None, "{accepted}");
        }
    }
}
