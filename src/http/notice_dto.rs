//! Supervision notices on the wire.

use chrono::{NaiveDate, SecondsFormat};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::notice_view::{Notice, NoticeStepView as Step, NoticeSummary as Summary};
use crate::app::retry::Answer;
use crate::domain::notice::{NoticeState, NoticeStep};

/// Whose notices: those that the agency received, or those that it sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = NoticeSide)]
pub enum NoticeSideParam {
    /// Received.
    Received,
    /// Sent.
    Sent,
}

/// What lists show of a notice.
#[derive(Serialize, ToSchema)]
pub struct NoticeSummary {
    /// Opaque id.
    #[schema(format = "uuid")]
    pub id: String,
    /// The agency that received it.
    #[schema(format = "uuid")]
    pub agency_id: String,
    /// The agency that sent it.
    #[schema(format = "uuid")]
    pub from_agency_id: String,
    /// The case it is about; `null` when it is about the agency's work.
    #[schema(format = "uuid")]
    pub case_id: Option<String>,
    /// The registration number of that case; `null` while it has none.
    #[schema(example = "公申〔2026〕12号")]
    pub case_number: Option<String>,
    /// What it is about, personal data masked; `null` once erased with the case's words.
    #[schema(example = "依申请公开逾期未答复")]
    pub subject: Option<String>,
    /// The day it was sent.
    pub sent_on: NaiveDate,
    /// The last day for the answer, as it stands.
    pub due_on: NaiveDate,
    /// How it stands.
    pub state: NoticeState,
    /// Whether the answer came after its day, or is overdue.
    pub late: bool,
    /// The day of the answer that stands; `null` without one.
    pub answered_on: Option<NaiveDate>,
    /// The day it was closed.
    pub closed_on: Option<NaiveDate>,
}

/// A notice (督办) with everything that was done with it.
#[derive(Serialize, ToSchema)]
pub struct SupervisionNotice {
    /// What lists show.
    #[serde(flatten)]
    pub notice: NoticeSummary,
    /// What was done, the oldest first. The first step is the notice itself.
    pub steps: Vec<NoticeStepView>,
    /// What the caller may do now: `answer`, `return`, `close`.
    #[schema(example = json!(["return", "close"]))]
    pub allowed_actions: Vec<&'static str>,
}

/// A step of a notice.
#[derive(Serialize, ToSchema)]
pub struct NoticeStepView {
    /// Counts from 1.
    pub n: i32,
    /// What was done.
    pub kind: NoticeStep,
    /// On which civil date, in the zone of the agency that received the notice.
    pub on: NaiveDate,
    /// When it was recorded.
    #[schema(format = "date-time", example = "2026-03-03T01:20:00.000000Z")]
    pub recorded_at: String,
    /// The last day for the answer, as it held after this step.
    pub due_on: NaiveDate,
    /// Of an answer, whether it came after its day.
    pub late: Option<bool>,
    /// By which account.
    #[schema(format = "uuid")]
    pub account_id: String,
    /// Which person that was.
    #[schema(format = "uuid")]
    pub person_id: String,
    /// What was said, personal data masked; `null` where nothing was, or where it was erased.
    pub text: Option<String>,
}

/// A page of notices.
#[derive(Serialize, ToSchema)]
pub struct NoticePage {
    /// The civil date, in the zone of the agency asked about, by which they are open or overdue.
    pub as_of: NaiveDate,
    /// They, the newest first.
    pub items: Vec<NoticeSummary>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

impl From<Summary> for NoticeSummary {
    fn from(notice: Summary) -> Self {
        let (case_id, case_number) = notice.case.unzip();
        Self {
            id: notice.id.to_string(),
            agency_id: notice.agency.to_string(),
            from_agency_id: notice.from.to_string(),
            case_id: case_id.map(|id| id.to_string()),
            case_number: case_number.flatten(),
            subject: notice.subject,
            sent_on: notice.sent_on,
            due_on: notice.days.due_on,
            state: notice.state,
            late: notice.late,
            answered_on: notice.days.answered_on,
            closed_on: notice.days.closed_on,
        }
    }
}

impl From<Step> for NoticeStepView {
    fn from(step: Step) -> Self {
        Self {
            n: step.n,
            kind: step.kind,
            on: step.on,
            recorded_at: step.at.to_rfc3339_opts(SecondsFormat::Micros, true),
            due_on: step.due_on,
            late: step.kind.is_the_receivers().then_some(step.on > step.due_on),
            account_id: step.account.to_string(),
            person_id: step.person.to_string(),
            text: step.text,
        }
    }
}

impl From<Notice> for SupervisionNotice {
    fn from(notice: Notice) -> Self {
        Self {
            notice: notice.summary.into(),
            steps: notice.steps.into_iter().map(Into::into).collect(),
            allowed_actions: notice.allowed.into_iter().filter_map(NoticeStep::command).collect(),
        }
    }
}

/// The answer to who sent a notice.
pub fn sent(notice: &Notice) -> Answer {
    let summary = &notice.summary;
    let location = format!("/api/v1/agencies/{}/supervision-notices/{}", summary.agency, summary.id);
    Answer { status: 201, location: Some(location), ..stepped(notice) }
}

/// The answer to who took a further step.
pub fn stepped(notice: &Notice) -> Answer {
    let body = serde_json::to_string(&SupervisionNotice::from(notice.clone())).unwrap_or_default();
    Answer { status: 200, etag: None, location: None, body }
}
