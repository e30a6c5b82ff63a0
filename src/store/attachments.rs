//! Rows about files, and what a commit says of one.

use diesel::prelude::*;

use super::schema::{attachment_contents, attachment_removals, attachment_uploads, case_attachments};
use super::types::{At, Key};

/// A file on its way in.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = attachment_uploads, treat_none_as_default_value = false)]
pub struct UploadRow {
    pub agency_id: Key,
    pub id: Key,
    pub case_id: Key,
    pub account_id: Key,
    pub size: i64,
    pub state: String,
    pub sealed_key: Option<Vec<u8>>,
    pub refusal: Option<String>,
    pub created_at: At,
    pub expires_at: At,
}

/// A content that is stored.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = attachment_contents, treat_none_as_default_value = false)]
pub struct ContentRow {
    pub agency_id: Key,
    pub id: Key,
    pub address: Vec<u8>,
    pub sealed: Vec<u8>,
    pub size: i64,
    pub scan: String,
    pub finding: Option<String>,
    pub scanned_at: Option<At>,
    pub created_at: At,
}

/// Which content an attachment has.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_attachments, treat_none_as_default_value = false)]
pub struct CaseAttachmentRow {
    pub agency_id: Key,
    pub case_id: Key,
    pub id: Key,
    pub content_id: Key,
}

/// Bytes that nothing refers to any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = attachment_removals, treat_none_as_default_value = false)]
pub struct RemovalRow {
    pub agency_id: Key,
    pub id: Key,
    pub created_at: At,
}

/// A file that a commit attaches: its upload ends with it, and its content is stored unless the agency has it already.
#[derive(Clone, Debug)]
pub struct NewAttachment {
    /// The upload, which is the attachment's id too.
    pub upload: Key,
    /// The content.
    pub content: ContentRow,
}

/// Why an upload cannot begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadLimit {
    /// The account has as many under way as it may have.
    TooManyOpen,
}
