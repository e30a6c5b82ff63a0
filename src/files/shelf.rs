//! Where bytes are kept: small immutable objects, named by content and number. A folder of this machine (or one that
//! all instances share), or an S3-compatible store.
//!
//! An object once put is never changed: putting it again tells that it was there. What is put is durable before the
//! answer.

use std::path::Path;
use std::sync::Arc;

use uuid::Uuid;

use super::folder::Folder;
use super::s3::{self, Bucket, Credentials, Place};

/// Why bytes could not be kept or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the attachment store cannot be used: {0}")]
pub struct ShelfError(pub String);

/// The name of an object: content and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The agency.
    pub agency: Uuid,
    /// The content.
    pub content: Uuid,
    /// The piece, from 0.
    pub n: u64,
}

/// What became of a put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is kept.
    Stored,
    /// There was one of this name before; it was left as it is.
    WasThere,
}

/// Where bytes are kept. Cheap to clone.
#[derive(Clone)]
pub enum Shelf {
    /// A folder.
    Folder(Arc<Folder>),
    /// A bucket of an S3-compatible store.
    Bucket(Arc<Bucket>),
}

impl Shelf {
    /// A folder, made for its owner only when something is put there. What a process that was killed left half written is
    /// removed: all of it when nobody else uses the folder (`alone`), else what is an hour old.
    ///
    /// # Errors
    /// When it cannot be made or written.
    pub fn folder(path: &Path, alone: bool) -> Result<Self, ShelfError> {
        Folder::open(path, alone).map(|folder| Self::Folder(Arc::new(folder)))
    }

    /// A bucket, of which nothing is asked yet.
    ///
    /// # Errors
    /// When the settings make none.
    pub fn bucket(place: &Place, region: &str, credentials: &Credentials) -> Result<Self, ShelfError> {
        s3::open(place, region, credentials).map(Self::Bucket)
    }

    /// Whether it can be used, tried.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn ready(&self) -> Result<(), ShelfError> {
        match self {
            Self::Folder(folder) => {
                let folder = Arc::clone(folder);
                off(move || folder.ready()).await
            }
            Self::Bucket(bucket) => bucket.ready().await,
        }
    }

    /// Keeps an object.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn put(&self, slot: Slot, bytes: Vec<u8>) -> Result<Put, ShelfError> {
        match self {
            Self::Folder(folder) => {
                let folder = Arc::clone(folder);
                off(move || folder.put(slot, &bytes)).await
            }
            Self::Bucket(bucket) => bucket.put(slot, bytes).await,
        }
    }

    /// An object; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn get(&self, slot: Slot) -> Result<Option<Vec<u8>>, ShelfError> {
        match self {
            Self::Folder(folder) => {
                let folder = Arc::clone(folder);
                off(move || folder.get(slot)).await
            }
            Self::Bucket(bucket) => bucket.get(slot).await,
        }
    }

    /// How many objects of a content there are, counted from 0 without a gap.
    ///
    /// # Errors
    /// When they cannot be listed.
    pub async fn count(&self, agency: Uuid, content: Uuid) -> Result<u64, ShelfError> {
        match self {
            Self::Folder(folder) => {
                let folder = Arc::clone(folder);
                off(move || folder.count(agency, content)).await
            }
            Self::Bucket(bucket) => bucket.count(agency, content).await,
        }
    }

    /// Removes every object of a content.
    ///
    /// # Errors
    /// When they cannot be removed.
    pub async fn remove(&self, agency: Uuid, content: Uuid) -> Result<(), ShelfError> {
        match self {
            Self::Folder(folder) => {
                let folder = Arc::clone(folder);
                off(move || folder.remove(agency, content)).await
            }
            Self::Bucket(bucket) => bucket.remove(agency, content).await,
        }
    }
}

/// Runs what blocks on a thread that may.
async fn off<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ShelfError> + Send + 'static,
) -> Result<T, ShelfError> {
    super::beside(work).await?
}

/// How many of these numbers there are, counted from 0 without a gap.
pub(super) fn without_gap(mut numbers: Vec<u64>) -> u64 {
    numbers.sort_unstable();
    let together = numbers.iter().zip(0..).take_while(|(number, n)| **number == *n).count();
    u64::try_from(together).unwrap_or(u64::MAX)
}
