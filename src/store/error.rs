//! What can go wrong with the database, in words that say what to do. Nothing here is shown to a client: the
//! interface maps each to its status and a general sentence; the details go to the log.

use thiserror::Error;

/// A failure of the store.
#[derive(Clone, Debug, Error)]
pub enum StoreError {
    /// The queue of the database threads is full: come back later.
    #[error("the database queue is full")]
    Busy,
    /// The database cannot be reached.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// Somebody else changed the case first: its version is not the one decided upon.
    #[error("the case was changed meanwhile")]
    VersionConflict,
    /// The calendars are others than those by which the command was decided: it must be decided anew.
    #[error("the calendars were changed meanwhile")]
    LawChanged,
    /// The world is not the one that was previewed.
    #[error("what was previewed is no longer what would happen")]
    PreviewStale,
    /// The agency was merged into another: it takes nothing in.
    #[error("the agency was merged into another")]
    AgencyMerged,
    /// The account has asked for this too often.
    #[error("too often: again in {seconds} seconds")]
    TooOften {
        /// Until it may ask again.
        seconds: u32,
    },
    /// A uniqueness rule of the schema refused the write.
    #[error("{constraint} is taken")]
    Taken {
        /// The constraint's name in the schema.
        constraint: &'static str,
    },
    /// A row holds what this program never writes.
    #[error("table {table}, row {row}: {reason}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The row's key.
        row: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The database was written by a later version of this program.
    #[error("the database has schema {0}, which this program does not know: use the newer program")]
    NewerSchema(String),
    /// The URL names no database that this program can use.
    #[error("{0}")]
    BadUrl(String),
    /// Anything else.
    #[error("database error: {0}")]
    Internal(String),
}

/// The named uniqueness rules of the schema, as PostgreSQL names them and as SQLite describes them.
const CONSTRAINTS: &[(&str, &str)] = &[
    ("agencies_code", "agencies.code"),
    ("departments_name", "departments.agency_id, departments.name"),
    ("persons_reference", "persons.reference"),
    ("accounts_username", "accounts.username"),
    ("role_grants_one_administrator", "role_grants.person_id"),
    ("provider_bindings_subject", "provider_bindings.subject"),
    ("portals_name", "portals.agency_id, portals.name"),
    ("portal_requests_pkey", "portal_requests.agency_id, portal_requests.portal_id, portal_requests.request"),
    ("cases_number", "cases.agency_id, cases.number"),
    ("events_case", "events.case_id, events.case_seq"),
    ("idempotency_keys_pkey", "idempotency_keys.account_id"),
    ("digests_pkey", "digests.agency_id"),
    ("signing_keys_pkey", "signing_keys.agency_id"),
    ("report_entries_pkey", "report_entries.agency_id"),
    ("report_freezes_pkey", "report_freezes.agency_id"),
];

impl From<diesel::result::Error> for StoreError {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "diesel's errors are not ours to list, and it may add more"
    )]
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind as Kind, Error};
        match error {
            Error::DatabaseError(Kind::UniqueViolation, info) => {
                let (name, message) = (info.constraint_name().unwrap_or_default(), info.message());
                CONSTRAINTS
                    .iter()
                    .find(|(constraint, columns)| name == *constraint || message.contains(columns))
                    .map_or_else(
                        || Self::Internal(message.to_owned()),
                        |(constraint, _)| Self::Taken { constraint },
                    )
            }
            Error::DatabaseError(Kind::ClosedConnection | Kind::UnableToSendCommand, info) => {
                Self::Unavailable(info.message().to_owned())
            }
            Error::DatabaseError(_, info) if gone(info.message()) => {
                Self::Unavailable(info.message().to_owned())
            }
            other => Self::Internal(other.to_string()),
        }
    }
}

impl StoreError {
    /// What a failed write of the record amounts to: whatever its cause, nothing is done without a record, and it may be there again
    /// the next time.
    pub(super) fn of_the_record(self) -> Self {
        match self {
            Self::Internal(reason) => Self::Unavailable(format!("the record cannot be written: {reason}")),
            other @ (Self::VersionConflict
            | Self::PreviewStale
            | Self::AgencyMerged
            | Self::TooOften { .. }
            | Self::Busy
            | Self::LawChanged
            | Self::Unavailable(_)
            | Self::Taken { .. }
            | Self::Inconsistent { .. }
            | Self::NewerSchema(_)
            | Self::BadUrl(_)) => other,
        }
    }
}

/// PostgreSQL says in words that it is shutting down, starting, or has dropped the connection.
fn gone(message: &str) -> bool {
    [
        "terminating connection",
        "server closed the connection",
        "the database system is",
        "connection to server",
    ]
    .iter()
    .any(|words| message.contains(words))
        || message.contains("no connection to the server")
        || message.contains("could not receive data")
}
