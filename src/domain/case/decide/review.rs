//! 审核: one step decided upon the content that was read, by whom the route names (Art. 17; 保密法 35).

use super::Context;
use super::check::Acting;
use super::reply::same_content;
use crate::domain::case::command::CommandKind;
use crate::domain::case::event::{Digest, Event, ReferralAnswered, TextRef};
use crate::domain::case::refusal::{RefusalCode, ReplyRefusal};
use crate::domain::case::state::{Case, Status, Submission};
use crate::domain::ids::PersonId;
use crate::domain::review::{Checklist, Decision, Finding, Reviewer, Step};
use crate::domain::statute::Releases;

/// A decision, as it is asked for.
pub(super) struct Decided {
    pub step: Step,
    pub decision: Decision,
    pub content: Digest,
    pub opinion: Option<TextRef>,
    pub acting_for: Option<PersonId>,
    pub checklist: Option<Checklist>,
}

/// Decides the due step of a kind. After every step passed, only a return is left to decide: whoever signs takes the reply
/// back before it is issued.
pub(super) fn decide(case: &Case, decided: Decided, context: &Context) -> Result<Event, RefusalCode> {
    let Decided { step, decision, content, opinion, acting_for, checklist } = decided;
    same_content(case, content)?;
    let due = case.state.submission().and_then(|submission| submission.step(step));
    let id = due.map(|due| due.id).ok_or(RefusalCode::ContentDiffers)?;
    let approved = case.state.status() == Status::Approved;
    match decision {
        Decision::Return if opinion.is_none() => return Err(RefusalCode::OpinionMissing),
        Decision::PassWithRemark if opinion.is_none() => return Err(ReplyRefusal::RemarkMissing.into()),
        Decision::Refer if step != Step::Secrecy => return Err(ReplyRefusal::NotToRefer.into()),
        Decision::Refer if opinion.is_none() => return Err(ReplyRefusal::QuestionMissing.into()),
        Decision::Pass | Decision::PassWithRemark if approved => {
            return Err(RefusalCode::WrongStatus {
                command: CommandKind::of_step(step),
                status: Status::Approved,
            });
        }
        Decision::Pass | Decision::PassWithRemark if step == Step::Secrecy => {
            not_found_secret(case, context)?;
            answered(checklist, decision)?;
        }
        Decision::Pass | Decision::PassWithRemark | Decision::Return | Decision::Refer => {}
    }
    if checklist.is_some() && step != Step::Secrecy {
        return Err(ReplyRefusal::ChecklistMisplaced.into());
    }
    Ok(Event::Reviewed { step, level: id.level, acting_for, decision, content, opinion, checklist })
}

/// A secrecy review passes what its checklist lets pass.
fn answered(checklist: Option<Checklist>, decision: Decision) -> Result<(), RefusalCode> {
    let checklist = checklist.ok_or(ReplyRefusal::ChecklistMissing)?;
    match checklist.against_pass(decision == Decision::PassWithRemark) {
        Some(question) => Err(ReplyRefusal::ChecklistOpen(question).into()),
        None => Ok(()),
    }
}

/// What the authority found to be a secret is not released whole, in whatever version of the reply; and nothing is released while it
/// is still asked about an earlier one.
pub(super) fn not_found_secret(case: &Case, context: &Context) -> Result<(), RefusalCode> {
    let secret = match case.authority.finding {
        Some(Finding::Secret | Finding::PartlySecret) => true,
        Some(Finding::NotSecret) | None => false,
    };
    let outcome = case.state.draft().and_then(|draft| context.pack.outcome(draft.outcome));
    let releases = outcome.is_some_and(|entry| entry.releases != Releases::Nothing);
    if releases && !case.authority.unanswered.is_empty() {
        return Err(ReplyRefusal::AnswerAwaited.into());
    }
    if secret && outcome.is_some_and(|entry| entry.releases == Releases::All) {
        return Err(ReplyRefusal::FoundSecret.into());
    }
    Ok(())
}

/// Records what the secrecy authority answered.
pub(super) fn answer(case: &Case, finding: Finding, text: TextRef) -> Result<Event, RefusalCode> {
    let id = awaiting(case)?;
    Ok(Event::ReferralAnswered(ReferralAnswered { id, finding, text }))
}

/// The step that waits for the secrecy authority; else one that asked it while a version was in review that is no more.
pub(super) fn awaiting(case: &Case) -> Result<crate::domain::review::StepId, RefusalCode> {
    let waiting = case.state.submission().and_then(Submission::awaiting);
    waiting
        .or_else(|| case.authority.unanswered.first().copied())
        .ok_or_else(|| ReplyRefusal::NothingReferred.into())
}

/// Whether the step of a kind is due, and waits for nobody else.
pub(super) fn is_due(case: &Case, step: Step) -> Result<(), RefusalCode> {
    let Some(submission) = case.state.submission() else { return Ok(()) };
    match submission.step(step) {
        Some(due) if submission.awaiting() == Some(due.id) => Err(ReplyRefusal::AnswerAwaited.into()),
        Some(_) => Ok(()),
        None => match submission.route.due(&submission.passed).next() {
            Some(due) => Err(RefusalCode::StepNotDue { asked: step, due: due.id.step }),
            None => Ok(()),
        },
    }
}

/// Four eyes: the drafter takes no step, one person takes one step, in whatever round, and a step that names a person is
/// his. A delegate has his own conflicts and those of the absent person for whom he acts.
pub(super) fn may_review(case: &Case, step: Step, acting: Acting) -> Result<(), RefusalCode> {
    let person = super::check::not_the_drafter(case, acting.context)?;
    if acting.acting_for.is_some_and(|absent| case.drafters.contains(&absent)) {
        return Err(ReplyRefusal::DelegatorDrafted.into());
    }
    let due = case.state.submission().and_then(|submission| submission.step(step));
    for one in std::iter::once(person).chain(acting.acting_for) {
        match case.reviewers.get(&one) {
            Some(taken) if due.map_or(taken.step != step, |due| due.id != *taken) => {
                return Err(RefusalCode::OnePersonOneStep { taken: *taken });
            }
            Some(_) | None => {}
        }
    }
    match due.map(|due| due.by) {
        Some(Reviewer::Person(named)) if named != acting.acting_for.unwrap_or(person) => {
            Err(ReplyRefusal::AnothersStep.into())
        }
        Some(Reviewer::Person(_) | Reviewer::Role) | None => Ok(()),
    }
}
