//! Rotation of keys: what is still encrypted under earlier keys, and its replacement.

use uuid::Uuid;

use super::types::Key;
use super::{AgencyKeyRow, ApplicantRow, Backend, Store, StoreError, postgres, sqlite};

/// A table with something encrypted under an agency's key. This is the one list of what a rotation covers; a test holds it against the
/// schema of both databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealedIn {
    /// Words.
    Texts,
    /// Applicants' records, with their indexes.
    Applicants,
    /// What was said in supervision notices.
    Notices,
    /// The reasons of reveals.
    Accesses,
    /// The manifests of files, which hold the keys of their bytes.
    Contents,
    /// The keys of uploads.
    Uploads,
    /// Answers kept for retries.
    Answers,
    /// The secret halves of the keys that sign checkpoints.
    SigningKeys,
    /// The secrets of one-time codes.
    SecondFactors,
}

impl SealedIn {
    /// Every table.
    pub const ALL: &'static [Self] = &[
        Self::Texts,
        Self::Applicants,
        Self::Notices,
        Self::Accesses,
        Self::Contents,
        Self::Uploads,
        Self::Answers,
        Self::SigningKeys,
        Self::SecondFactors,
    ];

    /// The table's name, and its encrypted columns.
    pub const fn columns(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Texts => ("case_texts", &["sealed"]),
            Self::Applicants => ("applicants", &["name", "identity", "phone", "email", "address", "salt"]),
            Self::Notices => ("supervision_steps", &["sealed"]),
            Self::Accesses => ("accesses", &["sealed"]),
            Self::Contents => ("attachment_contents", &["sealed"]),
            Self::Uploads => ("attachment_uploads", &["sealed_key"]),
            Self::Answers => ("idempotency_keys", &["answer"]),
            Self::SigningKeys => ("signing_keys", &["secret"]),
            Self::SecondFactors => ("accounts", &["totp_secret"]),
        }
    }
}

/// A row with something encrypted: what its place is made of, and the blob.
#[derive(Clone, Debug)]
pub enum Sealed {
    /// Words: their id.
    Text(Key, Vec<u8>),
    /// An applicant's record.
    Applicant(Box<ApplicantRow>),
    /// What was said in a step of a notice: the notice, the number.
    Notice(Key, i32, Vec<u8>),
    /// The reason of a reveal: the case, the event.
    Access(Key, Key, Vec<u8>),
    /// The manifest of a file: its id.
    Content(Key, Vec<u8>),
    /// The key of an upload: its id.
    Upload(Key, Vec<u8>),
    /// An answer kept for retries: account, method, path, key.
    Answer(Key, String, String, String, Vec<u8>),
    /// A key that signs checkpoints: its number.
    SigningKey(i32, Vec<u8>),
    /// The secret of an account's one-time codes: the account.
    SecondFactor(Key, Vec<u8>),
}

impl Sealed {
    /// The first part of the row's key below the agency, by which a table is walked. Several rows may have it.
    pub fn at(&self) -> Key {
        match self {
            Self::Text(at, _)
            | Self::Notice(at, ..)
            | Self::Access(at, ..)
            | Self::Content(at, _)
            | Self::Upload(at, _)
            | Self::Answer(at, ..)
            | Self::SecondFactor(at, _) => *at,
            Self::Applicant(row) => row.id,
            Self::SigningKey(..) => Key(Uuid::nil()),
        }
    }
}

/// What of a table is looked for: rows of an agency, under certain keys.
#[derive(Clone, Debug)]
pub struct SealedUnder {
    /// The agency.
    pub agency: Key,
    /// The keys' ids, as blobs have them.
    pub keys: Vec<Vec<u8>>,
    /// From which [`Sealed::at`] on.
    pub from: Key,
    /// How many rows are passed over.
    pub skip: i64,
    /// At most so many rows.
    pub limit: i64,
}

impl SealedUnder {
    /// The first rows of an agency under these keys.
    pub fn new(agency: Key, keys: &[Uuid], limit: i64) -> Self {
        let keys = keys.iter().map(|key| key.as_bytes().to_vec()).collect();
        Self { agency, keys, from: Key(Uuid::nil()), skip: 0, limit }
    }
}

impl Store {
    /// A number that is another whenever there is a new key or one was retired: it only grows.
    pub async fn agency_keys_state(&self) -> Result<i64, StoreError> {
        read!(self, |conn, q| q::keys::agency_keys_state(conn))
    }

    /// Rows of one table that are under certain keys, in the order of their keys.
    pub async fn sealed_under(&self, table: SealedIn, what: SealedUnder) -> Result<Vec<Sealed>, StoreError> {
        read!(self, |conn, q| q::keys::sealed_under(conn, table, &what))
    }

    /// Puts blobs in the place of those that they were made from, where these still are: how many were put.
    pub async fn reseal(&self, agency: Key, rows: Vec<(Sealed, Sealed)>) -> Result<usize, StoreError> {
        write_tx!(self, |conn, q| q::reseal::reseal_in_tx(conn, agency, &rows))
    }

    /// Every agency's wrapped keys.
    pub async fn agency_keys_all(&self) -> Result<Vec<AgencyKeyRow>, StoreError> {
        read!(self, |conn, q| q::keys::agency_keys_all(conn))
    }

    /// Replaces every wrapped key, and a value that the database remembers under `name`, if that still is `before`.
    pub async fn keys_rewrap(
        &self,
        rows: Vec<AgencyKeyRow>,
        name: &'static str,
        before: String,
        after: String,
    ) -> Result<(), StoreError> {
        write_tx!(self, |conn, q| q::keys::keys_rewrap_in_tx(
            conn,
            &rows,
            (name, before.as_str(), after.as_str())
        ))
    }
}
