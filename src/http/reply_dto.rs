//! A reply as the interface shows it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::review_route::person;
use crate::app::case_view::{CaseDetail, ReplyFile};
use crate::app::reply_view::RemediesTold;
use crate::domain::attachment::FileType;
use crate::domain::case::state::{Conclusion, State, Submission};
use crate::domain::lang::Lang;
use crate::domain::outcome::Outcome;
use crate::domain::reply::{Basis, FactValue, Fault};
use crate::domain::review::{Level, RouteStep, Step};
use crate::domain::statute::Remedies;

/// A version of the reply.
#[derive(Serialize, ToSchema)]
pub struct ReplyView {
    /// Counts from 1 within the case; `null` for a reply taken over with a ledger.
    pub version: Option<u32>,
    /// What is answered.
    #[schema(example = "granted")]
    pub outcome: &'static str,
    /// The words, personal data masked.
    pub text: Option<String>,
    /// What it says besides its words.
    #[serde(flatten)]
    pub basis: BasisView,
    /// How it tells the remedies; `null` where the statute has no clause, or the reply was taken over with a ledger.
    pub remedies: Option<RemediesView>,
    /// What it still lacks of what the law asks of its outcome: it cannot be submitted before.
    pub lacking: Vec<LackView>,
    /// What a review and the issue must name: the hash over the version and its attachments, once it is submitted; before, that
    /// of the version alone.
    pub content_hash: Option<String>,
    /// The files that go out with it: while it is written, those that would; frozen once it is submitted.
    pub attachments: Vec<ReplyAttachmentView>,
    /// `draft`, `in_review`, `approved` or `issued`.
    #[schema(example = "in_review")]
    pub state: &'static str,
    /// Steps passed, in order.
    pub passed_steps: Vec<&'static str>,
    /// The step that is due; the first of them, where several go side by side.
    #[schema(example = "legal")]
    pub due_step: Option<&'static str>,
    /// While it is in review or approved: every step of its route, and how it stands.
    pub steps: Vec<StepView>,
    /// The day it was issued.
    pub issued_on: Option<NaiveDate>,
    /// Its number (答复书文号), when it was given one.
    #[schema(example = "淮公开告〔2026〕12号")]
    pub number: Option<String>,
}

/// A file that goes out with a reply.
#[derive(Serialize, ToSchema)]
#[schema(title = "ReplyAttachment")]
pub struct ReplyAttachmentView {
    /// The attachment.
    #[schema(format = "uuid")]
    pub id: String,
    /// Its name, personal data masked; `null` when erased.
    pub file_name: Option<String>,
    /// What its content is.
    #[schema(value_type = FileType)]
    pub file_type: &'static str,
    /// Bytes.
    pub size: u64,
    /// The hash that the record holds and the submission's hash covers: keyed, so that nobody can try out known documents.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub content_hash: String,
    /// The SHA-256 of the content; `null` when erased.
    pub sha256: Option<String>,
}

/// The same of what the app shows.
pub fn reply_file(file: &ReplyFile) -> ReplyAttachmentView {
    ReplyAttachmentView {
        id: file.id.to_string(),
        file_name: file.name.clone(),
        file_type: file.file_type.code(),
        size: file.size,
        content_hash: file.content.to_string(),
        sha256: file.sha256.clone(),
    }
}

/// A step of the route that the submission froze.
#[derive(Serialize, ToSchema)]
pub struct StepView {
    /// Its kind.
    pub step: Step,
    /// Its level.
    pub level: Level,
    /// Its turn; steps of one turn go side by side.
    pub turn: u8,
    /// The one person who takes it; `null`: whoever holds the role.
    #[schema(format = "uuid")]
    pub person_id: Option<String>,
    /// `later`, `due`, `referred` (to the secrecy authority) or `passed`.
    #[schema(example = "due")]
    pub state: &'static str,
}

/// What a reply says besides its words.
#[derive(Serialize, ToSchema)]
pub struct BasisView {
    /// The articles cited.
    #[schema(example = json!(["36(2)"]))]
    pub grounds: Vec<String>,
    /// The facts stated, by name: words (personal data masked; `null` when erased), a date, or a word of a list.
    #[schema(value_type = Object, example = json!({"provided": "2025年度绩效评价报告"}))]
    pub facts: BTreeMap<&'static str, Option<String>>,
    /// The parts withheld.
    pub withheld: Vec<WithheldView>,
    /// The third parties overridden.
    pub overrides: Vec<OverrideView>,
}

/// A part that is withheld.
#[derive(Serialize, ToSchema)]
pub struct WithheldView {
    /// What.
    pub what: Option<String>,
    /// Which refusal it is.
    #[schema(example = "denied_third_party_rights")]
    pub outcome: &'static str,
    /// The articles cited for it.
    #[schema(example = json!(["15"]))]
    pub grounds: Vec<String>,
    /// Why.
    pub reason: Option<String>,
    /// The consultation whose objection it honours.
    pub consultation: Option<u32>,
}

/// What an overridden third party is told.
#[derive(Serialize, ToSchema)]
pub struct OverrideView {
    /// The consultation in which he objected.
    pub consultation: u32,
    /// The day he was told; `null`: with the reply.
    pub told_on: Option<NaiveDate>,
    /// What will be disclosed.
    pub content: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// How a reply tells the remedies.
#[derive(Serialize, ToSchema)]
pub struct RemediesView {
    /// Their type.
    #[serde(rename = "type")]
    pub kind: Remedies,
    /// The article.
    #[schema(example = "行政复议法 20; 行政诉讼法 46")]
    pub article: String,
    /// 行政复议机关.
    pub reconsideration_body: Option<String>,
    /// The people's court.
    pub court: Option<String>,
    /// The way of filing by internet.
    pub online_filing: Option<String>,
    /// The clause in Chinese; what is not named is a blank.
    pub clause_zh: String,
    /// The clause in English.
    pub clause_en: String,
}

/// Something that a draft lacks.
#[derive(Serialize, ToSchema)]
pub struct LackView {
    /// Where it belongs: a JSON pointer into the draft.
    #[schema(example = "/facts/search")]
    pub pointer: String,
    /// `missing`, or why what is there is not right.
    #[schema(example = "missing")]
    pub code: &'static str,
    /// The article that asks for it.
    #[schema(example = "36(4)")]
    pub article: Option<String>,
    /// What would be right, in Chinese.
    pub detail_zh: String,
    /// The same in English.
    pub detail_en: String,
}

/// The newest version of a case's reply.
pub fn reply(detail: &CaseDetail) -> Option<ReplyView> {
    let state = &detail.case.state;
    let draft = state.draft();
    let issued = state.conclusion().and_then(|conclusion| match conclusion {
        Conclusion::Replied { reply, .. } => Some(reply),
        Conclusion::Withdrawn(_) | Conclusion::Lapsed { .. } => None,
    });
    let outcome = issued.as_ref().map(|reply| reply.outcome).or(draft.map(|draft| draft.outcome))?;
    let submission = state.submission();
    let passed = submission.map(|submission| submission.passed.as_slice()).unwrap_or_default();
    let due = submission.and_then(|submission| submission.route.due(passed).next());
    Some(ReplyView {
        version: draft.map(|draft| draft.version),
        outcome: outcome.code(),
        text: detail.reply.clone(),
        basis: basis(&detail.basis),
        remedies: detail.remedies.as_ref().map(|told| remedies(told, &detail.basis)),
        lacking: detail.lacking.iter().map(lack).collect(),
        content_hash: state.content().map(|content| content.to_string()),
        attachments: detail.reply_files.iter().map(reply_file).collect(),
        state: reply_state(state),
        passed_steps: passed.iter().map(|id| id.step.code()).collect(),
        steps: submission.map_or_else(Vec::new, steps),
        due_step: due.map(|due| due.id.step.code()),
        issued_on: issued.as_ref().map(|reply| reply.issued_on),
        number: issued.and_then(|reply| reply.number).map(String::from),
    })
}

fn steps(submission: &Submission) -> Vec<StepView> {
    let due: Vec<_> = submission.route.due(&submission.passed).map(|due| due.id).collect();
    let state = |id| match (submission.passed.contains(&id), due.contains(&id)) {
        (true, _) => "passed",
        (false, true) if submission.awaiting() == Some(id) => "referred",
        (false, true) => "due",
        (false, false) => "later",
    };
    let view = |step: &RouteStep| StepView {
        step: step.id.step,
        level: step.id.level,
        turn: step.turn,
        person_id: person(step.by),
        state: state(step.id),
    };
    submission.route.steps().iter().map(view).collect()
}

/// What a reply says besides its words, as the interface shows it.
pub fn basis(basis: &Basis<Option<String>>) -> BasisView {
    let stated = |value: &FactValue<Option<String>>| match value {
        FactValue::Text(text) => text.clone(),
        FactValue::Date(date) => Some(date.to_string()),
        FactValue::Word(word) => Some(word.clone()),
    };
    BasisView {
        grounds: basis.grounds.clone(),
        facts: basis.facts.iter().map(|(fact, value)| (fact.code(), stated(value))).collect(),
        withheld: basis
            .withheld
            .iter()
            .map(|part| WithheldView {
                what: part.what.clone(),
                outcome: Outcome::code(part.outcome),
                grounds: part.grounds.clone(),
                reason: part.reason.clone(),
                consultation: part.consultation,
            })
            .collect(),
        overrides: basis
            .overrides
            .iter()
            .map(|told| OverrideView {
                consultation: told.consultation,
                told_on: told.told_on,
                content: told.content.clone(),
                reason: told.reason.clone(),
            })
            .collect(),
    }
}

fn remedies(told: &RemediesTold, basis: &Basis<Option<String>>) -> RemediesView {
    RemediesView {
        kind: told.remedies,
        article: told.article.clone(),
        reconsideration_body: basis.remedies.reconsideration_body.clone().flatten(),
        court: basis.remedies.court.clone().flatten(),
        online_filing: basis.remedies.online_filing.clone().flatten(),
        clause_zh: told.zh.clone(),
        clause_en: told.en.clone(),
    }
}

fn lack(fault: &Fault) -> LackView {
    LackView {
        pointer: fault.pointer.clone(),
        code: fault.lack.code(),
        article: fault.article.clone(),
        detail_zh: fault.message(Lang::Zh),
        detail_en: fault.message(Lang::En),
    }
}

fn reply_state(state: &State) -> &'static str {
    match state {
        State::AwaitingConfirmation
        | State::Received
        | State::Registered(_)
        | State::Assigned { .. }
        | State::InProcess { .. } => "draft",
        State::InReview { .. } => "in_review",
        State::Approved { .. } => "approved",
        State::Replied { .. } | State::Withdrawn { .. } | State::Lapsed { .. } | State::Archived { .. } => {
            "issued"
        }
    }
}
