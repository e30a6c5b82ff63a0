//! `/audit`: the agency's record itself, for its auditor.

use actix_web::{HttpResponse, get};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::body::{Params, whole_number};
use super::call::Call;
use super::problem::{Failure, Problem};
use crate::app::checkpoints::ReceiverState;
use crate::audit::verify::SealedEvent;
use crate::domain::ids::AgencyId;
use crate::domain::policy::Action;

/// Whose, and which page.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RecordParams {
    /// The agency; the caller's own when absent.
    #[param(value_type = Option<String>, format = "uuid", nullable = false)]
    agency_id: Option<AgencyId>,
    /// Only what stands behind this event of the agency's chain: the `agency_seq` (of checkpoints: the `size`) of the last item of the
    /// page before.
    #[serde(default, deserialize_with = "whole_number")]
    #[validate(range(min = 0))]
    #[param(nullable = false, minimum = 0)]
    after: Option<i64>,
    /// How many, 1 to 100; 50 when absent.
    #[serde(default, deserialize_with = "whole_number")]
    #[validate(range(min = 1, max = 100))]
    #[param(nullable = false, minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// Events in the order of the agency's chain.
#[derive(Serialize, ToSchema)]
pub struct RecordPage {
    /// The events.
    pub items: Vec<RecordEvent>,
}

/// One event with its links: what `gongkai-verify` reads, line by line.
#[derive(Serialize, ToSchema)]
pub struct RecordEvent {
    /// The agency.
    #[schema(format = "uuid")]
    pub agency: String,
    /// Its place in the agency's chain, from 1.
    pub agency_seq: u64,
    /// The case that it concerns.
    #[schema(format = "uuid")]
    pub case: Option<String>,
    /// Its place in the case's chain, from 1.
    pub case_seq: Option<u64>,
    /// The number of the suite of both links.
    pub suite: i16,
    /// Its id.
    #[schema(format = "uuid")]
    pub id: String,
    /// What happened.
    #[schema(example = "roles_changed")]
    pub event_type: String,
    /// When it was recorded.
    #[schema(format = "date-time", example = "2026-03-03T01:20:00.000000Z")]
    pub recorded_at: String,
    /// The record, as the links hash it: canonical JSON of ids, codes, dates, commitments.
    pub record: String,
    /// Its link in the agency's chain.
    pub agency_link: String,
    /// Its link in the case's chain.
    pub case_link: Option<String>,
}

/// Checkpoints, the oldest first.
#[derive(Serialize, ToSchema)]
pub struct CheckpointPage {
    /// The public keys that sign them, the oldest first, as C2SP writes verifier keys.
    pub keys: Vec<String>,
    /// The checkpoints.
    pub items: Vec<CheckpointView>,
    /// How far the receivers are to whom checkpoints are posted or mailed; none when none is set.
    pub receivers: Vec<ReceiverView>,
}

/// A receiver of checkpoints.
#[derive(Serialize, ToSchema)]
pub struct ReceiverView {
    /// By which way it gets them: `post` or `mail`.
    #[schema(example = "post")]
    pub way: &'static str,
    /// The `size` of the last checkpoint that it has; 0 when it has none yet.
    pub size: i64,
    /// When it got that.
    #[schema(format = "date-time", example = "2026-03-03T01:20:00.000000Z")]
    pub sent_at: Option<String>,
}

/// A checkpoint.
#[derive(Serialize, ToSchema)]
pub struct CheckpointView {
    /// How many events it covers.
    pub size: i64,
    /// When it was made.
    #[schema(format = "date-time", example = "2026-03-03T01:20:00.000000Z")]
    pub made_at: String,
    /// The signed text.
    pub note: String,
}

impl ReceiverView {
    fn of(state: ReceiverState) -> Self {
        let sent_at = state.sent_at.map(|at| at.to_rfc3339_opts(SecondsFormat::Micros, true));
        Self { way: state.way, size: state.size, sent_at }
    }
}

impl RecordEvent {
    fn of(event: SealedEvent) -> Self {
        Self {
            agency: event.agency.to_string(),
            agency_seq: event.agency_seq,
            case: event.case.map(|case| case.to_string()),
            case_seq: event.case_seq,
            suite: event.suite,
            id: event.id.to_string(),
            event_type: event.event_type,
            recorded_at: event.recorded_at.to_rfc3339_opts(SecondsFormat::Micros, true),
            record: event.record,
            agency_link: event.agency_link.to_string(),
            case_link: event.case_link.map(|link| link.to_string()),
        }
    }
}

/// The agency, when the caller may read its record, and the page.
fn page(call: &Call, sent: &RecordParams) -> Result<(AgencyId, i64, i64), Failure> {
    let agency = sent.agency_id.unwrap_or(call.actor().agency);
    call.app.allowed(call.actor(), Action::ReadRecord, agency)?;
    Ok((agency, sent.after.unwrap_or(0), i64::from(sent.limit.unwrap_or(50))))
}

/// List the events of the agency's record.
///
/// All of them, those of cases too: ids, codes, dates and commitments, and nobody's words. Saved line by line, `gongkai-verify` checks them
/// without a database.
#[utoipa::path(
    operation_id = "listRecordEvents", tag = "record",
    params(RecordParams),
    responses(
        (status = 200, description = "They", body = RecordPage),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/audit/events")]
pub async fn events(call: Call, params: Params<RecordParams>) -> Result<HttpResponse, Failure> {
    let (agency, after, limit) = page(&call, &params.0)?;
    let found = call.app.record_page(agency, after, limit).await?;
    Ok(HttpResponse::Ok().json(RecordPage { items: found.into_iter().map(RecordEvent::of).collect() }))
}

/// List the signed checkpoints of the agency's record.
///
/// Each says where the chain stood at an instant: number of events, last link, root of the tree over them. Keep them elsewhere: a record
/// that was cut off or put back from a copy is found only so.
#[utoipa::path(
    operation_id = "listCheckpoints", tag = "record",
    params(RecordParams),
    responses(
        (status = 200, description = "They", body = CheckpointPage),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/audit/checkpoints")]
pub async fn checkpoints(call: Call, params: Params<RecordParams>) -> Result<HttpResponse, Failure> {
    let (agency, after, limit) = page(&call, &params.0)?;
    let keys = call.app.checkpoint_keys(agency).await?.iter().map(ToString::to_string).collect();
    let rows = call.app.checkpoints_page(agency, after, limit).await?;
    let view = |(size, at, note): (i64, DateTime<Utc>, String)| CheckpointView {
        size,
        made_at: at.to_rfc3339_opts(SecondsFormat::Micros, true),
        note,
    };
    let items = rows.into_iter().map(view).collect();
    let receivers = call.app.receivers_of(agency).await?.into_iter().map(ReceiverView::of).collect();
    Ok(HttpResponse::Ok().json(CheckpointPage { keys, items, receivers }))
}
