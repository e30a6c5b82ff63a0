//! The pieces that are files (附件): named by what they are for. Their own names are words.

use std::collections::BTreeMap;

use super::{Author, DocumentType};
use crate::domain::attachment::Purpose;
use crate::domain::case::Recorded;
use crate::domain::case::event::{Attached, Event};
use crate::domain::ids::AttachmentId;

/// The number of each file of a record, from 1: later events about it say its id only.
pub(super) fn numbers(events: &[Recorded]) -> BTreeMap<AttachmentId, u32> {
    let files = events.iter().filter_map(|recorded| {
        if let Event::Attached(file) = &recorded.event { Some(file.attachment) } else { None }
    });
    files.zip(1..).collect()
}

/// A file that was attached. Who made it (责任者) is told where its purpose tells it; else it is who filed it.
pub(super) fn attached(n: u32, file: &Attached) -> (String, DocumentType, Author) {
    let (kind, author) = match file.purpose {
        Purpose::Application => (DocumentType::Application, Author::Applicant),
        Purpose::IdentityProof => (DocumentType::Proof, Author::Applicant),
        Purpose::Evidence => (DocumentType::Proof, Author::Agency),
        Purpose::ReplyAttachment | Purpose::Consultation | Purpose::Other => {
            (DocumentType::Attachment, Author::Agency)
        }
    };
    (format!("附件（第{n}件，{}）", file.purpose.label_zh()), kind, author)
}

/// What was noted about a file.
pub(super) fn noted(n: u32, what: &str) -> (String, DocumentType, Author) {
    (format!("{what}（第{n}件）"), DocumentType::Register, Author::Agency)
}
