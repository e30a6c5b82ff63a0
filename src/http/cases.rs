//! `/cases`: receive, list, read, history.

use actix_web::http::header;
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::applicant_dto::ApplicantInput;
use super::body::{Body, CivilDate, Params, not_blank, whole_number};
use super::call::{Call, RetryHeader, required, respond};
use super::case_dto::{self, CaseView, etag, view};
use super::page::{Cursor, with_link};
use super::problem::{Failure, Problem};
use crate::app::error::FieldError;
use crate::app::queue::{QueueItem, QueueQuery};
use crate::app::receive::Reception;
use crate::domain::applicant::ApplicantKind;
use crate::domain::case::event::FormWanted;
use crate::domain::case::{Stage, Status};
use crate::domain::channel::Channel;
use crate::domain::ids::{AccountId, DepartmentId};
use crate::domain::outcome::Outcome;
use crate::domain::search::{Query, QueryFault};
use crate::domain::sensitivity::Sensitivity;
use crate::domain::time_limit::{ClockState, Light, ObligationKind};
use crate::store::{CaseRow, Sort};

/// A request as it came.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceptionRequest {
    /// How it came.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "counter")]
    channel: Option<Channel>,
    /// The day it was handed in, signed for, found in the mail, or submitted; today when absent.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-02")]
    arrived_on: Option<CivilDate>,
    /// Who asks (Art. 29(2)(1)).
    #[serde(default, deserialize_with = "super::object::object")]
    #[validate(required, nested)]
    #[schema(required = true, nullable = false)]
    applicant: Option<ApplicantInput>,
    /// What is asked, in the applicant's own words (Art. 29(2)(2)).
    #[validate(required, length(min = 1, max = 8000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 8000,
        example = "申请公开2025年度区级财政专项资金绩效评价报告。"
    )]
    description: Option<String>,
    /// The form wanted (Art. 29(2)(3)).
    #[serde(default, deserialize_with = "super::object::word")]
    form_wanted: Option<FormWanted>,
    /// What shows the day of arrival: a mail number, a signed slip, a fax log.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_length = 1, max_length = 500)]
    evidence: Option<String>,
    /// A portal's own name of the request, of which it hands in no second: letters, digits, `.`, `_`, `:`, `-`, and no personal data.
    /// Portals must give one; nobody else does.
    #[validate(length(min = 1, max = 64))]
    #[schema(min_length = 1, max_length = 64, example = "2026-000123")]
    portal_request_id: Option<String>,
}

/// Receive a request (接收).
///
/// The date of receipt follows from the channel (Art. 31): fixed at once at the counter, for registered post and for
/// submissions online; by confirmation for ordinary post and fax.
#[utoipa::path(
    operation_id = "receiveCase", tag = "cases",
    params(RetryHeader),
    request_body = ReceptionRequest,
    responses(
        (status = 201, description = "The case", body = CaseView, headers(("ETag" = String, description = "The version"), ("Location" = String, description = "The case"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases")]
pub async fn receive(call: Call, body: Body<ReceptionRequest>) -> Result<HttpResponse, Failure> {
    let retry = call.retry(&body.bytes)?;
    let sent = body.value;
    let reception = Reception {
        channel: required(sent.channel, "/channel")?,
        arrived_on: sent.arrived_on.map(|date| date.0),
        applicant: required(sent.applicant, "/applicant")?
            .applicant("/applicant", call.app.clock.now().date_naive())?,
        description: required(sent.description, "/description")?,
        form_wanted: sent.form_wanted,
        evidence: sent.evidence,
        portal_request: sent.portal_request_id,
    };
    let received =
        Box::pin(call.app.receive(call.actor(), reception, retry, case_dto::answer_created)).await?;
    Ok(respond(received))
}

/// What a single case is read with.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CaseParams {
    /// Also say what this caller may not do, and why.
    #[param(nullable = false)]
    #[serde(default, deserialize_with = "super::page::flag")]
    explain: Option<bool>,
}

/// Read a case.
#[utoipa::path(
    operation_id = "readCase", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CaseParams),
    responses(
        (status = 200, description = "The case", body = CaseView, headers(("ETag" = String, description = "The version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/cases/{case_id}")]
pub async fn read(call: Call, params: Params<CaseParams>) -> Result<HttpResponse, Failure> {
    let detail = call.app.read_case(call.actor(), call.case()?).await?;
    let explain = params.0.explain.unwrap_or(false).then_some(call.lang);
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag(&detail.case))).json(view(&detail, explain)))
}

/// What the queue is limited by.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QueueParams {
    /// The stage.
    #[param(nullable = false)]
    stage: Option<Stage>,
    /// The status.
    #[param(nullable = false)]
    status: Option<Status>,
    /// The light, as it shows today.
    #[param(nullable = false)]
    light: Option<Light>,
    /// How the clock stands: `running` while the reply has a date (also on days that a consultation excludes),
    /// `suspended` while a correction or a payment is awaited and there is none.
    #[param(nullable = false)]
    clock: Option<ClockState>,
    /// What is owed and not met. A chance (`correction_notice`, `extension_notice`) counts through its last day, a duty
    /// until it is met; remedies are the applicant's own affair and find nothing.
    #[param(nullable = false)]
    obligation: Option<ObligationKind>,
    /// Something is owed (of that kind, with `obligation`) that is due on or after this day.
    #[param(value_type = Option<String>, format = Date, nullable = false)]
    obligation_due_from: Option<CivilDate>,
    /// Something is owed (of that kind, with `obligation`) that is due on or before this day.
    #[param(value_type = Option<String>, format = Date, nullable = false)]
    obligation_due_before: Option<CivilDate>,
    /// A department at work, leading or helping.
    #[param(value_type = Option<String>, format = "uuid", nullable = false)]
    department_id: Option<DepartmentId>,
    /// Whose work it is.
    #[param(value_type = Option<String>, format = "uuid", nullable = false)]
    assignee_id: Option<AccountId>,
    /// The channel.
    #[param(nullable = false)]
    channel: Option<Channel>,
    /// The outcome.
    #[param(nullable = false)]
    outcome: Option<Outcome>,
    /// Due on or before this day.
    #[param(value_type = Option<String>, format = Date, nullable = false)]
    due_before: Option<CivilDate>,
    /// Received on or after this day.
    #[param(value_type = Option<String>, format = Date, nullable = false)]
    received_from: Option<CivilDate>,
    /// Received on or before this day.
    #[param(value_type = Option<String>, format = Date, nullable = false)]
    received_to: Option<CivilDate>,
    /// The registration number, whole.
    #[validate(length(min = 1, max = 64))]
    #[param(nullable = false, min_length = 1, max_length = 64)]
    number: Option<String>,
    /// Words parted by spaces, at most 10: cases in whose subject, number, numbers of replies, or titles or
    /// numbers of the documents asked for each of them stands, letter for letter. Width, case, kinds of brackets and quotation marks do not count.
    #[param(nullable = false, min_length = 1, max_length = 100, example = "征地 补偿")]
    q: Option<String>,
    /// `due_on` (the default), `-due_on`, `received_on` or `-received_on`; or `obligation_due_on` (the default with
    /// `obligation`), by what is owed and asked for, which leaves out cases on which nothing is.
    #[param(nullable = false, pattern = "^(-?(due_on|received_on)|obligation_due_on)$", example = "due_on")]
    sort: Option<String>,
    /// Where the page before ended.
    #[param(nullable = false)]
    cursor: Option<String>,
    /// How many, 1 to 200; 50 when absent.
    #[serde(default, deserialize_with = "whole_number")]
    #[validate(range(min = 1, max = 200))]
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// A line of the queue: no applicant's data.
#[derive(Serialize, ToSchema)]
pub struct CaseSummary {
    /// Opaque id.
    #[schema(format = "uuid")]
    pub id: String,
    /// Counts the events.
    pub version: i32,
    /// Registration number.
    pub number: Option<String>,
    /// The clerk's summary.
    pub subject: Option<String>,
    /// The stage.
    #[schema(value_type = Stage)]
    pub stage: String,
    /// The status.
    #[schema(value_type = Status)]
    pub status: String,
    /// The channel.
    #[schema(value_type = Channel)]
    pub channel: String,
    /// The applicant's column in the annual report.
    #[schema(value_type = ApplicantKind)]
    pub applicant_kind: String,
    /// Its security label.
    #[schema(value_type = Sensitivity)]
    pub sensitivity: &'static str,
    /// The day of arrival.
    pub arrived_on: NaiveDate,
    /// The date of receipt.
    pub received_on: Option<NaiveDate>,
    /// The last day on which the reply is in time, while one is owed.
    pub due_on: Option<NaiveDate>,
    /// The earliest date that any other reading of one doubtful point gives, or `due_on`: the one to keep to be on the safe side.
    pub prudent_due_on: Option<NaiveDate>,
    /// How the clock stands.
    #[schema(value_type = ClockState)]
    pub clock: String,
    /// What is to be done, or waited for, first. Lists of figures leave it out, and the light.
    pub next_obligation: Option<NextObligationView>,
    /// How the limit stands today.
    pub light: Option<Light>,
    /// Whether the date may still move.
    pub provisional: bool,
    /// The leading department.
    #[schema(format = "uuid")]
    pub department_id: Option<String>,
    /// Whose work it is.
    #[schema(format = "uuid")]
    pub assignee_id: Option<String>,
    /// What was answered.
    #[schema(value_type = Option<Outcome>)]
    pub outcome: Option<String>,
    /// When it was concluded.
    pub concluded_on: Option<NaiveDate>,
    /// When it was archived.
    pub archived_on: Option<NaiveDate>,
}

/// What is to be done, or waited for, first.
#[derive(Serialize, ToSchema)]
pub struct NextObligationView {
    /// What.
    pub kind: ObligationKind,
    /// Its last day.
    pub due_on: NaiveDate,
}

impl CaseSummary {
    /// A case of the queue, as it stands today.
    pub fn today(item: QueueItem) -> Self {
        let next = item.next.map(|open| NextObligationView { kind: open.kind, due_on: open.due_on });
        Self { light: item.light, next_obligation: next, ..Self::of(item.row) }
    }

    /// A case in a list of figures: what depends on the day is left out.
    pub fn of(row: CaseRow) -> Self {
        Self {
            id: row.id.0.to_string(),
            version: row.version,
            number: row.number,
            subject: row.subject,
            stage: row.stage,
            status: row.status,
            channel: row.channel,
            applicant_kind: row.applicant_kind,
            sensitivity: Sensitivity::of_level(row.sensitivity).unwrap_or(Sensitivity::HIGHEST).code(),
            arrived_on: row.arrived_on,
            received_on: row.received_on,
            due_on: row.due_on,
            prudent_due_on: row.prudent_due_on,
            clock: row.clock_state,
            next_obligation: None,
            light: None,
            provisional: row.provisional.is_some(),
            department_id: row.department_id.map(|id| id.0.to_string()),
            assignee_id: row.assignee_id.map(|id| id.0.to_string()),
            outcome: row.outcome,
            concluded_on: row.concluded_on,
            archived_on: row.archived_on,
        }
    }
}

/// A page of the queue.
#[derive(Serialize, ToSchema)]
pub struct CasePage {
    /// The cases.
    pub items: Vec<CaseSummary>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
    /// The civil date for which the lights hold.
    pub as_of: NaiveDate,
}

/// List cases (the queue).
///
/// Only the caller's agency, or those departments of it that he works for. Pages are stable: a case is never skipped
/// or repeated because others came in between.
#[utoipa::path(
    operation_id = "listCases", tag = "cases", params(QueueParams),
    responses(
        (status = 200, description = "A page", body = CasePage, headers(("Link" = Option<String>, description = "The next page, rel=next"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/cases")]
pub async fn list(call: Call, params: Params<QueueParams>) -> Result<HttpResponse, Failure> {
    let query = query_of(params.0)?;
    let sort = query.sort;
    let page = call.app.queue(call.actor(), query).await?;
    let next_cursor = page.next.map(|(day, id)| Cursor { day, id }.write(sort.code()));
    let items = page.items.into_iter().map(CaseSummary::today).collect();
    let shown = CasePage { items, next_cursor, as_of: page.today };
    Ok(with_link(&call, shown.next_cursor.as_deref(), &shown))
}

fn query_of(sent: QueueParams) -> Result<QueueQuery, Failure> {
    let sort = sort_of(sent.sort.as_deref(), sent.obligation)?;
    Ok(QueueQuery {
        stage: sent.stage,
        status: sent.status,
        light: sent.light,
        clock: sent.clock,
        obligation: sent.obligation,
        obligation_due_from: sent.obligation_due_from.map(|date| date.0),
        obligation_due_before: sent.obligation_due_before.map(|date| date.0),
        department: sent.department_id,
        assignee: sent.assignee_id,
        channel: sent.channel,
        outcome: sent.outcome,
        due_before: sent.due_before.map(|date| date.0),
        received_from: sent.received_from.map(|date| date.0),
        received_to: sent.received_to.map(|date| date.0),
        number: sent.number,
        search: sent.q.as_deref().map(search_of).transpose()?,
        sort,
        after: sent.cursor.as_deref().map(|cursor| Cursor::read(cursor, sort.code())).transpose()?,
        limit: sent.limit.unwrap_or(50),
    })
}

/// The words asked for.
fn search_of(text: &str) -> Result<Query, Failure> {
    let (code, zh, en) = match Query::parse(text) {
        Ok(query) => return Ok(query),
        Err(QueryFault::TooLong) => {
            ("length", "检索词最长 100 个字符。", "A search has at most 100 characters.")
        }
        Err(QueryFault::TooManyWords) => {
            ("length", "检索词最多 10 个，以空格分隔。", "A search has at most 10 words.")
        }
        Err(QueryFault::Empty) => ("blank", "没有可以检索的文字。", "There is nothing in it to search for."),
    };
    Err(Failure::fields(vec![FieldError::new("q", code, zh, en)]))
}

/// The order asked for; that of what is owed when that is what is asked about.
fn sort_of(code: Option<&str>, obligation: Option<ObligationKind>) -> Result<Sort, Failure> {
    let Some(code) = code else {
        return Ok(obligation.map_or_else(Sort::default, |_| Sort::ObligationDueOn));
    };
    Sort::parse(code).ok_or_else(|| {
        let choices: Vec<&str> = Sort::ALL.iter().map(|sort| sort.code()).collect();
        Failure::fields(vec![FieldError::new(
            "sort",
            "unknown_value",
            format!("排序应为：{}。", choices.join("、")),
            format!("Sort by one of {}.", choices.join(", ")),
        )])
    })
}
