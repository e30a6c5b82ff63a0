//! What every command does first: settings, log, law, schema, master key. Each thing that can be wrong is one
//! sentence.

use std::fs::{File, OpenOptions, TryLockError};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::log;
use super::output::{Failure, say};
use crate::app::sign_in_guard::SignInGuard;
use crate::app::{App, FINGERPRINT};
use crate::clock::Clock;
use crate::config::{self, BucketSettings, Config, KeyFrom};
use crate::courier::Courier;
use crate::crypto::blocklist::Blocklist;
use crate::crypto::master_key::{MasterKey, MasterKeyError};
use crate::domain::case::Origin;
use crate::domain::ids::AgencyId;
use crate::files::Files;
use crate::files::shelf::Shelf;
use crate::law::LawBook;
use crate::provider::Provider;
use crate::store::{self, DatabaseUrl};

/// Whether others may use a SQLite file at the same time. On PostgreSQL everybody may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Share {
    /// No: the server, and what goes through all of it.
    Alone,
    /// Yes: short commands beside a server.
    Beside,
}

/// The application, opened.
pub(super) struct Started {
    /// The settings.
    pub(super) config: Config,
    /// The application.
    pub(super) app: Arc<App>,
    /// The migrations that were run.
    pub(super) migrations: Vec<String>,
    /// Held, as long as the command runs, by who is alone.
    lock: Option<File>,
}

/// Runs a command's future to its end.
pub(super) fn block_on<T>(command: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("the program cannot start: {error}")))?;
    tokio::task::LocalSet::new().block_on(&runtime, command)
}

/// The settings of this process.
///
/// # Errors
/// Every mistake in them, one a line.
pub(super) fn settings() -> Result<Config, Failure> {
    config::from_process().map_err(|mistakes| Failure::new(mistakes.to_string()))
}

/// Makes everything ready. A missing SQLite file is made, an older schema brought up to date, and on a new SQLite
/// database a missing master key is made.
pub(super) async fn start(share: Share, origin: Origin) -> Result<Started, Failure> {
    start_with(settings()?, share, origin, Clock::System).await
}

/// The same with settings and a clock of the command's own.
pub(super) async fn start_with(
    config: Config,
    share: Share,
    origin: Origin,
    clock: Clock,
) -> Result<Started, Failure> {
    log::begin(&config)?;
    let lock = match share {
        Share::Alone => lock(&config.database_url)?,
        Share::Beside => None,
    };
    open(config, lock, origin, clock).await
}

async fn open(config: Config, lock: Option<File>, origin: Origin, clock: Clock) -> Result<Started, Failure> {
    let law = Arc::new(law(&config)?);
    let migrations = store::migrate(&config.database_url)?;
    if !migrations.is_empty() {
        say(&format!("{}: the schema was brought up to date", config.database_url.redacted()));
    }
    let master = master_key(&config)?;
    let mut app = App::open(&config.database_url, master, law, clock, origin).await?;
    app.sign_ins = SignInGuard::new(config.identity.sign_ins);
    app.provider = config
        .provider
        .clone()
        .map(Provider::new)
        .transpose()
        .map_err(|error| Failure::new(format!("GONGKAI_OIDC_ISSUER: {error}")))?;
    app.identity = config.identity.clone();
    app.blocklist = blocklist(&config)?;
    app.files = Some(files(&config, lock.is_some())?);
    app.docs = config.docs;
    app.checkpoint_dir.clone_from(&config.checkpoint_dir);
    app.couriers = Courier::all(&config.couriers)
        .map_err(|error| Failure::new(format!("the receivers of checkpoints: {error}")))?;
    let app = Arc::new(app);
    // A long command does not go on writing with a key that others have followed.
    app.follow_keys();
    Ok(Started { config, app, migrations, lock })
}

impl Started {
    /// Opens the application once more, after something was done to the closed database. The lock is held all the
    /// while.
    pub(super) async fn again(
        self,
        origin: Origin,
        clock: Clock,
        between: impl FnOnce(&Config) -> Result<(), Failure>,
    ) -> Result<Self, Failure> {
        let Self { config, app, lock, .. } = self;
        // The last to let go waits until every connection is closed.
        drop(app);
        between(&config)?;
        open(config, lock, origin, clock).await
    }
}

/// The list of passwords that became known.
fn blocklist(config: &Config) -> Result<Option<Arc<Blocklist>>, Failure> {
    let list = config.identity.blocklist.as_deref().map(Blocklist::open).transpose();
    let list = list.map_err(|reason| Failure::new(format!("GONGKAI_PASSWORD_BLOCKLIST: {reason}")))?;
    Ok(list.map(Arc::new))
}

/// The store of the files. What a process that was alone left half written before is removed.
fn files(config: &Config, alone: bool) -> Result<Files, Failure> {
    let settings = &config.attachments;
    let shelf = match &settings.bucket {
        Some(BucketSettings { place, region, credentials }) => Shelf::bucket(place, region, credentials)
            .map_err(|error| Failure::new(format!("GONGKAI_S3_URL: {error}")))?,
        None => Shelf::folder(&settings.folder, alone)
            .map_err(|error| Failure::new(format!("GONGKAI_ATTACHMENT_DIR: {error}")))?,
    };
    Ok(Files::new(shelf, settings.limits, settings.clamd.clone()))
}

/// The law book of the settings.
///
/// # Errors
/// Every fault in it, one a line.
pub(super) fn law(config: &Config) -> Result<LawBook, Failure> {
    match &config.law_dir {
        None => LawBook::embedded(),
        Some(folder) => LawBook::from_dir(folder),
    }
    .map_err(|faults| Failure::new(faults.to_string()))
}

/// The file whose lock says that a SQLite database is in use.
fn lock_file(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

/// Takes the lock of a SQLite file, which the system gives back when the process ends, however it ends.
fn lock(url: &DatabaseUrl) -> Result<Option<File>, Failure> {
    let DatabaseUrl::Sqlite(database) = url else { return Ok(None) };
    let path = lock_file(database);
    let failed = |error: std::io::Error| {
        Failure::new(format!("the lock file {} cannot be used: {error}", path.display()))
    };
    let file = OpenOptions::new().create(true).write(true).truncate(false).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(Failure::new(format!(
            "another gongkai process uses {}: stop the server (or wait for the other command) first",
            database.display()
        ))),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// Another command may be writing the key's file just now: it is waited for so often, so long each time.
const PATIENCE: u32 = 40;
const PAUSE: Duration = Duration::from_millis(25);

/// The master key: read from its file, or made there when the database is a new SQLite one.
fn master_key(config: &Config) -> Result<MasterKey, Failure> {
    let path = &config.master_key_file;
    let told = |error: MasterKeyError| Failure::new(error.to_string());
    if let Some(from) = &config.master_key_from {
        return given_key(from).map_err(told);
    }
    let mut left = PATIENCE;
    loop {
        // Asked before the file is looked for: another command makes the key first and then marks its data, so that
        // data that are marked already had their file before.
        let marked = store::recall(&config.database_url, FINGERPRINT)?.is_some();
        match MasterKey::load(path) {
            Ok(key) => return Ok(key),
            Err(MasterKeyError::Missing(_)) => {}
            // Tried twice, since the other may have ended its writing in between, and longer while nothing is there.
            Err(MasterKeyError::Malformed(_)) if left == PATIENCE || (left > 0 && is_empty(path)) => {
                left -= 1;
                std::thread::sleep(PAUSE);
                continue;
            }
            Err(error) => return Err(told(error)),
        }
        let missing = format!("the master key file {} does not exist", path.display());
        if matches!(config.database_url, DatabaseUrl::Postgres(_)) {
            return Err(Failure::new(format!(
                "{missing}: make the key with `openssl rand -hex 32`, in a file that only its owner can read"
            )));
        }
        if marked {
            return Err(Failure::new(format!(
                "{missing}, and the database's data are under a key made earlier: put that file back"
            )));
        }
        match MasterKey::create(path) {
            Ok(key) => {
                say(&format!("{}: a master key was made; keep a copy of it elsewhere", path.display()));
                return Ok(key);
            }
            // Another command was faster.
            Err(MasterKeyError::Exists(_)) if left > 0 => left -= 1,
            Err(error) => return Err(told(error)),
        }
    }
}

/// A master key that is in no file: there is none to be made, either.
pub(super) fn given_key(from: &KeyFrom) -> Result<MasterKey, MasterKeyError> {
    match from {
        KeyFrom::Text(text) => MasterKey::parse(text, "GONGKAI_MASTER_KEY"),
        KeyFrom::Command(command) => MasterKey::of_command(command),
    }
}

fn is_empty(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|metadata| metadata.len() == 0)
}

/// The agency with this code.
pub(super) async fn agency(app: &App, code: &str) -> Result<AgencyId, Failure> {
    let found = app.store.agency_by_code(code.to_owned()).await?;
    found.map(|row| AgencyId(row.id.0)).ok_or_else(|| {
        Failure::new(format!(
            "--agency: there is no agency with the code {code}; `gongkai agency create` makes one"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_in_use_is_told_and_free_again_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("g.db"));
        let first = lock(&url).unwrap();
        let error = lock(&url).unwrap_err().to_string();
        assert!(error.starts_with("another gongkai process uses "), "{error}");
        drop(first);
        assert!(lock(&url).unwrap().is_some());
        assert!(lock(&DatabaseUrl::Postgres("postgres://h/d".to_owned())).unwrap().is_none());
    }
}
