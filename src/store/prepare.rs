//! Making a database ready, before anything is read from it.

use std::path::Path;

use diesel::pg::PgConnection;
use diesel::sqlite::SqliteConnection;

use super::error::StoreError;
use super::lanes::Link;
use super::url::DatabaseUrl;
use super::{postgres, sqlite};

/// Brings the schema of the database up to date, making the SQLite file when there is none yet. Returns the names
/// of the migrations that were run.
///
/// # Errors
/// When the database cannot be reached or written, or a later program has migrated it.
pub fn migrate(url: &DatabaseUrl) -> Result<Vec<String>, StoreError> {
    match url {
        DatabaseUrl::Sqlite(path) => {
            sqlite_file(path)?;
            sqlite::migrate(&mut SqliteConnection::open(&path.to_string_lossy())?)
        }
        DatabaseUrl::Postgres(url) => {
            let mut conn = PgConnection::open(url)?;
            postgres::refuse_unsafe_settings(&mut conn)?;
            postgres::migrate(&mut conn)
        }
    }
}

/// What a database whose schema is up to date remembers of itself under a key.
///
/// # Errors
/// When it cannot be reached.
pub fn recall(url: &DatabaseUrl, key: &'static str) -> Result<Option<String>, StoreError> {
    match url {
        DatabaseUrl::Sqlite(path) => {
            sqlite::queries::setup::meta_get(&mut SqliteConnection::open(&path.to_string_lossy())?, key)
        }
        DatabaseUrl::Postgres(url) => postgres::queries::setup::meta_get(&mut PgConnection::open(url)?, key),
    }
}

/// Makes the file when there is none, readable by its owner only: SQLite would let everybody read it. Its log beside
/// it gets the same mode.
fn sqlite_file(path: &Path) -> Result<(), StoreError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(StoreError::BadUrl(format!(
            "GONGKAI_DATABASE_URL names a file in {}, which is no folder: make the folder first",
            folder.display()
        )));
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(StoreError::Unavailable(
            format!("the SQLite file {} cannot be made: {error}", path.display()),
        )),
        Ok(_) | Err(_) => Ok(()),
    }
}
