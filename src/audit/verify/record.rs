//! What a record says about itself, against the columns beside it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny},
};
use uuid::Uuid;

use super::{FindingKind, SealedEvent};
use crate::audit::canonical::parse_canonical;

/// The members of a record that verification reads, and those that must only be there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    id: Uuid,
    agency: Uuid,
    agency_seq: u64,
    #[serde(deserialize_with = "present")]
    case: Option<Uuid>,
    #[serde(deserialize_with = "present")]
    case_seq: Option<u64>,
    suite: i16,
    at: DateTime<Utc>,
    #[serde(rename = "on")]
    _on: NaiveDate,
    #[serde(rename = "by")]
    _by: IgnoredAny,
    #[serde(rename = "origin")]
    _origin: IgnoredAny,
    event: Event,
}

/// What happened; only its type matters here.
#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
}

/// A member that may be null but not absent.
fn present<'de, T: DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

/// Checks the record's form and its columns, and tells when it was recorded.
pub(super) fn check(event: &SealedEvent) -> Result<DateTime<Utc>, (FindingKind, String)> {
    let value = parse_canonical(&event.record)
        .map_err(|error| (FindingKind::NotCanonical, format!("the record is not canonical JSON: {error}")))?;
    let record: Record = serde_json::from_value(value)
        .map_err(|error| (FindingKind::BadRecord, format!("the record is not one of an event: {error}")))?;
    let columns = [
        ("id", record.id == event.id),
        ("agency", record.agency == event.agency),
        ("agency_seq", record.agency_seq == event.agency_seq),
        ("case", record.case == event.case),
        ("case_seq", record.case_seq == event.case_seq),
        ("suite", record.suite == event.suite),
        ("event_type", record.event.kind == event.event_type),
        ("recorded_at", record.at == event.recorded_at),
    ];
    let different: Vec<&str> =
        columns.into_iter().filter_map(|(name, same)| (!same).then_some(name)).collect();
    if different.is_empty() {
        return Ok(record.at);
    }
    let message = format!("the record says otherwise than the columns beside it: {}", different.join(", "));
    Err((FindingKind::ColumnMismatch, message))
}
