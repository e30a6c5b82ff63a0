//! 依申请公开转为主动公开 (Art. 44): where several applicants ask for the same and it may be open, the agency may publish it for
//! everybody; an applicant may suggest it for what he was given; what upon review belongs to proactive publication is published
//! promptly. One proposes, an approver who is not he decides; none of it moves the clock, and the archive closes nothing of it.

use chrono::NaiveDate;

use super::Context;
use crate::domain::case::command::{PublicationCommand, PublicationKind};
use crate::domain::case::contact_record::rateable_from;
use crate::domain::case::event::{
    Event, PlaceKind, PublicationDecided, PublicationProposed, PublicationWithdrawn, Published, TextRef,
};
use crate::domain::case::publication_record::{
    MOST_PUBLICATIONS, Publication, PublicationState, open_proposal, released, secrecy_reviewed,
};
use crate::domain::case::refusal::{PublicationRefusal, RefusalCode};
use crate::domain::case::state::{Case, Status};
use crate::domain::review::Finding;

/// Only what was answered can be published; also after the file is closed.
pub(super) fn places() -> &'static [Status] {
    &[Status::Replied, Status::Archived]
}

/// Four eyes, by person: who proposed, or recorded the applicant's suggestion, does not decide.
pub(super) fn four_eyes(case: &Case, kind: PublicationKind, context: &Context) -> Result<(), RefusalCode> {
    let somebody = || context.person.ok_or(RefusalCode::PersonUnknown);
    match kind {
        PublicationKind::Suggest | PublicationKind::Propose => somebody().map(|_| ()),
        PublicationKind::Decide => {
            let person = somebody()?;
            let proposer = open_proposal(case).and_then(|open| open.entered_by);
            if proposer == Some(person) {
                Err(PublicationRefusal::ProposerMayNotDecide.into())
            } else {
                Ok(())
            }
        }
        PublicationKind::Publish | PublicationKind::Withdraw => Ok(()),
    }
}

/// Whether somebody could give this command with the right content.
pub(super) fn ready(case: &Case, kind: PublicationKind, context: &Context) -> Result<(), RefusalCode> {
    let all = &case.publications;
    let has = |state: PublicationState| all.iter().any(|one| one.state() == state);
    let last = all.last().map_or(1, |last| last.n);
    let refused = match kind {
        PublicationKind::Suggest | PublicationKind::Propose => {
            return proposable(case, context).map_err(RefusalCode::from);
        }
        PublicationKind::Decide if has(PublicationState::Proposed) => return Ok(()),
        PublicationKind::Decide if all.is_empty() => PublicationRefusal::NoSuchProposal { n: 1 },
        PublicationKind::Decide => PublicationRefusal::AlreadyDecided { n: last },
        PublicationKind::Publish if has(PublicationState::Approved) => return Ok(()),
        PublicationKind::Publish => PublicationRefusal::NotApproved { n: last },
        PublicationKind::Withdraw if has(PublicationState::Published) => return Ok(()),
        PublicationKind::Withdraw => PublicationRefusal::NotPublished { n: last },
    };
    Err(refused.into())
}

/// Something was released, it has reached the applicant, and no other proposal waits.
fn proposable(case: &Case, context: &Context) -> Result<(), PublicationRefusal> {
    if !released(case, context.pack) {
        return Err(PublicationRefusal::NothingReleased);
    }
    if rateable_from(case).is_none() {
        return Err(PublicationRefusal::NotServed);
    }
    if let Some(open) = open_proposal(case) {
        return Err(PublicationRefusal::ProposalOpen { n: open.n });
    }
    if case.publications.len() >= MOST_PUBLICATIONS {
        return Err(PublicationRefusal::TooMany { most: MOST_PUBLICATIONS });
    }
    Ok(())
}

/// The earliest day on which what the command says can have happened: nothing is proposed before the reply has reached the
/// applicant, decided before it is proposed, published before it is approved, nor withdrawn before it is published.
pub(super) fn earliest(case: &Case, command: &PublicationCommand) -> NaiveDate {
    let of = |n: u32| case.publications.iter().find(|one| one.n == n);
    let since = match command {
        PublicationCommand::Propose { .. } => rateable_from(case),
        PublicationCommand::Decide { n, .. } => of(*n).map(|one| one.proposed_on),
        PublicationCommand::Publish { n, .. } => of(*n).and_then(|one| one.decided).map(|(_, on)| on),
        PublicationCommand::Withdraw { n, .. } => {
            of(*n).and_then(|one| one.published.as_ref()).map(|place| place.on)
        }
    };
    let arrived = case.receipt.arrived_on;
    since.map_or(arrived, |since| since.max(arrived))
}

/// Decides upon a command that passed the checks above.
pub(super) fn decide(
    case: &Case,
    command: PublicationCommand,
    context: &Context,
) -> Result<Event, RefusalCode> {
    match command {
        PublicationCommand::Propose { proposed_by, document, reason, same_as } => {
            let earlier = same_as.and_then(|n| case.publications.iter().find(|one| one.n == n));
            if let Some(earlier) = earlier.filter(|one| one.state().stands()) {
                return Err(PublicationRefusal::AlreadyProposed { n: earlier.n }.into());
            }
            let n = u32::try_from(case.publications.len()).unwrap_or(u32::MAX).saturating_add(1);
            Ok(Event::PublicationProposed(PublicationProposed { n, proposed_by, document, reason }))
        }
        PublicationCommand::Decide { n, approve, reason } => decided(case, n, approve, reason, context),
        PublicationCommand::Publish { n, kind, place } => published(case, n, kind, place, context),
        PublicationCommand::Withdraw { n, reason } => match find(case, n)?.state() {
            PublicationState::Published => {
                Ok(Event::PublicationWithdrawn(PublicationWithdrawn { n, reason }))
            }
            PublicationState::Proposed
            | PublicationState::Approved
            | PublicationState::Rejected
            | PublicationState::Withdrawn => Err(PublicationRefusal::NotPublished { n }.into()),
        },
    }
}

/// An approval needs what the law asks of everything that goes out: it may be open, and a secrecy review passed it (Art. 17).
fn decided(
    case: &Case,
    n: u32,
    approve: bool,
    reason: TextRef,
    context: &Context,
) -> Result<Event, RefusalCode> {
    if find(case, n)?.state() != PublicationState::Proposed {
        return Err(PublicationRefusal::AlreadyDecided { n }.into());
    }
    if approve && !released(case, context.pack) {
        return Err(PublicationRefusal::NothingReleased.into());
    }
    if approve {
        may_be_open(case)?;
    }
    Ok(Event::PublicationDecided(PublicationDecided { n, approve, reason }))
}

/// What goes out was reviewed, and the secrecy authority neither found a secret nor is still asked (Art. 17).
fn may_be_open(case: &Case) -> Result<(), PublicationRefusal> {
    let secret = match case.authority.finding {
        Some(Finding::Secret | Finding::PartlySecret) => true,
        Some(Finding::NotSecret) | None => false,
    };
    if secret || !case.authority.unanswered.is_empty() || !secrecy_reviewed(case) {
        return Err(PublicationRefusal::NotReviewed);
    }
    Ok(())
}

/// The reply may have been corrected since the approval: what it no longer releases is not published.
fn published(
    case: &Case,
    n: u32,
    kind: PlaceKind,
    place: TextRef,
    context: &Context,
) -> Result<Event, RefusalCode> {
    match find(case, n)?.state() {
        PublicationState::Approved if !released(case, context.pack) => {
            Err(PublicationRefusal::NothingReleased.into())
        }
        PublicationState::Approved => may_be_open(case)
            .map_err(RefusalCode::from)
            .map(|()| Event::Published(Published { n, kind, place })),
        PublicationState::Published | PublicationState::Withdrawn => {
            Err(PublicationRefusal::AlreadyPublished { n }.into())
        }
        PublicationState::Proposed | PublicationState::Rejected => {
            Err(PublicationRefusal::NotApproved { n }.into())
        }
    }
}

fn find(case: &Case, n: u32) -> Result<&Publication, RefusalCode> {
    let found = case.publications.iter().find(|one| one.n == n);
    found.ok_or_else(|| PublicationRefusal::NoSuchProposal { n }.into())
}
