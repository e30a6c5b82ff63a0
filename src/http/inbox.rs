//! `/inbox`: what was received and is not yet registered, by the day of arrival.

use actix_web::{HttpResponse, get};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::body::{Params, whole_number};
use super::call::Call;
use super::page::{Cursor, with_link};
use super::problem::{Failure, Problem};
use crate::app::inbox::{Age, InboxCase, InboxDay};
use crate::domain::applicant::ApplicantKind;
use crate::domain::case::Status;
use crate::domain::channel::Channel;
use crate::domain::time_limit::Light;

/// Which page of the inbox.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InboxParams {
    /// Where the page before ended.
    #[param(nullable = false)]
    cursor: Option<String>,
    /// How many cases, 1 to 200; 50 when absent.
    #[serde(default, deserialize_with = "whole_number")]
    #[validate(range(min = 1, max = 200))]
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// A page of the inbox.
#[derive(Serialize, ToSchema)]
#[schema(title = "Inbox")]
pub struct InboxView {
    /// The civil date for which ages and lights hold.
    pub as_of: NaiveDate,
    /// How many wait, on all pages.
    pub total: u64,
    /// The oldest of them, on whichever page; `null` when none waits.
    pub oldest: Option<OldestView>,
    /// The days of arrival, the oldest first. A day that does not fit on a page goes on with the next.
    pub days: Vec<InboxDayView>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// The oldest arrival.
#[derive(Serialize, ToSchema)]
pub struct OldestView {
    /// The day it arrived.
    pub arrived_on: NaiveDate,
    /// Calendar days since, the day of arrival not counted.
    pub age_days: i64,
    /// Working days among them.
    pub age_working_days: i64,
}

impl OldestView {
    /// What arrived on a day, and its age.
    pub fn of((arrived_on, age): (NaiveDate, Age)) -> Self {
        Self { arrived_on, age_days: age.days, age_working_days: age.working_days }
    }
}

/// What arrived on one day.
#[derive(Serialize, ToSchema)]
pub struct InboxDayView {
    /// The day.
    pub arrived_on: NaiveDate,
    /// How many arrived on it and still wait, those on other pages included.
    pub count: u64,
    /// Those on this page.
    pub cases: Vec<InboxCaseView>,
}

/// A case that waits to be registered: no applicant's data.
#[derive(Serialize, ToSchema)]
pub struct InboxCaseView {
    /// Opaque id.
    #[schema(format = "uuid")]
    pub id: String,
    /// `received`, or `awaiting_confirmation`.
    #[schema(value_type = Status)]
    pub status: String,
    /// The channel.
    #[schema(value_type = Channel)]
    pub channel: String,
    /// The applicant's column in the annual report.
    #[schema(value_type = ApplicantKind)]
    pub applicant_kind: String,
    /// The day of arrival.
    pub arrived_on: NaiveDate,
    /// The date of receipt; `null` while a confirmation is awaited.
    pub received_on: Option<NaiveDate>,
    /// Calendar days since the day of arrival, which is not counted.
    pub age_days: i64,
    /// Working days among them.
    pub age_working_days: i64,
    /// The last day on which the reply is in time; `null` while a confirmation is awaited.
    pub due_on: Option<NaiveDate>,
    /// Why `due_on` may still change: `year_without_notice` or `last_days_of_last_year`; `null` when it is final.
    pub provisional: Option<String>,
    /// How the limit stands today.
    pub light: Option<Light>,
    /// The last day to ask for a correction (Art. 30), passed or not; `null` while a confirmation is awaited.
    pub correction_notice_until: Option<NaiveDate>,
}

impl From<InboxCase> for InboxCaseView {
    fn from(case: InboxCase) -> Self {
        Self {
            id: case.row.id.0.to_string(),
            status: case.row.status,
            channel: case.row.channel,
            applicant_kind: case.row.applicant_kind,
            arrived_on: case.row.arrived_on,
            received_on: case.row.received_on,
            age_days: case.age.days,
            age_working_days: case.age.working_days,
            due_on: case.row.due_on,
            provisional: case.row.provisional,
            light: case.light,
            correction_notice_until: case.correction_notice_until,
        }
    }
}

impl From<InboxDay> for InboxDayView {
    fn from(day: InboxDay) -> Self {
        let cases = day.cases.into_iter().map(Into::into).collect();
        Self { arrived_on: day.arrived_on, count: day.count, cases }
    }
}

/// The order of the inbox, as its cursors name it.
const ORDER: &str = "inbox";

/// List what waits to be registered (the inbox).
///
/// What was received, or awaits a confirmation, by the day of arrival, the oldest first. Within the caller's scope: who
/// works for departments sees what these work on, which before registration is nothing. Pages are stable.
#[utoipa::path(
    operation_id = "listInbox", tag = "cases", params(InboxParams),
    responses(
        (status = 200, description = "A page", body = InboxView, headers(("Link" = Option<String>, description = "The next page, rel=next"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/inbox")]
pub async fn list(call: Call, params: Params<InboxParams>) -> Result<HttpResponse, Failure> {
    let after = params.0.cursor.as_deref().map(|cursor| Cursor::read(cursor, ORDER)).transpose()?;
    let page = call.app.inbox(call.actor(), after, params.0.limit.unwrap_or(50)).await?;
    let next_cursor = page.next.map(|(day, id)| Cursor { day, id }.write(ORDER));
    let shown = InboxView {
        as_of: page.today,
        total: page.total,
        oldest: page.oldest.map(OldestView::of),
        days: page.days.into_iter().map(Into::into).collect(),
        next_cursor,
    };
    Ok(with_link(&call, shown.next_cursor.as_deref(), &shown))
}
