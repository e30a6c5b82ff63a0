//! `/cases/{id}/reply/versions`: every version of the reply, with what was decided about it.

use actix_web::{HttpResponse, get};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::call::Call;
use super::checklist::{ChecklistView, answers};
use super::problem::{Failure, Problem};
use super::reply_dto::{BasisView, ReplyAttachmentView, basis, reply_file};
use super::review_route::{RouteView, route};
use crate::app::reply_versions::{Decided, ReplyVersion, VersionDecision, VersionSubmission};
use crate::domain::review::{Decision, Finding, Level, Step};

/// Every version of a reply, the oldest first.
#[derive(Serialize, ToSchema)]
pub struct ReplyVersions {
    /// The versions.
    pub items: Vec<ReplyVersionView>,
}

/// A version of the reply.
#[derive(Serialize, ToSchema)]
pub struct ReplyVersionView {
    /// Counts from 1 within the case.
    pub version: u32,
    /// What it answers.
    #[schema(example = "granted")]
    pub outcome: &'static str,
    /// The words, personal data masked; `null` when erased.
    pub text: Option<String>,
    /// What it says besides its words.
    #[serde(flatten)]
    pub basis: BasisView,
    /// Its hash, over outcome, words and what it says besides. What decisions name is in its submissions: the same, where no
    /// file goes out with it.
    pub content_hash: String,
    /// The day it was drafted.
    pub drafted_on: NaiveDate,
    /// Who drafted it.
    #[schema(format = "uuid")]
    pub drafted_by: Option<String>,
    /// The day it was submitted; `null`: it was not.
    pub submitted_on: Option<NaiveDate>,
    /// The route it took.
    pub route: Option<RouteView>,
    /// How it was submitted, the newest last: again, when it was returned and went out unchanged or with other attachments.
    pub submissions: Vec<SubmissionView>,
    /// What was decided about it, in order.
    pub decisions: Vec<DecisionView>,
    /// The day it was issued.
    pub issued_on: Option<NaiveDate>,
}

/// A version as it was submitted: frozen under one hash.
#[derive(Serialize, ToSchema)]
#[schema(title = "ReplySubmission")]
pub struct SubmissionView {
    /// The day.
    pub submitted_on: NaiveDate,
    /// The hash over the version and its attachments, which every decision names.
    pub content_hash: String,
    /// The route it took.
    pub route: RouteView,
    /// The files that go out with it, as they were frozen.
    pub attachments: Vec<ReplyAttachmentView>,
}

/// What was decided about a version.
#[derive(Serialize, ToSchema)]
pub struct DecisionView {
    /// The kind of step.
    pub step: Step,
    /// Its level.
    pub level: Level,
    /// The hash of what was decided upon.
    pub content_hash: String,
    /// What was decided; `null` for the secrecy authority's answer.
    pub decision: Option<Decision>,
    /// What the secrecy authority found.
    pub finding: Option<Finding>,
    /// The day.
    pub on: NaiveDate,
    /// Who decided, or recorded the answer.
    #[schema(format = "uuid")]
    pub person_id: Option<String>,
    /// For whom, when not for himself.
    #[schema(format = "uuid")]
    pub acting_for: Option<String>,
    /// The opinion or answer, personal data masked.
    pub opinion: Option<String>,
    /// What a secrecy review answered about what goes out.
    pub checklist: Option<ChecklistView>,
}

fn version(of: &ReplyVersion) -> ReplyVersionView {
    let (drafted_on, by) = of.drafted;
    let newest = of.submissions.last();
    ReplyVersionView {
        version: of.version,
        outcome: of.outcome.code(),
        text: of.text.clone(),
        basis: basis(&of.basis),
        content_hash: of.content.to_string(),
        drafted_on,
        drafted_by: by.map(|person| person.to_string()),
        submitted_on: newest.map(|it| it.on),
        route: newest.map(|it| route(&it.route)),
        submissions: of.submissions.iter().map(submission).collect(),
        decisions: of.decisions.iter().map(decision).collect(),
        issued_on: of.issued_on,
    }
}

fn submission(of: &VersionSubmission) -> SubmissionView {
    SubmissionView {
        submitted_on: of.on,
        content_hash: of.content.to_string(),
        route: route(&of.route),
        attachments: of.files.iter().map(reply_file).collect(),
    }
}

fn decision(of: &VersionDecision) -> DecisionView {
    let (decision, finding) = match of.what {
        Decided::Decision(decision) => (Some(decision), None),
        Decided::Finding(finding) => (None, Some(finding)),
    };
    DecisionView {
        step: of.id.step,
        level: of.id.level,
        content_hash: of.content.to_string(),
        decision,
        finding,
        on: of.on,
        person_id: of.by.map(|person| person.to_string()),
        acting_for: of.acting_for.map(|person| person.to_string()),
        opinion: of.opinion.clone(),
        checklist: of.checklist.map(answers),
    }
}

/// Read every version of a case's reply, with what was decided about each.
#[utoipa::path(
    operation_id = "listReplyVersions", tag = "cases",
    params(("case_id" = String, Path, description = "The case")),
    responses(
        (status = 200, description = "The versions", body = ReplyVersions),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/cases/{case_id}/reply/versions")]
pub async fn list(call: Call) -> Result<HttpResponse, Failure> {
    let versions = call.app.reply_versions(call.actor(), call.case()?).await?;
    Ok(HttpResponse::Ok().json(ReplyVersions { items: versions.iter().map(version).collect() }))
}
