//! What a hand-over makes of a case: whoever takes it over gives it to a department of his own. What was not issued by then is
//! not his reply: he drafts his own, and has it reviewed.

use crate::domain::case::event::HandedOver;
use crate::domain::case::state::{Case, State};

pub(super) fn handed_over(mut case: Case, event: &HandedOver) -> Case {
    case.custodian = event.to;
    case.state = match case.state {
        State::Assigned { registration, .. }
        | State::InProcess { registration, .. }
        | State::InReview { registration, .. }
        | State::Approved { registration, .. } => State::Registered(registration),
        same @ (State::AwaitingConfirmation
        | State::Received
        | State::Registered(_)
        | State::Replied { .. }
        | State::Withdrawn { .. }
        | State::Lapsed { .. }
        | State::Archived { .. }) => same,
    };
    case
}
