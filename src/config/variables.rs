//! The table of settings.

use std::fmt::Write as _;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::thread::available_parallelism;

use tracing_subscriber::EnvFilter;

use super::read::Draft;
use super::{Config, KeyFrom, LogFormat, Network, attachments, couriers, identity, oidc};
use crate::store::DatabaseUrl;

/// One setting.
pub struct Variable {
    /// Its name in the environment.
    pub name: &'static str,
    /// What its value is, with the unit.
    pub unit: &'static str,
    /// Its value when nobody sets it.
    pub default: Default,
    /// What it does.
    pub effect: &'static str,
    /// Reads a value; an error says what would be right, and never repeats a secret.
    pub(super) set: fn(&mut Draft, &str) -> Result<(), String>,
    /// The value as it may be shown.
    pub(super) show: fn(&Config) -> String,
}

/// What holds when nobody sets a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// This value.
    Value(&'static str),
    /// Something that these words describe.
    Words(&'static str),
}

impl Default {
    /// The value or the words.
    pub fn text(self) -> &'static str {
        match self {
            Self::Value(text) | Self::Words(text) => text,
        }
    }
}

impl Variable {
    /// Its key in `gongkai.toml`: the name without the prefix, in lower case.
    pub fn key(&self) -> String {
        self.name.trim_start_matches(PREFIX).to_ascii_lowercase()
    }
}

/// How every variable's name begins.
pub(super) const PREFIX: &str = "GONGKAI_";

/// Every setting, in the order in which they are documented.
pub const VARIABLES: &[Variable] = &[
    Variable {
        name: "GONGKAI_DATABASE_URL",
        unit: "URL",
        default: Default::Value("sqlite://gongkai.db"),
        effect: "The database: sqlite://FILE (a relative path or, with a third slash, an absolute one) or \
                 postgres://USER:PASSWORD@HOST:PORT/DATABASE. An empty database is brought up to date by any command.",
        set: |draft, text| {
            draft.database_url = Some(DatabaseUrl::parse(text).map_err(|error| error.to_string())?);
            Ok(())
        },
        show: |config| config.database_url.redacted(),
    },
    Variable {
        name: "GONGKAI_LISTEN",
        unit: "address and port",
        default: Default::Value("127.0.0.1:8080"),
        effect: "Where the server listens: 127.0.0.1:8080 is this machine only, 0.0.0.0:8080 every IPv4 and \
                 [::]:8080 every IPv6 address.",
        set: |draft, text| {
            let address = text.parse().map_err(|_| {
                format!("`{text}` is no address with a port, such as 127.0.0.1:8080 or [::1]:8080")
            })?;
            draft.listen = Some(address);
            Ok(())
        },
        show: |config| config.listen.to_string(),
    },
    Variable {
        name: "GONGKAI_DATA_DIR",
        unit: "folder",
        default: Default::Value("./gongkai-data"),
        effect: "Where the master key is kept unless another file is named. Made, for its owner only, when it is missing.",
        set: |draft, text| {
            draft.data_dir = Some(path(text)?);
            Ok(())
        },
        show: |config| config.data_dir.display().to_string(),
    },
    Variable {
        name: "GONGKAI_MASTER_KEY_FILE",
        unit: "file",
        default: Default::Words(
            "master.key in GONGKAI_DATA_DIR; none with PostgreSQL, where it must be given",
        ),
        effect: "The master key: 64 hexadecimal or 44 base64 characters of 32 random bytes, readable by the owner \
                 only. Made at the first start on SQLite. Without it the applicants' data cannot be read: keep a copy \
                 apart from the database.",
        set: |draft, text| {
            draft.master_key_file = Some(path(text)?);
            Ok(())
        },
        show: |config| config.master_key_file.display().to_string(),
    },
    Variable {
        name: "GONGKAI_MASTER_KEY",
        unit: "key",
        default: Default::Words("none: the key is in a file"),
        effect: "The master key itself, spelt as in a file, where a secret store puts it into the environment. Of the key's file, \
                 this and the command, exactly one is given.",
        set: |draft, text| {
            if text.trim().is_empty() {
                return Err("the key is empty".to_owned());
            }
            draft.master_key = Some(zeroize::Zeroizing::new(text.to_owned()));
            Ok(())
        },
        show: |config| match config.master_key_from {
            Some(KeyFrom::Text(_)) => "***".to_owned(),
            Some(KeyFrom::Command(_)) | None => "(none)".to_owned(),
        },
    },
    Variable {
        name: "GONGKAI_MASTER_KEY_COMMAND",
        unit: "command of the shell",
        default: Default::Words("none: the key is in a file"),
        effect: "A command that prints the master key, such as one that asks a vault. Run once at each start.",
        set: |draft, text| {
            if text.trim().is_empty() {
                return Err("the command is empty".to_owned());
            }
            draft.master_key_command = Some(text.to_owned());
            Ok(())
        },
        show: |config| match &config.master_key_from {
            Some(KeyFrom::Command(command)) => command.clone(),
            Some(KeyFrom::Text(_)) | None => "(none)".to_owned(),
        },
    },
    Variable {
        name: "GONGKAI_LAW_DIR",
        unit: "folder",
        default: Default::Words("the statutes and calendars built into the program"),
        effect: "Statutes and calendars that take the place of the built-in ones: a folder for each country, laid \
                 out like law/ in the source.",
        set: |draft, text| {
            draft.law_dir = Some(path(text)?);
            Ok(())
        },
        show: |config| {
            config.law_dir.as_ref().map_or_else(|| "(built in)".to_owned(), |path| path.display().to_string())
        },
    },
    Variable {
        name: "GONGKAI_LOG",
        unit: "filter",
        default: Default::Value("info"),
        effect: "What is logged: error, warn, info, debug or trace, also for single modules, such as \
                 info,gongkai::store=debug. Personal data and secrets are never logged.",
        set: |draft, text| {
            // Names of modules are ASCII; on other white space the filter's own parser panics.
            Some(text)
                .filter(|text| text.is_ascii() && !text.trim().is_empty())
                .and_then(|text| EnvFilter::try_new(text).ok())
                .ok_or_else(|| format!("`{text}` is no log filter, such as info or warn,gongkai=debug"))?;
            draft.log = Some(text.to_owned());
            Ok(())
        },
        show: |config| config.log.clone(),
    },
    Variable {
        name: "GONGKAI_LOG_FORMAT",
        unit: "text or json",
        default: Default::Value("text"),
        effect: "How a line of the log is written, on standard error: for human readers, or one JSON object a line.",
        set: |draft, text| {
            draft.log_format = Some(match text {
                "text" => LogFormat::Text,
                "json" => LogFormat::Json,
                _ => return Err(format!("`{text}` is neither text nor json")),
            });
            Ok(())
        },
        show: |config| match config.log_format {
            LogFormat::Text => "text".to_owned(),
            LogFormat::Json => "json".to_owned(),
        },
    },
    Variable {
        name: "GONGKAI_WORKERS",
        unit: "threads, 1 to 512",
        default: Default::Words("the number of processor cores"),
        effect: "How many threads answer requests. The database has threads of its own.",
        set: |draft, text| {
            let workers = text.parse::<NonZeroUsize>().ok().filter(|workers| workers.get() <= 512);
            draft.workers =
                Some(workers.ok_or_else(|| format!("`{text}` is no whole number from 1 to 512"))?);
            Ok(())
        },
        show: |config| config.workers.to_string(),
    },
    Variable {
        name: "GONGKAI_SHUTDOWN_SECONDS",
        unit: "seconds, 0 to 600",
        default: Default::Value("25"),
        effect: "How long requests under way may take to end after the server was told to stop. Less than what the \
                 service manager waits before it kills.",
        set: |draft, text| {
            let seconds = text.parse::<u16>().ok().filter(|seconds| *seconds <= 600);
            draft.shutdown_seconds =
                Some(seconds.ok_or_else(|| format!("`{text}` is no whole number from 0 to 600"))?);
            Ok(())
        },
        show: |config| config.shutdown_seconds.to_string(),
    },
    Variable {
        name: "GONGKAI_PUBLIC_RATE",
        unit: "requests a minute, 1 to 60000",
        default: Default::Value("120"),
        effect: "How often one address (of IPv6, one network of 64 bits) may ask the public calculators in the long \
                 run, at each instance. More is answered with 429. Sign-in has limits of its own.",
        set: |draft, text| {
            draft.public_rate = Some(requests(text)?);
            Ok(())
        },
        show: |config| config.public.per_minute.to_string(),
    },
    Variable {
        name: "GONGKAI_PUBLIC_BURST",
        unit: "requests, 1 to 60000",
        default: Default::Value("120"),
        effect: "How many requests to the public calculators one address may send at once, after a rest.",
        set: |draft, text| {
            draft.public_burst = Some(requests(text)?);
            Ok(())
        },
        show: |config| config.public.burst.to_string(),
    },
    Variable {
        name: "GONGKAI_TRUSTED_PROXIES",
        unit: "addresses or networks, with commas",
        default: Default::Words("none"),
        effect: "The proxies before the server, such as 10.0.0.7 or 172.16.0.0/12,::1: behind them a caller is the last \
                 address in X-Forwarded-For that is none of them. Without this every caller behind a proxy has the \
                 proxy's address, and they share one limit.",
        set: |draft, text| {
            let networks = text.split(',').map(|part| {
                let part = part.trim();
                part.parse::<Network>().map_err(|()| {
                    format!("`{part}` is no address or network, such as 10.0.0.7 or 172.16.0.0/12")
                })
            });
            draft.trusted_proxies = Some(networks.collect::<Result<_, _>>()?);
            Ok(())
        },
        show: |config| {
            let proxies: Vec<String> =
                config.public.trusted_proxies.iter().map(ToString::to_string).collect();
            if proxies.is_empty() { "(none)".to_owned() } else { proxies.join(",") }
        },
    },
    CHECKPOINT_DIR,
    couriers::POST_URL,
    couriers::POST_TOKEN,
    couriers::POST_TOKEN_FILE,
    couriers::MAIL_TO,
    couriers::MAIL_FROM,
    couriers::SMTP_URL,
    couriers::SMTP_USER,
    couriers::SMTP_PASSWORD,
    couriers::SMTP_PASSWORD_FILE,
    attachments::FOLDER,
    attachments::S3_URL,
    attachments::S3_REGION,
    attachments::S3_ACCESS_KEY,
    attachments::S3_SECRET_KEY_FILE,
    attachments::FILE_MIB,
    attachments::CASE_MIB,
    attachments::OPENINGS,
    attachments::CLAMD,
    Variable {
        name: "GONGKAI_DOCS",
        unit: "on or off",
        default: Default::Value("on"),
        effect: "Whether the pages about the interface, with a form to try it, are served at /docs/. They hold nobody's data; switch \
                 them off where only what is needed may be reachable.",
        set: |draft, text| {
            draft.docs = Some(match text {
                "on" => true,
                "off" => false,
                _ => return Err(format!("`{text}` is neither on nor off")),
            });
            Ok(())
        },
        show: |config| if config.docs { "on" } else { "off" }.to_owned(),
    },
    identity::PASSWORD_PROFILE,
    identity::PASSWORD_BLOCKLIST,
    identity::DORMANT_DAYS,
    identity::FIRST_PASSWORD_HOURS,
    identity::SECOND_FACTOR,
    identity::SIGN_IN_RATE,
    identity::SIGN_IN_NAME_RATE,
    oidc::ISSUER,
    oidc::CLIENT_ID,
    oidc::SECRET_FILE,
    oidc::REDIRECT_URL,
    oidc::CLAIM,
    oidc::SCOPES,
];

const CHECKPOINT_DIR: Variable = Variable {
    name: "GONGKAI_CHECKPOINT_DIR",
    unit: "folder",
    default: Default::Words("none: checkpoints are in the database only"),
    effect: "The second place for the signed checkpoints of the record: a folder on another disk or computer, whose files \
             only grow. Without it nobody can tell a record that was cut off, or put back from a copy.",
    set: |draft, text| {
        draft.checkpoint_dir = Some(path(text)?);
        Ok(())
    },
    show: |config| {
        config.checkpoint_dir.as_ref().map_or_else(|| "(none)".to_owned(), |path| path.display().to_string())
    },
};

pub(super) fn requests(text: &str) -> Result<NonZeroU32, String> {
    let requests = text.parse::<NonZeroU32>().ok().filter(|requests| requests.get() <= 60_000);
    requests.ok_or_else(|| format!("`{text}` is no whole number from 1 to 60000"))
}

/// One thread for each core.
pub(super) fn cores() -> NonZeroUsize {
    available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

pub(super) fn path(text: &str) -> Result<PathBuf, String> {
    if text.trim().is_empty() || text.contains('\0') {
        return Err("the path is empty".to_owned());
    }
    Ok(PathBuf::from(text))
}

/// The table as Markdown, for the documentation.
pub fn markdown() -> String {
    let mut table = "| variable | unit | default | effect |\n| --- | --- | --- | --- |\n".to_owned();
    for variable in VARIABLES {
        let default = match variable.default {
            Default::Value(value) => format!("`{value}`"),
            Default::Words(words) => words.to_owned(),
        };
        // Writing to a String cannot fail.
        let _ =
            writeln!(table, "| `{}` | {} | {default} | {} |", variable.name, variable.unit, variable.effect);
    }
    table
}
