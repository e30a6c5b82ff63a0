//! Files of a case. They may come as long as the file of the case is open; those of the reply, and their striking out, only
//! while the reply is written: what is reviewed is what is sent.

use crate::domain::attachment::{MOST_OF_A_CASE, Purpose};
use crate::domain::case::attachments::Attachment;
use crate::domain::case::command::{AttachmentCommand, AttachmentKind};
use crate::domain::case::event::{Attached, AttachmentStruck, Event};
use crate::domain::case::refusal::{AttachmentRefusal, RefusalCode};
use crate::domain::case::state::{Case, Status};
use crate::domain::ids::AttachmentId;

/// Where files may be attached and struck out.
pub(super) fn places(kind: AttachmentKind) -> &'static [Status] {
    use Status as S;
    match kind {
        AttachmentKind::Attach | AttachmentKind::Strike => &[
            S::AwaitingConfirmation,
            S::Received,
            S::Registered,
            S::Assigned,
            S::InProcess,
            S::InReview,
            S::Approved,
            S::Replied,
            S::Withdrawn,
            S::Lapsed,
        ],
        AttachmentKind::AttachToReply => &[S::InProcess],
    }
}

/// Whether there is room for one more, or one that could be struck out.
pub(super) fn left_to_do(case: &Case, kind: AttachmentKind) -> Result<(), AttachmentRefusal> {
    match kind {
        AttachmentKind::Attach | AttachmentKind::AttachToReply => room(case),
        AttachmentKind::Strike => {
            let mut outcome = Err(AttachmentRefusal::NoSuch);
            for one in &case.attachments {
                outcome = may_strike(case, one);
                if outcome.is_ok() {
                    break;
                }
            }
            outcome
        }
    }
}

fn room(case: &Case) -> Result<(), AttachmentRefusal> {
    if case.attachments.len() < MOST_OF_A_CASE { Ok(()) } else { Err(AttachmentRefusal::TooMany) }
}

fn may_strike(case: &Case, it: &Attachment) -> Result<(), AttachmentRefusal> {
    if it.struck.is_some() {
        return Err(AttachmentRefusal::AlreadyStruck);
    }
    let written = places(AttachmentKind::AttachToReply).contains(&case.state.status());
    if it.purpose == Purpose::ReplyAttachment && (!written || it.issued_on.is_some()) {
        return Err(AttachmentRefusal::ReplyFixed);
    }
    Ok(())
}

/// Whether each file that goes out with the reply can go out: nothing harmful was found in it since, and it was not erased.
pub(super) fn fit_to_send(case: &Case) -> Result<(), AttachmentRefusal> {
    let unfit = |it: &&Attachment| it.finding.is_some() || it.erased_on.is_some();
    match case.files_of_reply().into_iter().find(unfit) {
        Some(file) => Err(AttachmentRefusal::unfit(case, file.id)),
        None => Ok(()),
    }
}

pub(super) fn decide(case: &Case, command: AttachmentCommand) -> Result<Event, RefusalCode> {
    Ok(match command {
        AttachmentCommand::Attach { attachment, purpose, file_type, size, content, sha256, name } => {
            room(case)?;
            if case.attachment(attachment).is_some() {
                return Err(AttachmentRefusal::AlreadyAttached.into());
            }
            Event::Attached(Attached { attachment, purpose, file_type, size, content, sha256, name })
        }
        AttachmentCommand::Strike { attachment, reason } => {
            may_strike(case, the(case, attachment)?)?;
            Event::AttachmentStruck(AttachmentStruck { attachment, reason })
        }
    })
}

fn the(case: &Case, id: AttachmentId) -> Result<&Attachment, AttachmentRefusal> {
    case.attachment(id).ok_or(AttachmentRefusal::NoSuch)
}
