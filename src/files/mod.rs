//! Files: where their bytes are kept, what is looked for in them, and the antivirus program that is asked.
//! Nothing here knows cases, people or the database.
#![warn(missing_docs)]

pub mod clamd;
pub mod examine;
mod folder;
pub mod s3;
pub mod shelf;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use clamd::Clamd;
use shelf::{Shelf, ShelfError};

/// How many files are examined at the same time: each takes a processor and a few megabytes.
const EXAMINERS: usize = 2;
/// How many uploads are received, and as many handed out, at the same time: each holds one piece.
const CARRIERS: usize = 16;
/// How many pieces are encrypted and stored, or read and decrypted, at the same time: each is in memory twice meanwhile.
const HANDS: usize = 4;
/// How long somebody waits for his turn before he is told to come back.
const PATIENCE: Duration = Duration::from_secs(15);

/// How large files may be, and how many are opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// One file, in bytes.
    pub file: u64,
    /// All files of a case together, in bytes.
    pub case: u64,
    /// How many that hold what people wrote one person may open in an hour.
    pub openings: u32,
}

/// Everything about files that the use cases need. Cheap to clone.
///
/// However many come at once, few pieces are in memory: about `CARRIERS` on their way in, as many on their way out, and
/// `HANDS` being worked on.
#[derive(Clone)]
pub struct Files {
    /// Where the bytes are.
    pub shelf: Shelf,
    /// How large files may be, and how many are opened.
    pub limits: Limits,
    /// The antivirus program, when one is configured.
    pub scanner: Option<Clamd>,
    examiners: Arc<Semaphore>,
    receivers: Arc<Semaphore>,
    senders: Arc<Semaphore>,
    hands: Arc<Semaphore>,
}

/// Held by whoever does something of which only so many may be under way.
#[must_use]
pub struct Turn(#[expect(dead_code, reason = "given back when dropped")] OwnedSemaphorePermit);

/// Too many others had their turn first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany;

impl Files {
    /// With these parts.
    pub fn new(shelf: Shelf, limits: Limits, scanner: Option<Clamd>) -> Self {
        let of = |count| Arc::new(Semaphore::new(count));
        Self {
            shelf,
            limits,
            scanner,
            examiners: of(EXAMINERS),
            receivers: of(CARRIERS),
            senders: of(CARRIERS),
            hands: of(HANDS),
        }
    }

    /// Whoever examines a file waits for this.
    ///
    /// # Errors
    /// When it was not his turn in time.
    pub async fn to_examine(&self) -> Result<Turn, TooMany> {
        turn(&self.examiners).await
    }

    /// Whoever receives a part of an upload waits for this.
    ///
    /// # Errors
    /// When it was not his turn in time.
    pub async fn to_receive(&self) -> Result<Turn, TooMany> {
        turn(&self.receivers).await
    }

    /// Whoever hands a content out waits for this.
    ///
    /// # Errors
    /// When it was not his turn in time.
    pub async fn to_send(&self) -> Result<Turn, TooMany> {
        turn(&self.senders).await
    }

    /// Whoever works on a piece waits for this; it is his turn soon.
    ///
    /// # Errors
    /// When the program is stopping.
    pub async fn hand(&self) -> Result<Turn, ShelfError> {
        let hand = Arc::clone(&self.hands).acquire_owned().await;
        hand.map(Turn).map_err(|error| ShelfError(error.to_string()))
    }
}

async fn turn(of: &Arc<Semaphore>) -> Result<Turn, TooMany> {
    let waited = tokio::time::timeout(PATIENCE, Arc::clone(of).acquire_owned()).await;
    waited.ok().and_then(Result::ok).map(Turn).ok_or(TooMany)
}

/// Does what takes the processor for long on a thread that may: requests are answered meanwhile.
///
/// # Errors
/// When the program is stopping.
pub async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ShelfError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| ShelfError(error.to_string()))
}
