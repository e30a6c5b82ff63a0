//! What the events about files make of a case.

use crate::domain::case::attachments::{Attachment, Struck};
use crate::domain::case::event::{Attached, AttachmentBlocked, AttachmentStruck};
use crate::domain::case::state::Case;
use chrono::NaiveDate;

pub(super) fn attached(mut case: Case, event: &Attached, on: NaiveDate) -> Case {
    let Attached { attachment, purpose, file_type, size, content, sha256, name } = event.clone();
    case.attachments.push(Attachment {
        id: attachment,
        purpose,
        file_type,
        size,
        content,
        sha256,
        name,
        on,
        struck: None,
        issued_on: None,
        finding: None,
        erased_on: None,
    });
    case
}

/// What goes out with a reply is of that reply for good: an order to answer anew begins with none.
pub(super) fn issued(case: &mut Case, on: NaiveDate) {
    let sent: Vec<_> = case.reply_files().map(|it| it.id).collect();
    for it in case.attachments.iter_mut().filter(|it| sent.contains(&it.id)) {
        it.issued_on = Some(on);
    }
}

pub(super) fn struck(mut case: Case, event: &AttachmentStruck, on: NaiveDate) -> Case {
    for it in case.attachments.iter_mut().filter(|it| it.id == event.attachment) {
        it.struck = Some(Struck { on, reason: event.reason.clone() });
    }
    case
}

pub(super) fn blocked(mut case: Case, event: &AttachmentBlocked) -> Case {
    for it in case.attachments.iter_mut().filter(|it| it.id == event.attachment) {
        it.finding = Some(event.finding.clone());
    }
    case
}
