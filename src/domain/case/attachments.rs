//! What is attached to a case, as its events leave it. The files themselves, their names and their digests in clear are
//! elsewhere, encrypted: the record holds ids, codes, sizes and hashes that nobody can try out without the agency's key.

use chrono::NaiveDate;

use super::event::{Digest, TextRef};
use super::state::Case;
use crate::domain::attachment::{FileType, Purpose};
use crate::domain::ids::AttachmentId;

/// One file of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// What it is for.
    pub purpose: Purpose,
    /// What its content is.
    pub file_type: FileType,
    /// Bytes.
    pub size: u64,
    /// The keyed hash of its content: equal for equal contents of one agency, and for nothing else.
    pub content: Digest,
    /// The SHA-256 of its content, in hexadecimal.
    pub sha256: TextRef,
    /// Its name.
    pub name: TextRef,
    /// The day it was attached.
    pub on: NaiveDate,
    /// When it was struck out, and why.
    pub struck: Option<Struck>,
    /// What an antivirus program found in it after it had been taken.
    pub finding: Option<String>,
    /// When its content was erased, with the case's words.
    pub erased_on: Option<NaiveDate>,
}

/// A file struck out of a case. Nothing is deleted by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Struck {
    /// The day.
    pub on: NaiveDate,
    /// Why.
    pub reason: TextRef,
}

impl Case {
    /// The attachment with this id, struck out or not.
    pub fn attachment(&self, id: AttachmentId) -> Option<&Attachment> {
        self.attachments.iter().find(|attachment| attachment.id == id)
    }

    /// The attachments that stand, in the order in which they were attached: neither struck out nor erased.
    pub fn live_attachments(&self) -> impl Iterator<Item = &Attachment> {
        self.attachments.iter().filter(|it| it.struck.is_none() && it.erased_on.is_none())
    }

    /// Those of one purpose, with the hashes of their contents. A draft that is submitted freezes this list for
    /// [`Purpose::ReplyAttachment`]: what is reviewed is what is sent.
    pub fn standing_attachments(&self, purpose: Purpose) -> Vec<(AttachmentId, Digest)> {
        let standing = self.live_attachments().filter(|it| it.purpose == purpose);
        standing.map(|it| (it.id, it.content)).collect()
    }
}
