//! What the events of the archive make of a case.

use crate::domain::case::archive_record::{Appraisal, Hold};
use crate::domain::case::event::{AppraisalDecided, AppraisalProposed, Held, Proposal, Recorded};
use crate::domain::case::state::Case;

pub(super) fn placed(mut case: Case, held: &Held, recorded: &Recorded) -> Case {
    case.archive.holds.push(Hold {
        n: held.n,
        placed_on: recorded.on,
        placed_by: recorded.by.person(),
        lifted_on: None,
    });
    case
}

pub(super) fn lifted(mut case: Case, held: &Held, recorded: &Recorded) -> Case {
    for hold in case.archive.holds.iter_mut().filter(|hold| hold.n == held.n) {
        hold.lifted_on = Some(recorded.on);
    }
    case
}

pub(super) fn proposed(mut case: Case, proposed: &AppraisalProposed, recorded: &Recorded) -> Case {
    case.archive.appraisals.push(Appraisal {
        n: proposed.n,
        proposal: proposed.proposal,
        proposed_on: recorded.on,
        proposed_by: recorded.by.person(),
        decided: None,
    });
    case
}

pub(super) fn decided(mut case: Case, decided: &AppraisalDecided, recorded: &Recorded) -> Case {
    for appraisal in case.archive.appraisals.iter_mut().filter(|appraisal| appraisal.n == decided.n) {
        appraisal.decided = Some((decided.approve, recorded.on));
    }
    if decided.erases() {
        case.archive.erased_on = Some(recorded.on);
        for file in case.attachments.iter_mut().filter(|file| file.erased_on.is_none()) {
            file.erased_on = Some(recorded.on);
        }
    }
    if decided.approve && decided.proposal == Proposal::Dispose {
        case.archive.disposed_on = Some(recorded.on);
    }
    case
}
