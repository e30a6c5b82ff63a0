//! PostgreSQL: how a connection is opened and a write begins. The queries are those of `queries/`.

use diesel::connection::{AnsiTransactionManager, SimpleConnection};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::error::StoreError;
use super::lanes::Link;

pub(in crate::store) type Conn = PgConnection;

/// Begins a transaction that only reads and always sees the same.
pub(in crate::store) const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

#[path = "queries/mod.rs"]
pub(in crate::store) mod queries;

pub(super) const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// On every connection: no query, lock or idle transaction holds others up without end; a commit reaches the disk.
const SETTINGS: &str = "SET statement_timeout = '30s'; SET lock_timeout = '10s'; \
     SET idle_in_transaction_session_timeout = '60s'; SET TIME ZONE 'UTC'; \
     SET client_min_messages = 'warning';";

/// Two instances that start at once migrate one after the other.
const MIGRATION_LOCK: i64 = 0x0067_6f6e_676b_6169;

impl Link for PgConnection {
    fn open(url: &str) -> Result<Self, StoreError> {
        let mut conn = Self::establish(url)
            .map_err(|error| StoreError::Unavailable(format!("PostgreSQL cannot be reached: {error}")))?;
        conn.batch_execute(SETTINGS)?;
        Ok(conn)
    }

    fn broken(error: &StoreError) -> bool {
        matches!(error, StoreError::Unavailable(_))
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        Ok(AnsiTransactionManager::begin_transaction_sql(self, "BEGIN")?)
    }
}

/// Brings the schema to this program's version; refuses one of a later program.
pub(super) fn migrate(conn: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    conn.batch_execute("SET statement_timeout = 0; SET lock_timeout = 0")?;
    conn.batch_execute(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})"))?;
    let outcome = super::migration::refuse_newer(conn, MIGRATIONS).and_then(|()| {
        conn.run_pending_migrations(MIGRATIONS)
            .map(|done| done.iter().map(ToString::to_string).collect())
            .map_err(super::migration::failed)
    });
    conn.batch_execute(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})"))?;
    outcome
}

/// What an acknowledged write rests on: a server that answers before its disk has the commit is refused.
pub(super) fn refuse_unsafe_settings(conn: &mut PgConnection) -> Result<(), StoreError> {
    use diesel::sql_types::Text;
    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        let value: String =
            diesel::select(diesel::dsl::sql::<Text>("current_setting(").bind::<Text, _>(setting).sql(")"))
                .get_result(conn)?;
        if value == "off" {
            return Err(StoreError::BadUrl(format!(
                "PostgreSQL runs with {setting} = off: an acknowledged write could be lost. Switch it on."
            )));
        }
    }
    Ok(())
}
