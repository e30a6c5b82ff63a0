//! What may be asked for about a file in the archive.

use super::*;
use crate::domain::case::command::DisposalKind;
use crate::domain::case::event::{ErasureGround, Proposal};

/// Besides a hold and a proposal, which are possible at any time until the file is disposed of.
pub(super) const POSSIBLE: &[(&str, &str)] = &[
    ("a hold stands", "lift_hold RATE link_repeat PUBLISH"),
    ("a hold was lifted", "RATE link_repeat PUBLISH"),
    ("an appraisal waits", "decide_appraisal NO_OTHER_APPRAISAL RATE link_repeat PUBLISH"),
    ("an appraisal was refused", "RATE link_repeat PUBLISH"),
    ("personal data were erased", "RATE link_repeat PUBLISH"),
    ("disposed of", "NOTHING"),
];

/// With what is possible at any time.
pub(super) fn with_always(mut names: BTreeSet<&str>) -> BTreeSet<&str> {
    if names.remove("NOTHING") {
        return BTreeSet::new();
    }
    names.extend(["amend", "amend_receipt", "place_hold"]);
    if !names.remove("NO_OTHER_APPRAISAL") {
        names.insert("propose_appraisal");
    }
    names
}

pub(super) fn situations() -> Vec<(&'static str, File)> {
    let after = |steps: &[(PersonId, Command, &str)]| {
        let mut file = brought_to(Status::Archived);
        file.today = day("2038-01-04");
        for (person, command, on) in steps {
            file.does(*person, command.clone(), on);
        }
        file
    };
    let hold = (ARCHIVIST, ask::hold(), "2026-04-01");
    let dispose = (ARCHIVIST, ask::propose(Proposal::Dispose), "2037-01-05");
    let erase = (ARCHIVIST, ask::propose(Proposal::Erase { ground: ErasureGround::Unlawful }), "2026-04-01");
    vec![
        ("a hold stands", after(std::slice::from_ref(&hold))),
        ("a hold was lifted", after(&[hold, (APPROVER, ask::lift(1), "2026-04-02")])),
        ("an appraisal waits", after(std::slice::from_ref(&dispose))),
        (
            "an appraisal was refused",
            after(&[dispose.clone(), (APPROVER, ask::appraise(1, false), "2037-01-06")]),
        ),
        ("personal data were erased", after(&[erase, (APPROVER, ask::appraise(1, true), "2026-04-02")])),
        ("disposed of", after(&[dispose, (APPROVER, ask::appraise(1, true), "2037-01-06")])),
    ]
}

pub(super) fn best(file: &File, kind: DisposalKind) -> (PersonId, Command) {
    let archive = &file.case.archive;
    let hold = archive.holds.iter().find(|hold| hold.lifted_on.is_none()).map_or(1, |hold| hold.n);
    match kind {
        DisposalKind::PlaceHold => (ARCHIVIST, ask::hold()),
        DisposalKind::LiftHold => (APPROVER, ask::lift(hold)),
        DisposalKind::ProposeAppraisal => {
            (ARCHIVIST, ask::propose(Proposal::Erase { ground: ErasureGround::Unlawful }))
        }
        DisposalKind::DecideAppraisal => {
            (APPROVER, ask::appraise(archive.open_appraisal().map_or(1, |open| open.n), true))
        }
    }
}
