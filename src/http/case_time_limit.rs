//! `/cases/{id}/time-limit`: the clock of a case, explained; and what it would be if something happened.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::body::{CivilDate, LargeBody, Params};
use super::call::Call;
use super::fact_dto::FactInput;
use super::negotiate::Wanted;
use super::problem::{Failure, Problem};
use super::time_limit_dto::TimeLimitView;
use super::time_limits::{facts, told};
use crate::app::error::AppError;
use crate::app::time_limits::Question;

/// For which day.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AsOfParams {
    /// The civil date for which state, light and days are told; today when absent.
    #[param(value_type = Option<String>, format = Date, nullable = false)]
    as_of: Option<CivilDate>,
}

/// Explain the time limit of a case (期限说明).
///
/// Derived from the case's events, its statute and its calendar, each time. As text, an explanation that can be read out on
/// the phone. While the date of receipt awaits its confirmation the clock has not started; the prudent date is then that
/// which would follow if the request had been received on its arrival.
#[utoipa::path(
    operation_id = "readCaseTimeLimit", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), AsOfParams),
    responses(
        (status = 200, description = "The timeline", content((TimeLimitView = "application/json"), (String = "text/plain"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/cases/{case_id}/time-limit")]
pub async fn read(wanted: Wanted, call: Call, params: Params<AsOfParams>) -> Result<HttpResponse, Failure> {
    let question = Question { as_of: params.0.as_of.map(|date| date.0), ..Question::default() };
    let (actor, case) = (call.actor(), call.case()?);
    let answer = call
        .app
        .case_time_limit(actor, case, question, |explained| told(explained, wanted.form, wanted.lang));
    Ok(wanted.respond(answer.await.map_err(as_parameters)?))
}

/// A parameter is named by its name, not by a pointer.
fn as_parameters(error: AppError) -> AppError {
    let AppError::Invalid(mut errors) = error else { return error };
    for error in &mut errors {
        error.pointer = error.pointer.trim_start_matches('/').to_owned();
    }
    AppError::Invalid(errors)
}

/// What might happen to a case.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhatIfRequest {
    /// Facts besides the case's own, in any order.
    #[serde(default, deserialize_with = "super::fact_dto::facts")]
    #[validate(required, nested)]
    #[schema(
        required = true,
        nullable = false,
        max_items = 200,
        example = json!([{ "type": "extended", "on": "2026-03-20", "working_days": 20 }])
    )]
    facts: Option<Vec<FactInput>>,
    /// The civil date for which state, light and days are told; today when absent.
    #[schema(value_type = Option<String>, format = Date)]
    as_of: Option<CivilDate>,
    /// Points of doubt to be read otherwise than the statute's settings.
    #[serde(default, deserialize_with = "super::fact_dto::readings")]
    #[schema(example = json!({ "consultation_interval": "open" }))]
    readings: Option<BTreeMap<String, String>>,
}

/// Ask what the time limit of a case would be if something happened.
///
/// The case's own facts and those of the request. Nothing is recorded.
#[utoipa::path(
    operation_id = "askCaseTimeLimit", tag = "cases",
    params(("case_id" = String, Path, description = "The case")),
    request_body = WhatIfRequest,
    responses(
        (status = 200, description = "The timeline", content((TimeLimitView = "application/json"), (String = "text/plain"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/time-limit/what-if")]
pub async fn what_if(
    wanted: Wanted,
    call: Call,
    body: LargeBody<WhatIfRequest>,
) -> Result<HttpResponse, Failure> {
    let question = Question {
        added: facts(body.0.facts)?,
        as_of: body.0.as_of.map(|date| date.0),
        readings: body.0.readings.unwrap_or_default(),
    };
    let (actor, case) = (call.actor(), call.case()?);
    let answer = call
        .app
        .case_time_limit(actor, case, question, |explained| told(explained, wanted.form, wanted.lang));
    Ok(wanted.respond(answer.await?))
}
