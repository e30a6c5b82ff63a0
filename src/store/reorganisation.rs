//! Reorganisations: their rows, and the cases that they hand over.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::commit::{Commit, SetUp};
use super::schema::reorganisations;
use super::{At, Backend, Key, Store, StoreError, postgres, sqlite};

/// What happened to an agency, or is happening while `finished_at` is empty.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = reorganisations, treat_none_as_default_value = false)]
pub struct ReorganisationRow {
    pub agency_id: Key,
    pub id: Key,
    pub kind: String,
    pub effective_on: NaiveDate,
    pub basis: String,
    pub name_before: Option<String>,
    pub name_after: Option<String>,
    pub department_id: Option<Key>,
    pub to_agency_id: Option<Key>,
    pub cases_moved: i32,
    pub recorded_at: At,
    pub recorded_by: Option<Key>,
    pub finished_at: Option<At>,
}

/// Some cases handed over: all of it, or nothing.
pub struct HandOver {
    /// Each case with its event.
    pub commits: Vec<Commit>,
    /// The event of the agency that takes them over.
    pub about: SetUp,
    /// The reorganisation: its agency and its id.
    pub of: (Key, Key),
}

impl Store {
    /// What happened to an agency, the newest first.
    pub async fn reorganisations_of(
        &self,
        agency: Key,
        before: Option<Key>,
        limit: i64,
    ) -> Result<Vec<ReorganisationRow>, StoreError> {
        read!(self, |conn, q| q::reorganisation::reorganisations_of(conn, agency, before, limit))
    }

    /// Those that have begun and not ended, of all agencies.
    pub async fn reorganisations_running(&self) -> Result<Vec<ReorganisationRow>, StoreError> {
        read!(self, |conn, q| q::reorganisation::reorganisations_running(conn))
    }

    /// Who took over whose cases though that is not remembered, as an agency of origin and a case of it; put right with `repair`
    /// (rebuild only).
    pub async fn custodies_check(&self, repair: bool) -> Result<Vec<(Key, Key)>, StoreError> {
        write_tx!(self, |conn, q| q::custody::custodies_check_in_tx(conn, repair))
    }

    /// Some of the cases that a reorganisation has still to hand over, by id.
    pub async fn cases_to_hand_over(
        &self,
        row: ReorganisationRow,
        limit: i64,
    ) -> Result<Vec<(Key, Key)>, StoreError> {
        read!(self, |conn, q| q::reorganisation::cases_to_hand_over(conn, &row, limit))
    }

    /// Hands cases over, all of these or none. [`StoreError::VersionConflict`] when one has gone on meanwhile.
    pub async fn hand_over(&self, portion: HandOver) -> Result<(), StoreError> {
        let seals = std::sync::Arc::clone(&self.seals);
        write_tx!(self, |conn, q| q::reorganisation::hand_over_in_tx(conn, &seals, portion))
    }
}
