//! `/calendars`: the working days and their notices; trying and applying a new or amended notice.

use actix_web::{HttpResponse, get, post, put};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::body::{Body, CivilDate, Params, not_blank, whole_number};
use super::calendar_dto::{
    AppliedView, CalendarList, CalendarView, CalendarYearView, PreviewView, applied, calendar, calendar_year,
    preview,
};
use super::call::{Call, required};
use super::problem::{Failure, Problem};
use crate::app::calendars::{NewDay, NewYears, Scope};
use crate::app::error::AppError;
use crate::domain::calendar::ExceptionKind;
use crate::domain::case::event::Digest;

/// List the working calendars.
#[utoipa::path(
    operation_id = "listCalendars", tag = "law",
    responses(
        (status = 200, description = "The calendars", body = CalendarList),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/calendars")]
pub async fn list(call: Call) -> Result<HttpResponse, Failure> {
    let items = call.app.calendars().await?.iter().map(calendar).collect();
    Ok(HttpResponse::Ok().json(CalendarList { items }))
}

/// Read a calendar: which years it covers, and where each comes from.
#[utoipa::path(
    operation_id = "readCalendar", tag = "law",
    params(("calendar_id" = String, Path, description = "The calendar", example = "cn")),
    responses(
        (status = 200, description = "The calendar", body = CalendarView),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/calendars/{calendar_id}")]
pub async fn read(call: Call) -> Result<HttpResponse, Failure> {
    let id: String = call.path("calendar_id")?;
    Ok(HttpResponse::Ok().json(calendar(&call.app.calendar(&id).await?)))
}

/// Read a year: every day that is no plain Monday-to-Friday rule, with its notice, and every version of the year.
#[utoipa::path(
    operation_id = "readCalendarYear", tag = "law",
    params(("calendar_id" = String, Path, description = "The calendar", example = "cn"),
        ("year" = i32, Path, description = "A year that it covers")),
    responses(
        (status = 200, description = "The year", body = CalendarYearView),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/calendars/{calendar_id}/years/{year}")]
pub async fn read_year(call: Call) -> Result<HttpResponse, Failure> {
    let id: String = call.path("calendar_id")?;
    let year: i32 = call.path("year")?;
    let view = call.app.calendar(&id).await?;
    let covered = view.law.calendar(&id).is_some_and(|calendar| calendar.coverage().contains(&year));
    if !covered {
        return Err(AppError::NotFound.into());
    }
    Ok(HttpResponse::Ok().json(calendar_year(&view, year)?))
}

/// A day of a notice.
#[derive(Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDayRequest {
    /// The civil date.
    #[validate(required)]
    #[schema(value_type = String, required = true, nullable = false, format = Date, example = "2027-01-01")]
    date: Option<CivilDate>,
    /// `holiday`: a day off. `workday`: a Saturday or Sunday on which offices work.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "holiday")]
    kind: Option<ExceptionKind>,
    /// What the notice calls the day.
    #[validate(required, length(min = 1, max = 100), custom(function = not_blank))]
    #[schema(required = true, nullable = false, min_length = 1, max_length = 100, example = "元旦")]
    name: Option<String>,
    /// The notice that orders this day, when it is another one. Without it, a day that stays as it was keeps its notice.
    #[validate(length(min = 1, max = 100), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 100)]
    notice: Option<String>,
}

/// A year as a notice orders it.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct YearRequest {
    /// The notice's number.
    #[validate(required, length(min = 1, max = 100), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 100,
        example = "国办发明电〔2026〕×号"
    )]
    notice: Option<String>,
    /// Every exception of the year: they take the place of what was there. Days from 25 to 31 December of the year before may
    /// come along; they are merged into that year.
    #[serde(default, deserialize_with = "super::object::objects")]
    #[validate(required, nested, length(max = 400))]
    #[schema(required = true, nullable = false, max_items = 400)]
    rows: Option<Vec<NewDayRequest>>,
}

/// A year as it was previewed.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyRequest {
    /// The notice's number.
    #[validate(required, length(min = 1, max = 100), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 100,
        example = "国办发明电〔2026〕×号"
    )]
    notice: Option<String>,
    /// The rows that were previewed.
    #[serde(default, deserialize_with = "super::object::objects")]
    #[validate(required, nested, length(max = 400))]
    #[schema(required = true, nullable = false, max_items = 400)]
    rows: Option<Vec<NewDayRequest>>,
    /// The preview's digest.
    #[validate(required)]
    #[schema(value_type = String, required = true, nullable = false, pattern = "^[0-9a-f]{64}$")]
    preview: Option<Digest>,
}

/// How much is told of what a change does.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EffectParams {
    /// How many cases that move, and how many that only settle, are named, 1 to 1000; 100 when absent. All are counted.
    #[serde(default, deserialize_with = "whole_number")]
    #[validate(range(min = 1, max = 1000))]
    #[param(nullable = false, minimum = 1, maximum = 1000)]
    limit: Option<u16>,
}

impl EffectParams {
    fn limit(&self) -> usize {
        usize::from(self.limit.unwrap_or(100))
    }
}

fn new_years(
    call: &Call,
    notice: Option<String>,
    rows: Option<Vec<NewDayRequest>>,
) -> Result<NewYears, Failure> {
    let mut days = Vec::new();
    for (n, row) in required(rows, "/rows")?.into_iter().enumerate() {
        days.push(NewDay {
            date: required(row.date, &format!("/rows/{n}/date"))?.0,
            kind: required(row.kind, &format!("/rows/{n}/kind"))?,
            name: required(row.name, &format!("/rows/{n}/name"))?,
            notice: row.notice,
        });
    }
    Ok(NewYears {
        calendar: call.path("calendar_id")?,
        notice: required(notice, "/notice")?,
        scope: Scope::Year(call.path("year")?),
        days,
    })
}

/// Try a notice: which open cases would move, from when to when. Nothing is changed.
#[utoipa::path(
    operation_id = "previewCalendarYear", tag = "law",
    params(("calendar_id" = String, Path, description = "The calendar", example = "cn"),
        ("year" = i32, Path, description = "The year: one that is covered, or the next"), EffectParams),
    request_body = YearRequest,
    responses(
        (status = 200, description = "What it would do", body = PreviewView),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/calendars/{calendar_id}/years/{year}/preview")]
pub async fn try_year(
    call: Call,
    params: Params<EffectParams>,
    body: Body<YearRequest>,
) -> Result<HttpResponse, Failure> {
    call.app.may_manage_calendars(call.actor()).await?;
    let new = new_years(&call, body.value.notice, body.value.rows)?;
    let previewed = call.app.preview_calendar(&new, params.0.limit()).await?;
    Ok(HttpResponse::Ok().json(preview(&previewed, call.actor().clearance)))
}

/// Apply a notice exactly as it was previewed: an event on every case it moves, all or nothing.
#[utoipa::path(
    operation_id = "applyCalendarYear", tag = "law",
    params(("calendar_id" = String, Path, description = "The calendar", example = "cn"),
        ("year" = i32, Path, description = "The year: one that is covered, or the next"), EffectParams),
    request_body = ApplyRequest,
    responses(
        (status = 200, description = "What it did", body = AppliedView),
        (status = "4XX", description = "A problem; `preview_stale` when cases or calendar are others by now", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[put("/calendars/{calendar_id}/years/{year}")]
pub async fn apply_year(
    call: Call,
    params: Params<EffectParams>,
    body: Body<ApplyRequest>,
) -> Result<HttpResponse, Failure> {
    call.app.may_manage_calendars(call.actor()).await?;
    let digest = required(body.value.preview, "/preview")?;
    let new = new_years(&call, body.value.notice, body.value.rows)?;
    let done = call.app.apply_calendar_as(call.actor(), &new, digest, params.0.limit()).await?;
    Ok(HttpResponse::Ok().json(applied(&done, call.actor().clearance)))
}
