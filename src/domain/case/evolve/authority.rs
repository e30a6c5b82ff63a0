//! What the secrecy authority (Art. 17(3)) was asked and found, beyond the version of the reply that was in review then.

use crate::domain::case::event::Event;
use crate::domain::case::state::Case;
use crate::domain::review::StepId;

/// A question that was open stays open when the review ends without its answer, such as upon a return by another reviewer.
pub(super) fn left(case: &mut Case, asked: Option<StepId>) {
    if case.state.submission().is_none() {
        case.authority.unanswered.extend(asked);
    }
}

/// The secrecy authority's answer stands for the case. It answers the step that waits for it, else the oldest question that review
/// went on without.
pub(super) fn answered(case: &mut Case, asked: Option<StepId>, event: &Event) {
    let Event::ReferralAnswered(answered) = event else { return };
    let authority = &mut case.authority;
    if asked == Some(answered.id) {
        authority.finding = Some(answered.finding);
        return;
    }
    // A late answer to an older question takes nothing back of what was found since.
    authority.finding = authority.finding.max(Some(answered.finding));
    if let Some(place) = authority.unanswered.iter().position(|id| *id == answered.id) {
        authority.unanswered.remove(place);
    }
}
