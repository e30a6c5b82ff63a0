//! Notices of supervising agencies: rows, and what is asked for.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::filter::Reach;
use super::schema::{supervision_notices, supervision_steps};
use super::types::{At, Key};
use super::{ApplicantRow, Backend, CaseRow, Store, StoreError, postgres, sqlite};
use crate::domain::notice::NoticeState;

/// A notice, as it stands after its last step.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = supervision_notices, treat_none_as_default_value = false)]
pub struct NoticeRow {
    pub agency_id: Key,
    pub id: Key,
    pub from_agency_id: Key,
    pub case_id: Option<Key>,
    pub version: i32,
    pub due_on: NaiveDate,
    pub answered_on: Option<NaiveDate>,
    pub closed_on: Option<NaiveDate>,
    pub created_at: At,
}

/// A step of a notice.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = supervision_steps, treat_none_as_default_value = false)]
pub struct NoticeStepRow {
    pub agency_id: Key,
    pub notice_id: Key,
    pub n: i32,
    pub kind: String,
    pub happened_on: NaiveDate,
    pub due_on: NaiveDate,
    pub recorded_at: At,
    pub account_id: Key,
    pub person_id: Key,
    pub sealed: Option<Vec<u8>>,
}

/// Whose notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeSide {
    /// Those that an agency received.
    Received(Key),
    /// Those that it sent.
    Sent(Key),
}

/// Which notices.
#[derive(Clone, Debug)]
pub struct NoticeFilter {
    /// Whose.
    pub side: NoticeSide,
    /// Of those received, only those about cases within it; with departments, only those about a case.
    pub reach: Reach,
    /// The civil date by which they are open or overdue.
    pub today: NaiveDate,
    /// How they stand; all when not said.
    pub state: Option<NoticeState>,
    /// Only those sent before this one.
    pub before: Option<Key>,
    /// At most so many.
    pub limit: i64,
}

/// A notice with its steps, or with the first alone.
pub type NoticeLine = (NoticeRow, Vec<NoticeStepRow>);

/// How many notices stand how: open, overdue, answered.
pub type NoticeCounts = (i64, i64, i64);

impl Store {
    /// A page of notices, the newest first, each with its first step.
    pub async fn notices_page(&self, filter: NoticeFilter) -> Result<Vec<NoticeLine>, StoreError> {
        read!(self, |conn, q| q::notices::notices_page(conn, &filter))
    }

    /// One notice that an agency received, of those about cases of these departments, with its steps.
    pub async fn notice_by_id(
        &self,
        agency: Key,
        reach: Reach,
        id: Key,
    ) -> Result<Option<NoticeLine>, StoreError> {
        read!(self, |conn, q| q::notices::notice_by_id(conn, agency, &reach, id))
    }

    /// How many of the notices that an agency received stand how; of the closed ones nothing is told.
    pub async fn notices_count(
        &self,
        agency: Key,
        reach: Reach,
        today: NaiveDate,
    ) -> Result<NoticeCounts, StoreError> {
        read!(self, |conn, q| q::notices::notices_count(conn, agency, &reach, today))
    }

    /// The rows of some cases, and every record of their applicants.
    pub async fn cases_with_applicants(
        &self,
        agencies: Vec<Key>,
        ids: Vec<Key>,
    ) -> Result<(Vec<CaseRow>, Vec<ApplicantRow>), StoreError> {
        read!(self, |conn, q| q::notices::cases_with_applicants(conn, &agencies, &ids))
    }
}
