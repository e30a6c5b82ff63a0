//! What is stored of checkpoints.

use diesel::{Insertable, Queryable, Selectable};

use super::rows::EventRow;
use super::schema::{checkpoints, sent_checkpoints, signing_keys};
use super::types::{At, Key};
use super::{Backend, Store, StoreError, postgres, sqlite};

/// A key that signs checkpoints; its secret half is encrypted.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = signing_keys, treat_none_as_default_value = false)]
pub struct SigningKeyRow {
    pub agency_id: Key,
    pub n: i32,
    pub public_key: Vec<u8>,
    pub secret: Vec<u8>,
    pub made_at: At,
}

/// A checkpoint: its signed text, and the peaks of the tree over the events.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = checkpoints, treat_none_as_default_value = false)]
pub struct CheckpointRow {
    pub agency_id: Key,
    pub size: i64,
    pub made_at: At,
    pub note: String,
    pub frontier: Vec<u8>,
}

/// Up to which checkpoint (its number of events) a receiver has those of an agency.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = sent_checkpoints, treat_none_as_default_value = false)]
pub struct SentRow {
    pub agency_id: Key,
    pub receiver: String,
    pub size: i64,
    pub sent_at: At,
}

impl Store {
    /// What a receiver has of an agency; `None` before the first.
    pub async fn sent_checkpoints(
        &self,
        agency: Key,
        receiver: String,
    ) -> Result<Option<SentRow>, StoreError> {
        read!(self, |conn, q| q::checkpoints::sent_checkpoints_of(conn, agency, &receiver))
    }

    /// Keeps what a receiver has; less than it is known to have changes nothing.
    pub async fn sent_checkpoints_put(&self, row: SentRow) -> Result<(), StoreError> {
        write_tx!(self, |conn, q| q::checkpoints::sent_checkpoints_put_in_tx(conn, &row))
    }

    /// The keys that sign an agency's checkpoints, the oldest first.
    pub async fn signing_keys_of(&self, agency: Key) -> Result<Vec<SigningKeyRow>, StoreError> {
        read!(self, |conn, q| q::checkpoints::signing_keys_of(conn, agency))
    }

    /// An agency's checkpoints of fewer events than `below`, the newest first.
    pub async fn checkpoints_below(
        &self,
        agency: Key,
        below: i64,
        limit: i64,
    ) -> Result<Vec<CheckpointRow>, StoreError> {
        read!(self, |conn, q| q::checkpoints::checkpoints_below(conn, agency, below, limit))
    }

    /// An agency's checkpoints of more events than `above`, the oldest first.
    pub async fn checkpoints_above(
        &self,
        agency: Key,
        above: i64,
        limit: i64,
    ) -> Result<Vec<CheckpointRow>, StoreError> {
        read!(self, |conn, q| q::checkpoints::checkpoints_above(conn, agency, above, limit))
    }

    /// Keeps a checkpoint that was made from the one of `before` events (0: from none). Answers whether it did: not when another
    /// instance was first.
    pub async fn checkpoint_put(&self, before: i64, row: CheckpointRow) -> Result<bool, StoreError> {
        write_tx!(self, |conn, q| q::checkpoints::checkpoint_put_in_tx(conn, before, &row))
    }

    /// Some events of an agency's chain: those behind `after`, up to `last`.
    pub async fn events_between(
        &self,
        agency: Key,
        after: i64,
        last: i64,
    ) -> Result<Vec<EventRow>, StoreError> {
        let count = last.saturating_sub(after).max(0);
        read!(self, |conn, q| q::cases::events_after(conn, agency, after, count))
    }
}
