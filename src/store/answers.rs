//! Answers of the store that are more than rows.

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
