//! Events to and from the rows of the record: sealing (canonical text, both links) and the checked way back.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::rows::EventRow;
use super::types::{At, Key};
use crate::audit::canonical::canonical_json;
use crate::audit::chain::{ChainId, Head, Suite, link};
use crate::domain::agency_event::AgencyEvent;
use crate::domain::case::{By, Event, Origin, Recorded};
use crate::domain::ids::{AgencyId, CaseId, EventId};

/// The record's text, as an object. Its members are those that `audit::verify` checks against the columns.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record<E> {
    id: EventId,
    agency: AgencyId,
    agency_seq: u64,
    case: Option<CaseId>,
    case_seq: Option<u32>,
    suite: i16,
    at: String,
    on: NaiveDate,
    by: By,
    origin: Origin,
    event: E,
}

/// What is common to the events of one write.
#[derive(Clone, Copy, Debug)]
pub struct Meta {
    /// When they are recorded.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub by: By,
    /// How it came in.
    pub origin: Origin,
}

/// An event about to be sealed.
pub(super) struct Unsealed<'a, E> {
    pub id: EventId,
    pub on: NaiveDate,
    pub type_code: &'static str,
    pub event: &'a E,
}

/// Seals one event at the end of its agency's chain and, when it is about a case, of that case's chain. Both heads
/// move on.
pub(super) fn seal<E: Serialize>(
    agency: AgencyId,
    agency_head: &mut Head,
    case: Option<(CaseId, &mut Head)>,
    meta: &Meta,
    event: &Unsealed<E>,
) -> Result<EventRow, StoreError> {
    let suite = Suite::CURRENT;
    agency_head.seq = agency_head.seq.saturating_add(1);
    let case = case.map(|(id, head)| {
        head.seq = head.seq.saturating_add(1);
        (id, head)
    });
    let case_seq = case.as_ref().map(|(_, head)| narrow(head.seq)).transpose()?;
    let record = Record {
        id: event.id,
        agency,
        agency_seq: agency_head.seq,
        case: case.as_ref().map(|(id, _)| *id),
        case_seq,
        suite: suite.id(),
        at: meta.at.to_rfc3339_opts(SecondsFormat::Micros, true),
        on: event.on,
        by: meta.by,
        origin: meta.origin,
        event: event.event,
    };
    let text = serde_json::to_value(&record)
        .map_err(|error| StoreError::Internal(format!("the event cannot be written: {error}")))
        .and_then(|value| {
            canonical_json(&value)
                .map_err(|error| StoreError::Internal(format!("the event is not canonical: {error}")))
        })?;
    let bytes = text.as_bytes();
    agency_head.link = link(suite, &ChainId::Agency(agency.0), agency_head.seq, &agency_head.link, bytes);
    let mut case_key = None;
    let mut case_link = None;
    if let Some((id, head)) = case {
        head.link = link(suite, &ChainId::Case(id.0), head.seq, &head.link, bytes);
        case_key = Some(Key(id.0));
        case_link = Some(head.link.as_bytes().to_vec());
    }
    Ok(EventRow {
        agency_id: Key(agency.0),
        agency_seq: i64::try_from(agency_head.seq)
            .map_err(|_| StoreError::Internal("the agency's chain is too long".to_owned()))?,
        id: Key(event.id.0),
        case_id: case_key,
        case_seq: case_seq.map(signed).transpose()?,
        event_type: event.type_code.to_owned(),
        suite: i32::from(suite.id()),
        agency_link: agency_head.link.as_bytes().to_vec(),
        case_link,
        record: text,
        recorded_at: At(meta.at),
    })
}

/// A sequence number within a case fits 31 bits.
fn narrow(seq: u64) -> Result<u32, StoreError> {
    u32::try_from(seq).map_err(|_| StoreError::Internal("the case's chain is too long".to_owned()))
}

pub(super) fn signed(number: u32) -> Result<i32, StoreError> {
    i32::try_from(number).map_err(|_| StoreError::Internal(format!("{number} is too large a number")))
}

fn inconsistent(row: &EventRow, reason: impl Into<String>) -> StoreError {
    StoreError::Inconsistent {
        table: "events",
        row: format!("{}/{}", row.agency_id.0, row.agency_seq),
        reason: reason.into(),
    }
}

fn parse<E: DeserializeOwned>(row: &EventRow) -> Result<(Record<E>, DateTime<Utc>), StoreError> {
    let record: Record<E> =
        serde_json::from_str(&row.record).map_err(|error| inconsistent(row, error.to_string()))?;
    let at = DateTime::parse_from_rfc3339(&record.at)
        .map_err(|error| inconsistent(row, format!("at: {error}")))?
        .to_utc();
    Ok((record, at))
}

/// An event of a case, read back.
///
/// # Errors
/// [`StoreError::Inconsistent`] when the text is not an event that this program writes.
pub fn recorded(row: &EventRow) -> Result<Recorded, StoreError> {
    let (record, at) = parse::<Event>(row)?;
    let seq = record.case_seq.ok_or_else(|| inconsistent(row, "an event of a case without its place"))?;
    Ok(Recorded { seq, at, on: record.on, by: record.by, origin: record.origin, event: record.event })
}

/// An event of an agency itself, read back.
///
/// # Errors
/// [`StoreError::Inconsistent`] when the text is not an event that this program writes.
pub fn recorded_of_agency(row: &EventRow) -> Result<AgencyEvent, StoreError> {
    Ok(parse::<AgencyEvent>(row)?.0.event)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What an older program wrote is still an event, and is written again as it was.
    #[test]
    fn archived_events_from_before_there_were_files_read_as_they_were_written() {
        let old = r#"{"type":"archived","note":null}"#;
        let event: Event = serde_json::from_str(old).unwrap();
        assert_eq!(event, Event::Archived { note: None, file: None });
        assert_eq!(serde_json::to_string(&event).unwrap(), old);
    }
}
