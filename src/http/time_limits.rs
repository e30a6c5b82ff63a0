//! `/time-limits/calculate`: the public calculator of time limits.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, post, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::body::{self, CivilDate, LargeBody};
use super::call::required;
use super::fact_dto::FactInput;
use super::negotiate::{Form, Wanted};
use super::problem::{Failure, Problem};
use super::time_limit_dto::{TimeLimitView, view};
use crate::app::App;
use crate::app::error::FieldError;
use crate::app::time_limits::{self, Explained};
use crate::domain::lang::Lang;
use crate::domain::time_limit::Fact;
use crate::law::LawBook;

/// Dated facts of one application.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TimeLimitRequest {
    /// The statute.
    #[validate(required, length(min = 1, max = 64))]
    #[schema(required = true, nullable = false, min_length = 1, max_length = 64, example = "cn-ogi-2019")]
    statute: Option<String>,
    /// The calendar; the statute's own when absent.
    #[validate(length(min = 1, max = 64))]
    #[schema(min_length = 1, max_length = 64, example = "cn")]
    calendar: Option<String>,
    /// What happened, in any order; `received` is among them.
    #[serde(default, deserialize_with = "super::fact_dto::facts")]
    #[validate(required, nested)]
    #[schema(
        required = true,
        nullable = false,
        min_items = 1,
        max_items = 200,
        example = json!([
            { "type": "received", "on": "2026-03-02" },
            { "type": "consultation_sent", "on": "2026-03-10", "ref": "1", "kind": "third_party", "served_on": "2026-03-12" },
            { "type": "consultation_answered", "on": "2026-03-20", "ref": "1" },
        ])
    )]
    facts: Option<Vec<FactInput>>,
    /// The civil date for which state, light and days are told; today when absent.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-23")]
    as_of: Option<CivilDate>,
    /// Points of doubt to be read otherwise than the statute's settings: see `readings` of the statute.
    #[serde(default, deserialize_with = "super::fact_dto::readings")]
    #[schema(example = json!({ "consultation_interval": "open" }))]
    readings: Option<BTreeMap<String, String>>,
}

/// Calculate a time limit (期限计算).
///
/// Every date with its reasons: excluded days, other readings of the law that give other dates, each day with the notice
/// that makes it a working day or a day of rest, and what is owed until when. As text, an explanation in plain words.
#[utoipa::path(
    operation_id = "calculateTimeLimit", tag = "calculators", security(()),
    request_body = TimeLimitRequest,
    responses(
        (status = 200, description = "The timeline", content((TimeLimitView = "application/json"), (String = "text/plain"))),
        (status = 429, description = "Too many requests from this address", body = Problem, content_type = "application/problem+json", headers(("Retry-After" = u32, description = "Seconds"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/time-limits/calculate")]
pub async fn calculate(
    wanted: Wanted,
    app: web::Data<App>,
    body: LargeBody<TimeLimitRequest>,
) -> Result<HttpResponse, Failure> {
    let today = app.clock.today(PUBLIC_ZONE);
    answer(&app.store.law(), today, body.0, wanted.form, wanted.lang).map(|body| wanted.respond(body))
}

/// The zone of callers who belong to no agency.
pub const PUBLIC_ZONE: chrono_tz::Tz = chrono_tz::Asia::Shanghai;

/// The answer to a body in bytes, without a server: for the command line, and for whoever tries to break it.
///
/// # Errors
/// Every bad field, by its pointer into the body.
pub fn calculate_offline(
    law: &LawBook,
    today: NaiveDate,
    body: &[u8],
    form: Form,
    lang: Lang,
) -> Result<String, Vec<FieldError>> {
    body::parse(body)
        .and_then(|request| answer(law, today, request, form, lang))
        .map_err(Failure::into_fields)
}

fn answer(
    law: &LawBook,
    today: NaiveDate,
    request: TimeLimitRequest,
    form: Form,
    lang: Lang,
) -> Result<String, Failure> {
    let statute = required(request.statute, "/statute")?;
    let readings = request.readings.unwrap_or_default();
    let rules = time_limits::rules(law, &statute, request.calendar.as_deref(), &readings)?;
    let facts = facts(request.facts)?;
    let as_of = time_limits::AsOf::or_today(request.as_of.map(|date| date.0), today);
    let explained = time_limits::calculate(&facts, 0, rules, as_of)?;
    Ok(told(&explained, form, lang))
}

/// The facts of a request that was checked.
///
/// # Errors
/// Only where a check is missing.
pub fn facts(sent: Option<Vec<FactInput>>) -> Result<Vec<Fact>, Failure> {
    let facts = required(sent, "/facts")?.into_iter().map(FactInput::fact).collect();
    required(facts, "/facts")
}

/// A timeline in the form wanted.
pub fn told(explained: &Explained, form: Form, lang: Lang) -> String {
    match form {
        Form::Json => serde_json::to_string(&view(explained, lang)).unwrap_or_default(),
        Form::Text => explained.words(lang),
    }
}
