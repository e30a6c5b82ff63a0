//! Which database a URL names. The scheme decides; anything else is refused, so that a mistyped URL never opens a
//! new, empty SQLite file.

use std::path::PathBuf;

use super::error::StoreError;

/// A database's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL server: the URL as libpq takes it.
    Postgres(String),
}

impl DatabaseUrl {
    /// Reads `sqlite://path`, `postgres://…` or `postgresql://…`.
    ///
    /// # Errors
    /// [`StoreError::BadUrl`] with one sentence that says what would be right. The URL itself is not repeated: it may
    /// hold a password.
    pub fn parse(url: &str) -> Result<Self, StoreError> {
        let bad = |what: &str| {
            Err(StoreError::BadUrl(format!(
                "GONGKAI_DATABASE_URL {what}: write sqlite://FILE or postgres://USER:PASSWORD@HOST:PORT/DATABASE."
            )))
        };
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        match url.strip_prefix("sqlite://") {
            Some("") => bad("names no SQLite file"),
            Some(path) if path.contains(":memory:") || path.contains('?') || path.contains('\0') => {
                bad("names no plain SQLite file")
            }
            Some(path) => Ok(Self::Sqlite(PathBuf::from(path))),
            None => bad("has no known scheme"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_decides_and_nothing_else_opens_a_file() {
        assert_eq!(
            DatabaseUrl::parse("sqlite://gongkai.db").unwrap(),
            DatabaseUrl::Sqlite("gongkai.db".into())
        );
        assert_eq!(
            DatabaseUrl::parse("sqlite:///var/g.db").unwrap(),
            DatabaseUrl::Sqlite("/var/g.db".into())
        );
        assert!(matches!(DatabaseUrl::parse("postgres://u@h/d").unwrap(), DatabaseUrl::Postgres(_)));
        for wrong in [
            "",
            "gongkai.db",
            "host=127.0.0.1 dbname=gongkai",
            "sqlite:gongkai.db",
            "sqlite://",
            "sqlite://:memory:",
            "mysql://h/d",
            "SQLITE://x",
            " postgres://h/d",
        ] {
            assert!(DatabaseUrl::parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
