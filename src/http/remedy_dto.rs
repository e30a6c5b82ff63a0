//! Remedies and earlier rounds of answering, as the interface shows them: dates and states; the words are in the history.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::case::event::Follows;
use crate::domain::case::remedies::{EarlierRound, Remedies, Remedy};
use crate::domain::case::state::Service;

/// A remedy (复议、诉讼、投诉举报).
#[derive(Serialize, ToSchema)]
pub struct RemedyView {
    /// Counts from 1 within the case.
    pub n: u32,
    /// `reconsideration`, `litigation_direct`, `litigation_after_reconsideration` or `complaint`.
    #[schema(example = "reconsideration")]
    pub kind: &'static str,
    /// `ordinary` or `simplified`.
    #[schema(example = "ordinary")]
    pub procedure: &'static str,
    /// `pending`, `upheld`, `corrected`, `other_result`; `voided` when it was entered by mistake.
    #[schema(example = "pending")]
    pub state: &'static str,
    /// The day on which the applicant brought it.
    pub filed_on: Option<NaiveDate>,
    /// The day on which its papers reached the agency.
    pub received_on: NaiveDate,
    /// The last day of our answer; `null` where the statute sets no period.
    pub answer_due_on: Option<NaiveDate>,
    /// The article that sets it.
    #[schema(example = "行政复议法 48")]
    pub answer_article: Option<String>,
    /// The day on which our answer was handed in.
    pub answered_on: Option<NaiveDate>,
    /// The day of the decision.
    pub decided_on: Option<NaiveDate>,
    /// The day on which the decision reached the agency.
    pub served_on: Option<NaiveDate>,
    /// Whether it orders a new answer.
    pub answer_anew: bool,
    /// The last day of the new answer that the decision names.
    pub until: Option<NaiveDate>,
}

/// How a case was answered before it had to be answered anew.
#[derive(Serialize, ToSchema)]
pub struct EarlierReplyView {
    /// What was answered.
    #[schema(example = "denied_state_secret")]
    pub outcome: &'static str,
    /// When it was concluded.
    pub concluded_on: NaiveDate,
    /// The version of the reply; `null` for one taken over with a ledger, and for what ended without a reply.
    pub version: Option<u32>,
    /// The hash of its content.
    pub content_hash: Option<String>,
    /// Its number (答复书文号), when it was given one.
    pub number: Option<String>,
    /// When it first reached the applicant.
    pub served_on: Option<NaiveDate>,
    /// When its file was closed.
    pub archived_on: Option<NaiveDate>,
    /// The remedy upon which it had to be given; `null` for the first one.
    pub upon_remedy: Option<u32>,
}

/// The remedies of a case, with the last days of our answers by number.
pub(super) fn remedies(remedies: &Remedies, answers: &[(u32, NaiveDate, String)]) -> Vec<RemedyView> {
    let due = |n: u32| answers.iter().find(|(of, ..)| *of == n);
    remedies.all.iter().map(|one| remedy(one, due(one.n))).collect()
}

fn remedy(remedy: &Remedy, answer: Option<&(u32, NaiveDate, String)>) -> RemedyView {
    let follows = remedy.outcome.map_or(Follows::Nothing, |outcome| outcome.follows);
    let (answer_anew, until) = match follows {
        Follows::Nothing => (false, None),
        Follows::AnswerAnew { until } => (true, until),
    };
    RemedyView {
        n: remedy.n,
        kind: remedy.kind.code(),
        procedure: remedy.procedure.code(),
        state: remedy.state(),
        filed_on: remedy.filed_on,
        received_on: remedy.received_on,
        answer_due_on: answer.map(|(_, due_on, _)| *due_on),
        answer_article: answer.map(|(.., article)| article.clone()),
        answered_on: remedy.answered_on,
        decided_on: remedy.outcome.map(|outcome| outcome.decided_on),
        served_on: remedy.outcome.map(|outcome| outcome.served_on),
        answer_anew,
        until,
    }
}

/// The rounds that are over.
pub(super) fn earlier_replies(remedies: &Remedies) -> Vec<EarlierReplyView> {
    remedies.rounds.iter().filter_map(earlier).collect()
}

fn earlier(round: &EarlierRound) -> Option<EarlierReplyView> {
    let conclusion = round.conclusion()?;
    let draft = round.state.draft();
    let served = |service: &Service| service.served_on;
    Some(EarlierReplyView {
        outcome: conclusion.outcome().code(),
        concluded_on: conclusion.concluded_on(),
        version: draft.map(|draft| draft.version),
        content_hash: round.state.content().map(|content| content.to_string()),
        number: conclusion.reply_number().map(ToString::to_string),
        served_on: round.state.services().iter().filter_map(served).min(),
        archived_on: round.state.archived_on(),
        upon_remedy: round.order.map(|order| order.remedy),
    })
}
