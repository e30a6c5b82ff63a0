//! Who saw whose data: rows, and what is asked for.

use diesel::prelude::*;

use super::schema::accesses;
use super::types::{At, Key};
use super::{ApplicantIndex, Backend, CaseRow, Store, StoreError, postgres, sqlite};
use crate::domain::sensitivity::Sensitivity;

/// One access to the data of one case.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = accesses, treat_none_as_default_value = false)]
pub struct AccessRow {
    pub agency_id: Key,
    pub case_id: Key,
    /// Of the event that says the same.
    pub id: Key,
    pub kind: String,
    pub recorded_at: At,
    pub account_id: Option<Key>,
    pub person_id: Option<Key>,
    /// Codes with spaces between.
    pub fields: String,
    pub sealed: Option<Vec<u8>>,
    /// The file that was opened.
    pub attachment_id: Option<Key>,
}

/// Of which cases the accesses are wanted.
#[derive(Clone, Debug)]
pub enum AccessesOf {
    /// Of one.
    Case(Key),
    /// Of all that ever named this applicant.
    Applicant(ApplicantIndex),
}

/// Which accesses, the newest first.
#[derive(Clone, Debug)]
pub struct AccessFilter {
    /// At which agency.
    pub agency: Key,
    /// Only accesses to cases that bear no higher label.
    pub clearance: Sensitivity,
    /// Of which cases.
    pub of: AccessesOf,
    /// Only those before this one: its id, its case.
    pub before: Option<(Key, Key)>,
    /// At most so many.
    pub limit: i64,
}

impl Store {
    /// A page of accesses, each with the registration number of its case.
    pub async fn accesses(
        &self,
        filter: AccessFilter,
    ) -> Result<Vec<(AccessRow, Option<String>)>, StoreError> {
        read!(self, |conn, q| q::accesses::accesses(conn, &filter))
    }

    /// The row of a case of one of these agencies, without its events.
    pub async fn case_row_by_id(&self, agencies: Vec<Key>, id: Key) -> Result<Option<CaseRow>, StoreError> {
        read!(self, |conn, q| q::cases::case_row_by_id(conn, &agencies, id))
    }
}
