//! What is stored of attempts: sign-ins and refusals.

use diesel::{Insertable, Queryable, Selectable};

use super::schema::attempts;
use super::types::{At, Key};
use super::{Backend, Store, StoreError, postgres, sqlite};
use crate::audit::attempts::Attempt;

/// Attempts that were equal within a minute.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = attempts, treat_none_as_default_value = false)]
pub struct AttemptRow {
    pub agency_id: Key,
    pub seq: i64,
    pub kind: String,
    pub recorded_at: At,
    pub account_id: Option<Key>,
    pub suite: i32,
    pub record: String,
    pub link: Vec<u8>,
}

/// Whose refresh token it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StayOwner {
    pub agency: Key,
    pub account: Key,
    /// Whether the token was used before.
    pub used: bool,
}

/// The record of a sign-in, which is written with the stay that it opens.
#[derive(Clone, Debug)]
pub struct CameIn {
    /// The account's agency.
    pub agency: Key,
    /// What is recorded.
    pub attempt: Attempt,
}

impl Store {
    /// Writes attempts at the end of an agency's chain of them.
    pub async fn attempts_append(&self, agency: Key, at: At, new: Vec<Attempt>) -> Result<(), StoreError> {
        write_tx!(self, |conn, q| q::attempts::attempts_append_in_tx(conn, agency, at, new))
    }

    /// An agency's attempts behind `after`, the oldest first.
    pub async fn attempts_after(
        &self,
        agency: Key,
        after: i64,
        limit: i64,
    ) -> Result<Vec<AttemptRow>, StoreError> {
        read!(self, |conn, q| q::attempts::attempts_after(conn, agency, after, limit))
    }

    /// Where an agency's chain of attempts ends: place and link; `None` before the first.
    pub async fn attempts_head(&self, agency: Key) -> Result<Option<(i64, Vec<u8>)>, StoreError> {
        read!(self, |conn, q| q::attempts::attempts_head(conn, agency))
    }

    /// Whose refresh token this is, by its hash; `None` when it is unknown.
    pub async fn refresh_owner(&self, hash: Vec<u8>) -> Result<Option<StayOwner>, StoreError> {
        read!(self, |conn, q| q::attempts::refresh_owner(conn, &hash))
    }
}
