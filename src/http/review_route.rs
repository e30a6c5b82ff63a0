//! `/agencies/{id}/review-route`, `/remedy-bodies`: what an agency sets for its replies.

use actix_web::{HttpResponse, get, put};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::body::{Body, count};
use super::call::{Call, required};
use super::problem::{Failure, Problem};
use super::reply_input::RemediesInput;
use crate::domain::ids::{AgencyId, PersonId};
use crate::domain::reply::RemedyBodies;
use crate::domain::review::{Level, Reviewer, Route, RouteStep, Step, StepId};

/// A step of the route.
#[derive(Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteStepInput {
    /// Its kind.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "secrecy")]
    step: Option<Step>,
    /// 初审, 复审 or 终审; 初审 when absent. Of one kind, a higher level comes in a later turn.
    #[serde(default, deserialize_with = "super::object::word")]
    #[schema(nullable = false, example = "first")]
    level: Option<Level>,
    /// Its turn, from 1. Steps of one turn go side by side.
    #[serde(default, deserialize_with = "count")]
    #[validate(required, range(min = 1, max = 6))]
    #[schema(required = true, nullable = false, minimum = 1, maximum = 6, example = 1)]
    turn: Option<u8>,
    /// The one person who takes it, who holds the role of its kind; whoever holds that role when absent.
    #[schema(value_type = Option<String>, format = "uuid")]
    person_id: Option<PersonId>,
}

/// A route, whole.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteRequest {
    /// The steps.
    #[serde(default, deserialize_with = "super::object::objects")]
    #[validate(required, nested, length(min = 1, max = 6))]
    #[schema(required = true, nullable = false, min_items = 1, max_items = 6)]
    steps: Option<Vec<RouteStepInput>>,
}

/// A route of review (审核流程).
#[derive(Serialize, ToSchema)]
pub struct RouteView {
    /// The steps, by turn.
    pub steps: Vec<RouteStepView>,
    /// Whether it is the one that holds where an agency sets none.
    pub usual: bool,
}

/// A step of a route.
#[derive(Serialize, ToSchema)]
pub struct RouteStepView {
    /// Its kind.
    pub step: Step,
    /// Its level.
    pub level: Level,
    /// Its turn; steps of one turn go side by side.
    pub turn: u8,
    /// The one person who takes it; `null`: whoever holds the role.
    #[schema(format = "uuid")]
    pub person_id: Option<String>,
}

/// A route as the interface shows it.
pub fn route(route: &Route) -> RouteView {
    RouteView { steps: route.steps().iter().map(step).collect(), usual: route.is_default() }
}

fn step(step: &RouteStep) -> RouteStepView {
    RouteStepView { step: step.id.step, level: step.id.level, turn: step.turn, person_id: person(step.by) }
}

/// The person whom a step names.
pub fn person(by: Reviewer) -> Option<String> {
    match by {
        Reviewer::Person(person) => Some(person.to_string()),
        Reviewer::Role => None,
    }
}

/// Read the route of review.
#[utoipa::path(
    operation_id = "readReviewRoute", tag = "set-up",
    params(("agency_id" = String, Path, description = "The agency")),
    responses(
        (status = 200, description = "The route", body = RouteView),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/agencies/{agency_id}/review-route")]
pub async fn read(call: Call) -> Result<HttpResponse, Failure> {
    let agency: AgencyId = call.path("agency_id")?;
    let usual = call.app.read_usual(call.actor(), agency).await?;
    Ok(HttpResponse::Ok().json(route(&usual.route)))
}

/// Set the route of review (审核流程).
///
/// Up to six steps of three kinds in up to three levels, in turns or side by side; a secrecy review and a sign-off are always among
/// them, and the sign-off comes last. It holds for what is submitted from then on: each submission keeps the route it was given.
#[utoipa::path(
    operation_id = "setReviewRoute", tag = "set-up",
    params(("agency_id" = String, Path, description = "The agency")),
    request_body = RouteRequest,
    responses(
        (status = 200, description = "The route", body = RouteView),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[put("/agencies/{agency_id}/review-route")]
pub async fn set(call: Call, body: Body<RouteRequest>) -> Result<HttpResponse, Failure> {
    let agency: AgencyId = call.path("agency_id")?;
    let sent = required(body.value.steps, "/steps")?;
    let steps = sent.into_iter().enumerate().map(|(n, step)| {
        let kind = required(step.step, &format!("/steps/{n}/step"))?;
        Ok(RouteStep {
            id: StepId { step: kind, level: step.level.unwrap_or_default() },
            turn: required(step.turn, &format!("/steps/{n}/turn"))?,
            by: step.person_id.map_or(Reviewer::Role, Reviewer::Person),
        })
    });
    let steps = steps.collect::<Result<_, Failure>>()?;
    let set = call.app.set_route(call.actor(), agency, steps).await?;
    Ok(HttpResponse::Ok().json(route(&set)))
}

/// Where applicants turn, by name.
#[derive(Serialize, ToSchema)]
pub struct RemedyBodiesView {
    /// 行政复议机关.
    #[schema(example = "淮安市人民政府")]
    pub reconsideration_body: Option<String>,
    /// The people's court.
    #[schema(example = "淮安市清江浦区人民法院")]
    pub court: Option<String>,
    /// The way of filing by internet.
    pub online_filing: Option<String>,
}

fn bodies(named: RemedyBodies<String>) -> RemedyBodiesView {
    let RemedyBodies { reconsideration_body, court, online_filing } = named;
    RemedyBodiesView { reconsideration_body, court, online_filing }
}

/// Read the bodies that a draft names when it names none.
#[utoipa::path(
    operation_id = "readRemedyBodies", tag = "set-up",
    params(("agency_id" = String, Path, description = "The agency")),
    responses(
        (status = 200, description = "The bodies", body = RemedyBodiesView),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/agencies/{agency_id}/remedy-bodies")]
pub async fn read_bodies(call: Call) -> Result<HttpResponse, Failure> {
    let agency: AgencyId = call.path("agency_id")?;
    let usual = call.app.read_usual(call.actor(), agency).await?;
    Ok(HttpResponse::Ok().json(bodies(usual.remedies)))
}

/// Set the bodies that a draft names when it names none, whole (复议机关、人民法院).
///
/// They are written into each draft from then on, and frozen with it.
#[utoipa::path(
    operation_id = "setRemedyBodies", tag = "set-up",
    params(("agency_id" = String, Path, description = "The agency")),
    request_body = RemediesInput,
    responses(
        (status = 200, description = "The bodies", body = RemedyBodiesView),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[put("/agencies/{agency_id}/remedy-bodies")]
pub async fn set_bodies(call: Call, body: Body<RemediesInput>) -> Result<HttpResponse, Failure> {
    let agency: AgencyId = call.path("agency_id")?;
    let named = body.value.named();
    call.app.set_remedies(call.actor(), agency, named.clone()).await?;
    Ok(HttpResponse::Ok().json(bodies(named)))
}
