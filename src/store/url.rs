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
    /// hold a password. What the driver would misread, and then repeat in its own message, is refused here.
    pub fn parse(url: &str) -> Result<Self, StoreError> {
        let bad = |what: &str| {
            Err(StoreError::BadUrl(format!(
                "it {what}; write sqlite://FILE or postgres://USER:PASSWORD@HOST:PORT/DATABASE"
            )))
        };
        if let Some(rest) = POSTGRES.iter().find_map(|scheme| url.strip_prefix(scheme)) {
            return match misread(rest) {
                Some(what) => bad(what),
                None => Ok(Self::Postgres(url.to_owned())),
            };
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

    /// The URL without its password, for people to read.
    pub fn redacted(&self) -> String {
        let url = match self {
            Self::Sqlite(path) => return format!("sqlite://{}", path.display()),
            Self::Postgres(url) => url,
        };
        let (address, parameters) = url.split_once('?').map_or((url.as_str(), None), |(l, r)| (l, Some(r)));
        let shown = match address.rsplit_once('@').map(|(user, host)| (user.rsplit_once(':'), host)) {
            Some((Some((user, password)), host)) if !password.starts_with("//") => {
                format!("{user}:***@{host}")
            }
            Some(_) | None => address.to_owned(),
        };
        let hide = |part: &str| match part.split_once('=') {
            Some((name, _)) if name.contains("password") => format!("{name}=***"),
            Some(_) | None => part.to_owned(),
        };
        match parameters {
            Some(parameters) => {
                let parameters: Vec<String> = parameters.split('&').map(hide).collect();
                format!("{shown}?{}", parameters.join("&"))
            }
            None => shown,
        }
    }
}

/// The schemes of PostgreSQL.
const POSTGRES: [&str; 2] = ["postgres://", "postgresql://"];

/// What the PostgreSQL driver would misread in a URL (without its scheme), taking a piece of the password for
/// something else.
fn misread(rest: &str) -> Option<&'static str> {
    let (address, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = address.split_once('/').unwrap_or((address, ""));
    let (user, hosts) = authority.split_once('@').unwrap_or(("", authority));
    let port_is_number = |host: &str| {
        let port = host.rsplit_once(']').map_or(host, |(_, port)| port).rsplit_once(':');
        port.is_none_or(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let percents_are_whole = |text: &str| {
        text.split('%').skip(1).all(|after| {
            after.get(..2).is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
        })
    };
    if rest.contains(['\0', '#']) || rest.chars().any(char::is_whitespace) {
        Some("holds a space or a #, which must be written %20 or %23")
    } else if hosts.contains('@')
        || path.contains('@')
        || parameters.contains('@')
        || user.matches(':').count() > 1
    {
        Some("has an @, :, / or ? in the user's name or password, which must be written %40, %3A, %2F or %3F")
    } else if !percents_are_whole(rest) {
        Some("has a % without two hexadecimal digits behind it, which must be written %25")
    } else if !hosts.split(',').all(port_is_number) {
        Some("has a port that is no number")
    } else {
        None
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
            "postgres://u:p@ss@h/d",
            "postgres://u:p/ss@h/d",
            "postgres://u:p?ss@h/d",
            "postgres://u:p#ss@h/d",
            "postgres://u:p%ss@h/d",
            "postgres://u:p:ss@h/d",
            "postgres://u:pass word@h/d",
            "postgres://u:pass@h:port/d",
        ] {
            assert!(DatabaseUrl::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        for (url, shown) in [
            ("sqlite://a/b.db", "sqlite://a/b.db"),
            ("postgres://h/d", "postgres://h/d"),
            ("postgres://u@h:5432/d", "postgres://u@h:5432/d"),
            ("postgres://u:secret@h/d", "postgres://u:***@h/d"),
            ("postgres://u:@h/d", "postgres://u:***@h/d"),
            (
                "postgresql://u:s%40t@[::1]:5432,h2/d?connect_timeout=1",
                "postgresql://u:***@[::1]:5432,h2/d?connect_timeout=1",
            ),
            (
                "postgres://h/d?user=u&password=secret&sslpassword=x",
                "postgres://h/d?user=u&password=***&sslpassword=***",
            ),
        ] {
            assert_eq!(DatabaseUrl::parse(url).unwrap().redacted(), shown);
        }
    }
}
