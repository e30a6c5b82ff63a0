//! What is asked for about a proactive publication, mostly with the content that fits.

use super::*;
use crate::domain::case::command::PublicationKind;
use crate::domain::case::event::ProposedBy;
use crate::domain::case::publication_record::PublicationState;

pub(super) fn content(file: &File, kind: PublicationKind, detail: u8, pick: u8) -> Command {
    let fits = !detail.is_multiple_of(7);
    let of = |state| {
        let found = file.case.publications.iter().find(|one| one.state() == state && fits);
        found.map_or(u32::from(pick % 4), |one| one.n)
    };
    let same_as = pick.is_multiple_of(3).then(|| u32::from(detail % 3));
    match kind {
        PublicationKind::Suggest => ask::to_publish(ProposedBy::Applicant, same_as),
        PublicationKind::Propose => ask::to_publish(ProposedBy::Office, same_as),
        PublicationKind::Decide => {
            ask::decide_publication(of(PublicationState::Proposed), !pick.is_multiple_of(4))
        }
        PublicationKind::Publish => ask::publish(of(PublicationState::Approved)),
        PublicationKind::Withdraw => ask::unpublish(of(PublicationState::Published)),
    }
}

pub(super) fn whose(kind: PublicationKind) -> PersonId {
    match kind {
        PublicationKind::Suggest | PublicationKind::Publish | PublicationKind::Withdraw => CLERK,
        PublicationKind::Propose => HANDLER,
        PublicationKind::Decide => APPROVER,
    }
}
