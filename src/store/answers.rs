//! Answers of the store that are more than rows.

use super::rows::{CaseDepartmentRow, CaseObligationRow, CaseRow, EventRow};
use super::types::Key;

/// What became of a refresh token that was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// It was good; the next one is stored.
    Rotated {
        /// The session that goes on.
        session: Key,
        /// Whose it is.
        account: Key,
    },
    /// It is unknown, or its session has ended.
    Refused,
    /// It had been used before: its session has been ended.
    Reused,
}

/// Counts by applicant kind, for one agency and year.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Received in the year.
    pub new: Vec<(String, i64)>,
    /// Received before and not concluded before.
    pub carried_over: Vec<(String, i64)>,
    /// Concluded in the year, by outcome.
    pub concluded: Vec<(String, Option<String>, i64)>,
    /// Not concluded by the end of the year.
    pub carried_forward: Vec<(String, i64)>,
}

/// A registration number in use, with the digest of the ledger row it came from.
pub type NumberInUse = (String, Option<Vec<u8>>);

/// A case as it is stored, within one snapshot.
#[derive(Clone, Debug)]
pub struct StoredCase {
    /// Its id.
    pub id: Key,
    /// Its queue row; `None` when it is missing.
    pub row: Option<CaseRow>,
    /// Its departments, by id.
    pub departments: Vec<CaseDepartmentRow>,
    /// What is owed on it, by kind and number.
    pub obligations: Vec<CaseObligationRow>,
    /// Its events, in order.
    pub events: Vec<EventRow>,
}

/// Whom an agency's whole record is shown to, on a database thread and within one snapshot.
pub trait Walker: Send + 'static {
    /// The remembered end of the agency's chain; `None` when there is none.
    fn head(&mut self, head: Option<(i64, Vec<u8>)>);
    /// The next events, in the order of the agency's chain.
    fn events(&mut self, events: Vec<EventRow>);
    /// Whether the ends of the cases are wanted.
    fn wants_cases(&self) -> bool;
    /// The next cases by id: version and newest link.
    fn case_ends(&mut self, ends: Vec<(Key, i32, Vec<u8>)>);
}
