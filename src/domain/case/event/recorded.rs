//! An event in its place in the record: when, by whom, how it came in.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::Event;
use crate::domain::ids::{AccountId, PersonId};

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "who", rename_all = "snake_case", deny_unknown_fields)]
pub enum By {
    /// A signed-in account, and the person behind it.
    Account {
        /// The account.
        account: AccountId,
        /// The person.
        person: PersonId,
    },
    /// Whoever may run this program's commands on the server.
    Operator,
}

impl By {
    /// The person, when there is one.
    pub fn person(self) -> Option<PersonId> {
        match self {
            Self::Account { person, .. } => Some(person),
            Self::Operator => None,
        }
    }
}

/// How an event came into the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Through the interface.
    Api,
    /// Taken over from a ledger.
    LedgerImport,
    /// Made up for a demonstration.
    Demo,
    /// By a command on the server.
    CommandLine,
}

/// An event as it stands in the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its place in the case, from 1.
    pub seq: u32,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// The civil date, in the agency's zone, on which it happened.
    pub on: NaiveDate,
    /// Who did it.
    pub by: By,
    /// How it came in.
    pub origin: Origin,
    /// What happened.
    pub event: Event,
}
