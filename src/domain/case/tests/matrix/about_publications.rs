//! What may be asked for about a proactive publication. PUBLISH stands for a proposal, by whomever.

use super::*;
use crate::domain::case::command::PublicationKind as K;
use crate::domain::case::event::ProposedBy;
use crate::domain::case::publication_record::PublicationState;

pub(super) const POSSIBLE: &[(&str, &str)] = &[
    ("to be published", "decide_publication RATE link_repeat"),
    ("approved to be published", "record_publication RATE PUBLISH link_repeat"),
    ("published", "withdraw_publication RATE PUBLISH link_repeat"),
    ("published no more", "RATE PUBLISH link_repeat"),
    ("not to be published", "RATE PUBLISH link_repeat"),
];

pub(super) fn situations() -> Vec<(&'static str, File)> {
    let after = |steps: &[(PersonId, Command)]| {
        let mut file = brought_to(Status::Archived);
        file.does(HANDLER, ask::to_publish(ProposedBy::Office, None), "2026-03-31");
        for (person, command) in steps {
            file.does(*person, command.clone(), "2026-03-31");
        }
        file
    };
    let approve = (APPROVER, ask::decide_publication(1, true));
    let publish = (CLERK, ask::publish(1));
    let unpublish = (CLERK, ask::unpublish(1));
    vec![
        ("to be published", after(&[])),
        ("approved to be published", after(std::slice::from_ref(&approve))),
        ("published", after(&[approve.clone(), publish.clone()])),
        ("published no more", after(&[approve, publish, unpublish])),
        ("not to be published", after(&[(APPROVER, ask::decide_publication(1, false))])),
    ]
}

pub(super) fn best(file: &File, kind: K) -> (PersonId, Command) {
    let of = |state| file.case.publications.iter().find(|one| one.state() == state).map_or(1, |one| one.n);
    match kind {
        K::Suggest => (CLERK, ask::to_publish(ProposedBy::Applicant, None)),
        K::Propose => (HANDLER, ask::to_publish(ProposedBy::Office, None)),
        K::Decide => (APPROVER, ask::decide_publication(of(PublicationState::Proposed), true)),
        K::Publish => (CLERK, ask::publish(of(PublicationState::Approved))),
        K::Withdraw => (CLERK, ask::unpublish(of(PublicationState::Published))),
    }
}
