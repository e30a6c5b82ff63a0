//! `/cases/{id}/history`: every event of a case.

use actix_web::{HttpResponse, get, web};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::call::Call;
use super::problem::{Failure, Problem};
use crate::app::history::HistoryEntry;
use crate::domain::case::By;

/// The events of a case, the oldest first.
#[derive(Serialize, ToSchema)]
pub struct History {
    /// The events.
    pub events: Vec<HistoryEvent>,
}

/// One event.
#[derive(Serialize, ToSchema)]
pub struct HistoryEvent {
    /// Its place, from 1: the version it made.
    pub seq: u32,
    /// What happened.
    #[serde(rename = "type")]
    #[schema(example = "registered")]
    pub kind: &'static str,
    /// The civil date on which it happened.
    pub on: NaiveDate,
    /// When it was recorded.
    #[schema(format = "date-time", example = "2026-03-03T01:20:00.000000Z")]
    pub recorded_at: String,
    /// Whether it was recorded on a later day than it happened.
    pub late: bool,
    /// The account; `null` for a command on the server.
    #[schema(format = "uuid")]
    pub account_id: Option<String>,
    /// The person behind it.
    #[schema(format = "uuid")]
    pub person_id: Option<String>,
    /// `api`, `ledger_import`, `demo` or `command_line`.
    #[schema(value_type = String, example = "api")]
    pub origin: crate::domain::case::Origin,
    /// The event as the record has it: ids, codes, dates, commitments.
    #[schema(value_type = Object)]
    pub event: crate::domain::case::Event,
    /// The words it commits to, personal data masked.
    pub words: Vec<HistoryWords>,
    /// The link of the case's hash chain after it.
    pub link: String,
}

/// Words of an event.
#[derive(Serialize, ToSchema)]
pub struct HistoryWords {
    /// What they are; `erased` when they are gone.
    #[schema(example = "opinion")]
    pub kind: String,
    /// The words, masked; `null` when erased.
    pub text: Option<String>,
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

fn event(entry: HistoryEntry) -> HistoryEvent {
    let (account_id, person_id) = match entry.by {
        By::Account { account, person } => (Some(account.to_string()), Some(person.to_string())),
        By::Operator => (None, None),
    };
    HistoryEvent {
        seq: entry.seq,
        kind: entry.event.type_code(),
        on: entry.on,
        recorded_at: instant(entry.at),
        late: entry.late,
        account_id,
        person_id,
        origin: entry.origin,
        event: entry.event,
        words: entry.words.into_iter().map(|(kind, text)| HistoryWords { kind, text }).collect(),
        link: entry.link,
    }
}

/// Read a case's history.
#[utoipa::path(
    operation_id = "readCaseHistory", tag = "cases",
    params(("case_id" = String, Path, description = "The case")),
    responses(
        (status = 200, description = "The events", body = History),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/cases/{case_id}/history")]
pub async fn read(call: Call) -> Result<HttpResponse, Failure> {
    let entries = call.app.history(call.actor(), call.case()?).await?;
    Ok(HttpResponse::Ok().json(web::Json(History { events: entries.into_iter().map(event).collect() })))
}
