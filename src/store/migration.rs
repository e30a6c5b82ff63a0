//! What the two databases' migrations have in common.

use diesel::backend::Backend;
use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness};

use super::error::StoreError;

/// Refuses a database that a later program has migrated: this one would not know what it reads.
pub(super) fn refuse_newer<DB, C>(conn: &mut C, known: EmbeddedMigrations) -> Result<(), StoreError>
where
    DB: Backend,
    C: MigrationHarness<DB>,
{
    let applied = conn.applied_migrations().map_err(failed)?;
    let known: Vec<Box<dyn Migration<DB>>> = known.migrations().map_err(failed)?;
    let newer =
        applied.iter().find(|version| !known.iter().any(|migration| migration.name().version() == **version));
    match newer {
        Some(version) => Err(StoreError::NewerSchema(version.to_string())),
        None => Ok(()),
    }
}

pub(super) fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Internal(format!("the schema could not be brought up to date: {error}"))
}
