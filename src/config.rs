//! The settings: from the environment (`GONGKAI_…`), else from `gongkai.toml` in the working directory, else their
//! defaults. One table ([`VARIABLES`]) says of each its name, unit, default and effect, and how it is read; the
//! documentation, `gongkai check-config` and the parsing all come from it. Every mistake is reported at once.
//!
//! In the file a key is the variable's name, or that without its prefix in lower case: `listen = "[::1]:8080"`. The
//! environment wins. A key or a `GONGKAI_…` variable that is not in the table is a mistake, so that a mistyped
//! setting never goes unnoticed; only variables that begin with `GONGKAI_TEST_` are left alone.
#![warn(missing_docs)]

mod attachments;
mod couriers;
mod identity;
mod oidc;
mod public;
mod read;
mod variables;

use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

pub use self::attachments::{AttachmentSettings, BucketSettings};
pub use self::identity::{IdentitySettings, SignInLimits};
pub use self::public::{Network, PublicLimits};
pub use self::read::{FILE, Mistake, Mistakes, from_process, read};
pub use self::variables::{VARIABLES, Variable, markdown};
use crate::courier::CourierSettings;
use crate::provider::ProviderSettings;
use crate::store::DatabaseUrl;

/// A master key that is in no file.
#[derive(Clone, PartialEq, Eq)]
pub enum KeyFrom {
    /// Its text.
    Text(zeroize::Zeroizing<String>),
    /// A command of the shell that prints it.
    Command(String),
}

/// The settings, checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Config {
    /// The database.
    pub database_url: DatabaseUrl,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// The folder for attachments and, by default, the master key.
    pub data_dir: PathBuf,
    /// The master key's file. It is made at the first start on SQLite, and only there.
    pub master_key_file: PathBuf,
    /// Where the master key comes from instead of a file.
    pub master_key_from: Option<KeyFrom>,
    /// A folder with statutes and calendars that takes the place of the embedded ones.
    pub law_dir: Option<PathBuf>,
    /// What is logged, as `tracing_subscriber::EnvFilter` reads it.
    pub log: String,
    /// How a line of the log is written.
    pub log_format: LogFormat,
    /// How many threads answer requests.
    pub workers: NonZeroUsize,
    /// How many seconds requests under way have to end when the server is told to stop.
    pub shutdown_seconds: u16,
    /// The second place for checkpoints of the record.
    pub checkpoint_dir: Option<PathBuf>,
    /// Whether the pages of the document are served at `/docs/`.
    pub docs: bool,
    /// Receivers of checkpoints that are no folder.
    pub couriers: CourierSettings,
    /// How often one address may ask the public calculators.
    pub public: PublicLimits,
    /// Where files are kept, how large they may be, who scans them.
    pub attachments: AttachmentSettings,
    /// What is asked of those who sign in.
    pub identity: IdentitySettings,
    /// The identity provider with which people may sign in, too.
    pub provider: Option<ProviderSettings>,
    /// Where each setting came from, in the order of [`VARIABLES`].
    sources: Vec<Source>,
}

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For human readers.
    Text,
    /// One JSON object on each line.
    Json,
}

/// Where a setting came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nobody set it.
    Default,
    /// `gongkai.toml`.
    File,
    /// The environment.
    Environment,
}

impl Source {
    /// The word in the output of `check-config`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File => "file",
            Self::Environment => "environment",
        }
    }
}

impl Config {
    /// Every setting with its value (passwords hidden) and where it came from, in the order of [`VARIABLES`].
    pub fn settings(&self) -> impl Iterator<Item = (&'static Variable, String, Source)> {
        VARIABLES
            .iter()
            .zip(&self.sources)
            .map(|(variable, source)| (variable, (variable.show)(self), *source))
    }
}

impl fmt::Debug for Config {
    /// Without secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.settings().map(|(variable, value, _)| (variable.name, value))).finish()
    }
}
