//! The operations of the facade that are about files.

use super::{
    At, Backend, CaseAttachmentRow, ContentRow, Key, Meta, RemovalRow, Retry, Store, StoreError, UploadLimit,
    UploadRow, postgres, sqlite,
};

impl Store {
    /// Begins an upload, unless the account has `most` under way; the answer kept under its retry key with it.
    pub async fn upload_begin(
        &self,
        row: UploadRow,
        most: i64,
        keep: Option<(Retry, Vec<u8>)>,
        meta: Meta,
    ) -> Result<Result<(), UploadLimit>, StoreError> {
        write_tx!(self, |conn, q| q::attachments::upload_begin_in_tx(conn, &row, most, keep, meta))
    }

    /// An upload.
    pub async fn upload_by_id(&self, agency: Key, id: Key) -> Result<Option<UploadRow>, StoreError> {
        read!(self, |conn, q| q::attachments::upload_by_id(conn, agency, id))
    }

    /// Notes why an upload's content was not taken.
    pub async fn upload_refuse(&self, agency: Key, id: Key, refusal: String) -> Result<(), StoreError> {
        write_tx!(self, |conn, q| q::attachments::upload_refuse_in_tx(conn, agency, id, &refusal))
    }

    /// Uploads whose time is over, with whether their bytes are a content that is kept.
    pub async fn uploads_expired(
        &self,
        before: At,
        limit: i64,
    ) -> Result<Vec<(UploadRow, bool)>, StoreError> {
        read!(self, |conn, q| q::attachments::uploads_expired(conn, before, limit))
    }

    /// Forgets an upload.
    pub async fn upload_forget(&self, agency: Key, id: Key) -> Result<(), StoreError> {
        write_tx!(self, |conn, q| q::attachments::upload_forget_in_tx(conn, agency, id))
    }

    /// Bytes that nothing refers to any more, the oldest first, after one of them.
    pub async fn removals(&self, after: (At, Key), limit: i64) -> Result<Vec<RemovalRow>, StoreError> {
        read!(self, |conn, q| q::attachments::removals(conn, after, limit))
    }

    /// Notes that bytes were removed.
    pub async fn removed(&self, agency: Key, id: Key) -> Result<(), StoreError> {
        write_tx!(self, |conn, q| q::attachments::removed_in_tx(conn, agency, id))
    }

    /// A stored content.
    pub async fn content_by_id(&self, agency: Key, id: Key) -> Result<Option<ContentRow>, StoreError> {
        read!(self, |conn, q| q::attachments::content_by_id(conn, agency, id))
    }

    /// The attachments of a case with their contents.
    pub async fn contents_of_case(
        &self,
        agency: Key,
        case: Key,
    ) -> Result<Vec<(Key, ContentRow)>, StoreError> {
        read!(self, |conn, q| q::attachments::contents_of_case(conn, agency, case))
    }

    /// The attachments that have a content.
    pub async fn attachments_of_content(
        &self,
        agency: Key,
        content: Key,
    ) -> Result<Vec<CaseAttachmentRow>, StoreError> {
        read!(self, |conn, q| q::attachments::attachments_of_content(conn, agency, content))
    }

    /// Contents that no antivirus program has looked at, stored after an instant, the oldest first.
    pub async fn contents_unscanned(&self, after: At, limit: i64) -> Result<Vec<ContentRow>, StoreError> {
        read!(self, |conn, q| q::attachments::contents_unscanned(conn, after, limit))
    }

    /// Notes what an antivirus program said of a content: clean, or what it found.
    pub async fn content_scanned(
        &self,
        agency: Key,
        id: Key,
        finding: Option<String>,
        at: At,
    ) -> Result<(), StoreError> {
        write_tx!(self, |conn, q| q::attachments::content_scanned_in_tx(
            conn,
            agency,
            id,
            finding.as_deref(),
            at
        ))
    }
}
