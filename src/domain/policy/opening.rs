//! When a file of a case is whose to open (打开附件原件): as long as his work needs it, and no longer.

use super::{Action, Facts, Verdict, permits};
use crate::domain::attachment::Purpose;
use crate::domain::case::command::{CommandKind, RemedyCommandKind};
use crate::domain::case::{Case, Status};
use crate::domain::role::Actor;

/// The actions by any of which a file of this purpose is opened as the case stands.
pub fn opened_by(purpose: Purpose, case: &Case) -> Vec<Action> {
    match purpose {
        Purpose::IdentityProof => return vec![Action::ReadIdentityProof],
        Purpose::Application
        | Purpose::Evidence
        | Purpose::ReplyAttachment
        | Purpose::Consultation
        | Purpose::Other => {}
    }
    let mut actions = vec![Action::OpenAttachment];
    if is_reviewed(case.state.status()) {
        actions.push(Action::OpenAttachmentToDecide);
    }
    // Whoever answers a court shows it what the reply was built upon.
    if case.remedies.standing().any(|remedy| remedy.outcome.is_none()) {
        actions.push(Action::Command(CommandKind::Remedy(RemedyCommandKind::Answer)));
    }
    if case.state.conclusion().is_some() {
        actions.push(Action::OpenAttachmentOnceClosed);
    }
    actions
}

/// Whether the actor may open a file of this purpose as the case stands.
pub fn opens(actor: &Actor, purpose: Purpose, case: &Case, facts: &Facts) -> bool {
    opened_by(purpose, case).into_iter().any(|action| permits(actor, action, facts) == Verdict::Allow)
}

/// Whether somebody decides upon its reply: until it goes out.
fn is_reviewed(status: Status) -> bool {
    match status {
        Status::InReview | Status::Approved => true,
        Status::AwaitingConfirmation
        | Status::Received
        | Status::Registered
        | Status::Assigned
        | Status::InProcess
        | Status::Replied
        | Status::Withdrawn
        | Status::Lapsed
        | Status::Archived => false,
    }
}
