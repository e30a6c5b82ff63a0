//! What can be said of a command before its content is known: where the case stands, and four eyes. The same
//! check answers `allowed_actions`, so that the list shown and the rule enforced cannot differ.

use super::{Context, intake};
use crate::domain::case::command::CommandKind;
use crate::domain::case::refusal::RefusalCode;
use crate::domain::case::state::{Case, State, Status};
use crate::domain::review::{DEFAULT_ROUTE, Step};
use crate::domain::statute::ReceiptRule;

/// The commands that belong to where the case stands, whoever asks.
pub fn possible(case: &Case) -> Vec<CommandKind> {
    let status = case.state.status();
    CommandKind::ALL.iter().copied().filter(|kind| belongs(*kind, status)).collect()
}

/// Whether a command of this kind belongs to this status. One line for each command: the whole flow of the five
/// stages can be read here.
fn belongs(kind: CommandKind, status: Status) -> bool {
    use Status as S;
    let places: &[Status] = match kind {
        CommandKind::Confirm => &[S::AwaitingConfirmation, S::Received],
        CommandKind::Register => &[S::Received],
        CommandKind::Assign => &[S::Registered, S::Assigned, S::InProcess],
        CommandKind::AssignCoHandling | CommandKind::Return => &[S::Assigned, S::InProcess],
        CommandKind::Acknowledge => &[S::Assigned, S::InProcess, S::InReview],
        CommandKind::Draft | CommandKind::Submit => &[S::InProcess],
        CommandKind::ReviewLegal | CommandKind::ReviewSecrecy => &[S::InReview],
        CommandKind::SignOff => &[S::InReview, S::Approved],
        CommandKind::Issue => &[S::Approved],
        CommandKind::Dispatch | CommandKind::Serve => &[S::Replied],
        CommandKind::Withdraw => &[
            S::AwaitingConfirmation,
            S::Received,
            S::Registered,
            S::Assigned,
            S::InProcess,
            S::InReview,
            S::Approved,
        ],
        CommandKind::Archive => &[S::Replied, S::Withdrawn],
        CommandKind::Amend | CommandKind::AmendReceipt => Status::ALL,
    };
    places.contains(&status)
}

/// Whether this person could give a command of this kind now, its content aside.
///
/// # Errors
/// The reason why not.
pub fn precheck(case: &Case, kind: CommandKind, context: &Context) -> Result<(), RefusalCode> {
    let status = case.state.status();
    if !belongs(kind, status) {
        return Err(RefusalCode::WrongStatus { command: kind, status });
    }
    match kind {
        CommandKind::Confirm => confirmable(case, context),
        CommandKind::Submit => case.state.draft().map(|_| ()).ok_or(RefusalCode::NoDraft),
        CommandKind::ReviewLegal | CommandKind::ReviewSecrecy | CommandKind::SignOff => {
            kind.step().map_or(Ok(()), |step| reviewable(case, step, context))
        }
        CommandKind::Issue => not_the_drafter(case, context),
        CommandKind::Archive => archivable(case),
        CommandKind::AmendReceipt => not_the_recorder(case, context),
        CommandKind::Register
        | CommandKind::Assign
        | CommandKind::AssignCoHandling
        | CommandKind::Acknowledge
        | CommandKind::Return
        | CommandKind::Draft
        | CommandKind::Dispatch
        | CommandKind::Serve
        | CommandKind::Withdraw
        | CommandKind::Amend => Ok(()),
    }
}

fn confirmable(case: &Case, context: &Context) -> Result<(), RefusalCode> {
    match intake::rule(context.pack, case.receipt.channel) {
        ReceiptRule::HandedIn | ReceiptRule::Signed => Err(RefusalCode::NothingToConfirm),
        ReceiptRule::Confirmed | ReceiptRule::Submitted if case.receipt.confirmed_on.is_some() => {
            Err(RefusalCode::AlreadyConfirmed)
        }
        ReceiptRule::Confirmed | ReceiptRule::Submitted => Ok(()),
    }
}

/// The step that is due, if the draft still has one to pass.
pub(super) fn due_step(passed: &[Step]) -> Option<Step> {
    DEFAULT_ROUTE.iter().copied().find(|step| !passed.contains(step))
}

/// Four eyes: the drafter takes no step, and one person takes one step, in whatever round. An approved reply can
/// still be taken back by whoever signs off.
fn reviewable(case: &Case, step: Step, context: &Context) -> Result<(), RefusalCode> {
    not_the_drafter(case, context)?;
    if let Some(person) = context.person
        && let Some(taken) = case.reviewers.get(&person)
        && *taken != step
    {
        return Err(RefusalCode::OnePersonOneStep { taken: *taken });
    }
    match case.state.submission().and_then(|submission| due_step(&submission.passed)) {
        Some(due) if due != step => Err(RefusalCode::StepNotDue { asked: step, due }),
        Some(_) | None => Ok(()),
    }
}

fn not_the_drafter(case: &Case, context: &Context) -> Result<(), RefusalCode> {
    match context.person {
        Some(person) if case.drafters.contains(&person) => Err(RefusalCode::DrafterMayNotReview),
        Some(_) | None => Ok(()),
    }
}

/// A file is closed when the reply has reached the applicant (or the request was taken back). A reply taken over
/// with a ledger was served before our time.
fn archivable(case: &Case) -> Result<(), RefusalCode> {
    match &case.state {
        State::Replied { reply, services, .. } => {
            let served = services.iter().any(|service| service.served_on.is_some());
            if reply.draft.is_none() || served { Ok(()) } else { Err(RefusalCode::ReplyNotServed) }
        }
        State::AwaitingConfirmation
        | State::Received
        | State::Registered(_)
        | State::Assigned { .. }
        | State::InProcess { .. }
        | State::InReview { .. }
        | State::Approved { .. }
        | State::Withdrawn { .. }
        | State::Archived { .. } => Ok(()),
    }
}

/// A change of the date of receipt moves the clock: the approver who makes it is not the one who recorded it.
fn not_the_recorder(case: &Case, context: &Context) -> Result<(), RefusalCode> {
    match (context.person, case.receipt.recorded_by) {
        (Some(person), Some(recorder)) if person == recorder => Err(RefusalCode::AmenderRecordedReceipt),
        (Some(_) | None, Some(_) | None) => Ok(()),
    }
}
