//! What is attached to a case, as its events leave it. The files themselves, their names and their digests in clear are
//! elsewhere, encrypted: the record holds ids, codes, sizes and hashes that nobody can try out without the agency's key.

use chrono::NaiveDate;

use super::event::{Digest, FrozenFile, TextRef};
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
    /// When it went out with a reply.
    pub issued_on: Option<NaiveDate>,
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

    /// Those that stand to go out with the reply that is being written: not those of a reply that was issued before.
    pub fn reply_files(&self) -> impl Iterator<Item = &Attachment> {
        let waits = |it: &&Attachment| it.purpose == Purpose::ReplyAttachment && it.issued_on.is_none();
        self.live_attachments().filter(waits)
    }

    /// The same as a submission freezes them.
    pub fn files_to_freeze(&self) -> Vec<FrozenFile> {
        self.reply_files().map(|it| FrozenFile { attachment: it.id, content: it.content }).collect()
    }

    /// The files of the newest version of the reply: those that were frozen with it, once it was submitted, else those that
    /// would be.
    pub fn files_of_reply(&self) -> Vec<&Attachment> {
        match self.state.frozen_files() {
            Some(frozen) => frozen.iter().filter_map(|file| self.attachment(file.attachment)).collect(),
            None => self.reply_files().collect(),
        }
    }

    /// Its number in the catalogue (第n件), from 1: where messages name it, the name being words.
    pub fn number_of(&self, id: AttachmentId) -> usize {
        let before = self.attachments.iter().take_while(|it| it.id != id).count();
        before.saturating_add(1)
    }
}
