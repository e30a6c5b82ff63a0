//! `/agencies/{id}/supervision-notices` (督办): what a supervising agency wants answered by a day, the answer, and what came of it.

use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::body::{Body, CivilDate, Params, not_blank, whole_number};
use super::call::{Call, RetryHeader, required, respond};
use super::notice_dto::{NoticePage, NoticeSideParam, SupervisionNotice, sent, stepped};
use super::page::{Cursor, with_link};
use super::problem::{Failure, Problem};
use crate::app::notice_view::NoticeQuery;
use crate::app::notices::{NewNotice, NoticeOrder};
use crate::domain::ids::{AgencyId, CaseId, NoticeId};
use crate::domain::notice::NoticeState;
use crate::store::Key;

/// A notice to be sent.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupervisionNoticeRequest {
    /// The registration number of the case it is about. Without a case it is about the agency's work.
    #[validate(length(min = 1, max = 100), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 100, example = "公申〔2026〕12号")]
    case_number: Option<String>,
    /// The id of the case, instead of its number.
    #[schema(value_type = Option<String>, format = "uuid")]
    case_id: Option<CaseId>,
    /// What it is about.
    #[validate(required, length(min = 1, max = 200), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 200,
        example = "依申请公开逾期未答复"
    )]
    subject: Option<String>,
    /// What is wanted.
    #[validate(required, length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 4000,
        example = "请核查该申请的办理情况，书面报告原因和改进措施。"
    )]
    text: Option<String>,
    /// The last day for the answer: today, or at most 366 days ahead.
    #[validate(required)]
    #[schema(value_type = String, format = Date, required = true, nullable = false, example = "2026-12-31")]
    due_on: Option<CivilDate>,
}

/// Send a supervision notice to an agency (督办, Art. 47).
///
/// By a supervisor of the agency or of one above it; his role names the agency that sends it. It may be about one case, which it does not
/// open to him, or about the agency's work.
#[utoipa::path(
    operation_id = "sendSupervisionNotice", tag = "supervision",
    params(("agency_id" = String, Path, description = "The agency that receives it"), RetryHeader),
    request_body = SupervisionNoticeRequest,
    responses(
        (status = 201, description = "The notice", body = SupervisionNotice, headers(("Location" = String, description = "Where it is read"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/agencies/{agency_id}/supervision-notices")]
pub async fn send(call: Call, body: Body<SupervisionNoticeRequest>) -> Result<HttpResponse, Failure> {
    let agency: AgencyId = call.path("agency_id")?;
    let retry = call.retry(&body.bytes)?;
    let asked = body.value;
    let new = NewNotice {
        case_number: asked.case_number,
        case: asked.case_id,
        subject: required(asked.subject, "/subject")?,
        text: required(asked.text, "/text")?,
        due_on: required(asked.due_on, "/due_on")?.0,
    };
    Ok(respond(call.app.send_notice(call.actor(), agency, new, retry, sent).await?))
}

/// Which notices.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NoticeParams {
    /// Those that the agency received, or those that it sent; `received` when absent.
    #[serde(default, deserialize_with = "super::object::word")]
    #[param(nullable = false)]
    side: Option<NoticeSideParam>,
    /// How they stand; all when absent.
    #[serde(default, deserialize_with = "super::object::word")]
    #[param(nullable = false)]
    state: Option<NoticeState>,
    /// Where the page before ended.
    #[param(nullable = false)]
    cursor: Option<String>,
    /// How many, 1 to 200; 50 when absent.
    #[serde(default, deserialize_with = "whole_number")]
    #[validate(range(min = 1, max = 200))]
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// The order of notices, as their cursors name it.
const ORDER: &str = "notices";

/// List the supervision notices that an agency received, or sent; the newest first.
///
/// Those received are for its clerks, handlers and approvers (who works for a department sees those about the cases on which it
/// works), and for supervisors of it or of an agency above it. Those sent are for the supervisors.
#[utoipa::path(
    operation_id = "listSupervisionNotices", tag = "supervision",
    params(("agency_id" = String, Path, description = "The agency that received, or sent, them"), NoticeParams),
    responses(
        (status = 200, description = "A page", body = NoticePage, headers(("Link" = Option<String>, description = "The next page, rel=next"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/agencies/{agency_id}/supervision-notices")]
pub async fn list(call: Call, params: Params<NoticeParams>) -> Result<HttpResponse, Failure> {
    let asked = params.0;
    let before = asked.cursor.as_deref().map(|cursor| Cursor::read(cursor, ORDER)).transpose()?;
    let query = NoticeQuery {
        agency: call.path("agency_id")?,
        sent: asked.side == Some(NoticeSideParam::Sent),
        state: asked.state,
        before: before.map(|(_, id)| NoticeId(id.0)),
        limit: asked.limit.unwrap_or(50),
    };
    let page = call.app.notices(call.actor(), query).await?;
    let shown = NoticePage {
        as_of: page.as_of,
        items: page.notices.into_iter().map(Into::into).collect(),
        next_cursor: page.next.map(|(day, id)| Cursor { day, id: Key(id.0) }.write(ORDER)),
    };
    Ok(with_link(&call, shown.next_cursor.as_deref(), &shown))
}

/// Read a supervision notice with its answers, and what came of them.
#[utoipa::path(
    operation_id = "readSupervisionNotice", tag = "supervision",
    params(("agency_id" = String, Path, description = "The agency that received it"),
        ("notice_id" = String, Path, description = "The notice")),
    responses(
        (status = 200, description = "The notice", body = SupervisionNotice),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/agencies/{agency_id}/supervision-notices/{notice_id}")]
pub async fn read(call: Call) -> Result<HttpResponse, Failure> {
    let (agency, notice) = named(&call)?;
    let notice = call.app.notice(call.actor(), agency, notice).await?;
    Ok(HttpResponse::Ok().json(SupervisionNotice::from(notice)))
}

/// An answer to be given.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeAnswerRequest {
    /// What is answered.
    #[validate(required, length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 4000,
        example = "该申请已于今日答复，逾期原因为查找档案耗时。"
    )]
    text: Option<String>,
}

/// Answer a supervision notice (答复督办).
///
/// For the agency, by its approver, today: an answer after the day is late. Whoever sent the notice does not answer it himself.
#[utoipa::path(
    operation_id = "answerSupervisionNotice", tag = "supervision",
    params(("agency_id" = String, Path, description = "The agency that received it"),
        ("notice_id" = String, Path, description = "The notice"), RetryHeader),
    request_body = NoticeAnswerRequest,
    responses(
        (status = 200, description = "The notice with its answer", body = SupervisionNotice),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/agencies/{agency_id}/supervision-notices/{notice_id}/answer")]
pub async fn answer(call: Call, body: Body<NoticeAnswerRequest>) -> Result<HttpResponse, Failure> {
    let order = NoticeOrder::Answer { text: required(body.value.text.clone(), "/text")? };
    step(&call, order, &body).await
}

/// Why an answer does not do.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeReturnRequest {
    /// Why it does not do, and what is wanted.
    #[validate(required, length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 4000,
        example = "未说明逾期原因，请补充。"
    )]
    text: Option<String>,
    /// The new last day for the answer: today, or at most 366 days ahead.
    #[validate(required)]
    #[schema(value_type = String, format = Date, required = true, nullable = false, example = "2026-12-31")]
    due_on: Option<CivilDate>,
}

/// Send a supervision notice back, since its answer does not do (退回).
///
/// By a supervisor of the agency that sent it or of one above; never by who answered. At most 20 times.
#[utoipa::path(
    operation_id = "returnSupervisionNotice", tag = "supervision",
    params(("agency_id" = String, Path, description = "The agency that received it"),
        ("notice_id" = String, Path, description = "The notice"), RetryHeader),
    request_body = NoticeReturnRequest,
    responses(
        (status = 200, description = "The notice, open again", body = SupervisionNotice),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/agencies/{agency_id}/supervision-notices/{notice_id}/return")]
pub async fn send_back(call: Call, body: Body<NoticeReturnRequest>) -> Result<HttpResponse, Failure> {
    let due_on: NaiveDate = required(body.value.due_on, "/due_on")?.0;
    let order = NoticeOrder::Return { text: required(body.value.text.clone(), "/text")?, due_on };
    step(&call, order, &body).await
}

/// What is said when a notice is closed.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeClosureRequest {
    /// What is said; required when the notice has no answer.
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000, example = "整改到位，同意办结。")]
    text: Option<String>,
}

/// Close a supervision notice (办结).
///
/// By a supervisor of the agency that sent it or of one above; never by who answered. One without an answer is closed with a reason.
#[utoipa::path(
    operation_id = "closeSupervisionNotice", tag = "supervision",
    params(("agency_id" = String, Path, description = "The agency that received it"),
        ("notice_id" = String, Path, description = "The notice"), RetryHeader),
    request_body = NoticeClosureRequest,
    responses(
        (status = 200, description = "The notice, closed", body = SupervisionNotice),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/agencies/{agency_id}/supervision-notices/{notice_id}/closure")]
pub async fn close(call: Call, body: Body<NoticeClosureRequest>) -> Result<HttpResponse, Failure> {
    step(&call, NoticeOrder::Close { text: body.value.text.clone() }, &body).await
}

fn named(call: &Call) -> Result<(AgencyId, NoticeId), Failure> {
    Ok((call.path("agency_id")?, call.path("notice_id")?))
}

async fn step<T>(call: &Call, order: NoticeOrder, body: &Body<T>) -> Result<HttpResponse, Failure> {
    let retry = call.retry(&body.bytes)?;
    Ok(respond(call.app.notice_step(call.actor(), named(call)?, order, retry, stepped).await?))
}
