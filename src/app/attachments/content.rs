//! Contents as they are stored: encrypted pieces on the shelf. Writing one, and reading it from its beginning or anywhere in
//! it. What takes the processor for long is done beside the threads that answer requests, few at a time.

use std::io;
use std::sync::Arc;

use tokio::runtime::Handle;
use zeroize::Zeroizing;

use super::error::{AttachmentError, UploadFault};
use crate::app::directory::Agency;
use crate::app::error::AppError;
use crate::crypto::column::Place;
use crate::crypto::piece::{ContentKey, PIECE_BYTES, PieceOf};
use crate::files::examine::Source;
use crate::files::shelf::{Put, Slot};
use crate::files::{Files, beside};
use crate::store::{ContentRow, UploadRow};

/// A content of an agency, ready to be written and read.
#[derive(Clone)]
pub struct Content {
    key: Arc<ContentKey>,
    files: Files,
    of: PieceOf,
}

impl Content {
    /// The content of an upload that is open.
    pub(super) fn of_upload(agency: &Agency, files: &Files, row: &UploadRow) -> Result<Self, AppError> {
        let sealed = row.sealed_key.as_deref().ok_or(AttachmentError::Upload(UploadFault::Ended))?;
        let plain = open(agency, &key_place(agency, row.id.0), sealed)?;
        let key = ContentKey::from_bytes(&plain).map_err(|error| failed(row.id.0, &error))?;
        Ok(Self::new(agency, files, row.id.0, row.size.unsigned_abs(), key))
    }

    /// A content that is kept.
    pub(super) fn kept(
        agency: &Agency,
        files: &Files,
        row: &ContentRow,
    ) -> Result<(Self, Manifest), AppError> {
        let (manifest, key) = Manifest::open(agency, row)?;
        Ok((Self::new(agency, files, row.id.0, manifest.size, key), manifest))
    }

    fn new(agency: &Agency, files: &Files, id: uuid::Uuid, size: u64, key: ContentKey) -> Self {
        let of = PieceOf { agency: agency.id.0, content: id, size };
        Self { key: Arc::new(key), files: files.clone(), of }
    }

    /// Bytes.
    pub fn size(&self) -> u64 {
        self.of.size
    }

    /// How many pieces it has.
    pub fn pieces(&self) -> u64 {
        self.of.pieces()
    }

    pub(super) fn of(&self) -> &PieceOf {
        &self.of
    }

    pub(super) fn key(&self) -> &ContentKey {
        &self.key
    }

    fn slot(&self, n: u64) -> Slot {
        Slot { agency: self.of.agency, content: self.of.content, n }
    }

    /// Keeps a piece, from 0, unless there is one; the bytes are handed back.
    pub(super) async fn put(
        &self,
        n: u64,
        plain: Zeroizing<Vec<u8>>,
    ) -> Result<(Put, Zeroizing<Vec<u8>>), AppError> {
        let _hand = self.files.hand().await.map_err(AttachmentError::from)?;
        let (of, key) = (self.of, Arc::clone(&self.key));
        let sealing = beside(move || (of.seal(&key, n, &plain), plain));
        let (sealed, plain) = sealing.await.map_err(AttachmentError::from)?;
        let put = self.files.shelf.put(self.slot(n), sealed).await.map_err(AttachmentError::from)?;
        Ok((put, plain))
    }

    /// A piece, from 0.
    ///
    /// # Errors
    /// When it is not there, or is not what was stored there.
    pub async fn piece(&self, n: u64) -> Result<Zeroizing<Vec<u8>>, AppError> {
        let _hand = self.files.hand().await.map_err(AttachmentError::from)?;
        let blob = self.files.shelf.get(self.slot(n)).await.map_err(AttachmentError::from)?;
        let fail =
            |reason: String| AppError::Internal(format!("content {}, piece {n}: {reason}", self.of.content));
        let blob = blob.ok_or_else(|| fail("it is missing".to_owned()))?;
        let (of, key) = (self.of, Arc::clone(&self.key));
        let opened = beside(move || of.open(&key, n, &blob));
        opened.await.map_err(AttachmentError::from)?.map_err(|error| fail(error.to_string()))
    }

    /// For who reads here and there, on a thread that may wait.
    pub(super) fn source(self, handle: Handle) -> PieceSource {
        PieceSource { content: self, handle, kept: None }
    }
}

/// Reads a content here and there, one piece in memory.
pub struct PieceSource {
    content: Content,
    handle: Handle,
    kept: Option<(u64, Zeroizing<Vec<u8>>)>,
}

impl Source for PieceSource {
    fn size(&self) -> u64 {
        self.content.size()
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        if offset >= self.content.size() || buffer.is_empty() {
            return Ok(0);
        }
        let n = offset / u64::from(PIECE_BYTES);
        if self.kept.as_ref().is_none_or(|(kept, _)| *kept != n) {
            self.kept = None;
            let piece = self.handle.block_on(self.content.piece(n));
            self.kept = Some((n, piece.map_err(|error| io::Error::other(error.to_string()))?));
        }
        let Some((_, piece)) = &self.kept else { return Ok(0) };
        let from = usize::try_from(offset % u64::from(PIECE_BYTES)).unwrap_or(usize::MAX);
        let there = piece.get(from..).unwrap_or_default();
        let length = there.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..length), there.get(..length)) {
            to.copy_from_slice(from);
        }
        Ok(length)
    }
}

/// The place of an upload's key.
pub(in crate::app) fn key_place(agency: &Agency, id: uuid::Uuid) -> Place<'static> {
    Place { table: "attachment_uploads", column: "sealed_key", row: id, agency: agency.id.0 }
}

/// The place of what binds a content's address to the id under which it is stored.
pub(in crate::app) fn manifest_place(agency: &Agency, id: uuid::Uuid) -> Place<'static> {
    Place { table: "attachment_contents", column: "sealed", row: id, agency: agency.id.0 }
}

fn open(agency: &Agency, place: &Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, AppError> {
    let keys = agency.keys.of_blob(sealed).ok_or_else(|| failed(place.row, &"under an unknown key"))?;
    keys.open(place, sealed).map_err(|error| failed(place.row, &error))
}

fn failed(id: uuid::Uuid, reason: &dyn std::fmt::Display) -> AppError {
    AppError::Internal(format!("content {id}: {reason}"))
}

/// A new key for an upload's bytes, sealed for its row.
pub(super) fn new_key(agency: &Agency, id: uuid::Uuid) -> Result<Vec<u8>, AppError> {
    Ok(agency.keys.newest()?.seal(&key_place(agency, id), ContentKey::generate().expose()))
}

/// What the row of a content seals, besides the key of its bytes: a row that somebody exchanged is not taken for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Manifest {
    /// The keyed hash of the content, which events name.
    pub address: [u8; 32],
    /// Bytes.
    pub size: u64,
    /// Its SHA-256.
    pub sha256: [u8; 32],
}

impl Manifest {
    /// Sealed for the content's row.
    pub(super) fn seal(&self, agency: &Agency, content: &Content) -> Result<Vec<u8>, AppError> {
        let size = self.size.to_be_bytes();
        let parts: [&[u8]; 4] = [&self.address, &size, &self.sha256, content.key().expose()];
        let plain = Zeroizing::new(parts.concat());
        Ok(agency.keys.newest()?.seal(&manifest_place(agency, content.of().content), &plain))
    }

    fn open(agency: &Agency, row: &ContentRow) -> Result<(Self, ContentKey), AppError> {
        let plain = open(agency, &manifest_place(agency, row.id.0), &row.sealed)?;
        let short = || failed(row.id.0, &"its manifest is too short");
        let (address, rest) = plain.split_first_chunk::<32>().ok_or_else(short)?;
        let (size, rest) = rest.split_first_chunk::<8>().ok_or_else(short)?;
        let (sha256, key) = rest.split_first_chunk::<32>().ok_or_else(short)?;
        let key = ContentKey::from_bytes(key).map_err(|error| failed(row.id.0, &error))?;
        Ok((Self { address: *address, size: u64::from_be_bytes(*size), sha256: *sha256 }, key))
    }

    /// Whether it is the content that an event names.
    ///
    /// # Errors
    /// When it is not.
    pub(super) fn must_be(&self, row: &ContentRow, address: &[u8; 32], size: u64) -> Result<(), AppError> {
        if self.address == *address && self.size == size {
            Ok(())
        } else {
            Err(failed(row.id.0, &"it is not the content that the event names"))
        }
    }
}
