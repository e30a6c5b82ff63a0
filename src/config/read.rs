//! Reading the settings: the file, the environment, and every mistake in either.

use std::ffi::OsString;
use std::fmt;
use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::attachments::AttachmentDraft;
use super::couriers::CourierDraft;
use super::identity::IdentityDraft;
use super::oidc::OidcDraft;
use super::variables::{Default as Preset, PREFIX, VARIABLES, Variable, cores};
use super::{Config, KeyFrom, LogFormat, Network, PublicLimits, Source};
use crate::store::DatabaseUrl;

/// The file of settings, in the working directory.
pub const FILE: &str = "gongkai.toml";
/// Variables of the test suite, which are no settings.
const FOR_TESTS: &str = "GONGKAI_TEST_";

/// One mistake in the settings: a sentence that says where, what, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake(pub String);

/// Every mistake in the settings, one a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, Mistake(sentence)) in self.0.iter().enumerate() {
            write!(f, "{}{sentence}", if nth == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

/// The settings as far as they have been read.
#[derive(Default)]
pub(super) struct Draft {
    pub database_url: Option<DatabaseUrl>,
    pub listen: Option<SocketAddr>,
    pub data_dir: Option<PathBuf>,
    pub master_key_file: Option<PathBuf>,
    pub master_key: Option<Zeroizing<String>>,
    pub master_key_command: Option<String>,
    pub law_dir: Option<PathBuf>,
    pub log: Option<String>,
    pub log_format: Option<LogFormat>,
    pub workers: Option<NonZeroUsize>,
    pub shutdown_seconds: Option<u16>,
    pub public_rate: Option<NonZeroU32>,
    pub public_burst: Option<NonZeroU32>,
    pub trusted_proxies: Option<Vec<Network>>,
    pub attachments: AttachmentDraft,
    pub identity: IdentityDraft,
    pub oidc: OidcDraft,
    pub checkpoint_dir: Option<PathBuf>,
    pub docs: Option<bool>,
    pub couriers: CourierDraft,
}

/// The settings of this process: its environment, and `gongkai.toml` where it was started.
///
/// # Errors
/// Every mistake in either.
pub fn from_process() -> Result<Config, Mistakes> {
    let file = match std::fs::read_to_string(FILE) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(Mistakes(vec![Mistake(format!("{FILE} cannot be read: {error}."))])),
    };
    read(std::env::vars_os(), file.as_deref())
}

/// The settings of an environment and the text of a `gongkai.toml`.
///
/// # Errors
/// Every mistake in either.
pub fn read(
    environment: impl IntoIterator<Item = (OsString, OsString)>,
    file: Option<&str>,
) -> Result<Config, Mistakes> {
    let mut reading = Reading {
        draft: Draft::default(),
        sources: vec![Source::Default; VARIABLES.len()],
        mistakes: Vec::new(),
    };
    for variable in VARIABLES {
        if let Preset::Value(value) = variable.default {
            reading.apply(variable, value, Source::Default);
        }
    }
    if let Some(text) = file {
        reading.file(text);
    }
    reading.environment(environment);
    reading.finish()
}

struct Reading {
    draft: Draft,
    sources: Vec<Source>,
    mistakes: Vec<Mistake>,
}

impl Reading {
    fn mistake(&mut self, sentence: String) {
        self.mistakes.push(Mistake(sentence));
    }

    fn apply(&mut self, variable: &'static Variable, value: &str, source: Source) {
        let place = match source {
            Source::Default | Source::Environment => variable.name.to_owned(),
            Source::File => format!("{FILE}, {}", variable.key()),
        };
        if let Err(reason) = (variable.set)(&mut self.draft, value) {
            self.mistake(format!("{place}: {}.", reason.trim_end_matches('.')));
        }
        let at = VARIABLES.iter().position(|other| other.name == variable.name);
        if let Some(known) = at.and_then(|at| self.sources.get_mut(at)) {
            *known = source;
        }
    }

    fn environment(&mut self, environment: impl IntoIterator<Item = (OsString, OsString)>) {
        let mut ours: Vec<(String, OsString)> = environment
            .into_iter()
            .filter_map(|(name, value)| name.into_string().ok().map(|name| (name, value)))
            .filter(|(name, _)| name.starts_with(PREFIX) && !name.starts_with(FOR_TESTS))
            .collect();
        ours.sort();
        for (name, value) in ours {
            match (VARIABLES.iter().find(|variable| variable.name == name), value.into_string()) {
                (Some(variable), Ok(value)) => self.apply(variable, &value, Source::Environment),
                (Some(_), Err(_)) => self.mistake(format!("{name}: the value is not UTF-8 text.")),
                (None, _) => {
                    let meant = closest(&name, VARIABLES.iter().map(|variable| variable.name.to_owned()));
                    self.mistake(format!("{name} is no setting of Gongkai{meant}."));
                }
            }
        }
    }

    fn file(&mut self, text: &str) {
        let table: toml::Table = match toml::from_str(text) {
            Ok(table) => table,
            Err(error) => {
                let start = error.span().map_or(0, |span| span.start);
                let line = text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
                let reason = error.message().trim_end_matches('.');
                return self.mistake(format!("{FILE}, line {line}: {reason}."));
            }
        };
        for (key, value) in &table {
            let named = |variable: &&Variable| variable.name == key || variable.key() == *key;
            let Some(variable) = VARIABLES.iter().find(named) else {
                let meant = closest(key, VARIABLES.iter().map(Variable::key));
                self.mistake(format!("{FILE}: `{key}` is no setting of Gongkai{meant}."));
                continue;
            };
            if *key == variable.name && table.contains_key(&variable.key()) {
                self.mistake(format!("{FILE}: `{key}` and `{}` are the same setting.", variable.key()));
            }
            match value {
                toml::Value::String(value) => self.apply(variable, value, Source::File),
                toml::Value::Integer(value) => self.apply(variable, &value.to_string(), Source::File),
                toml::Value::Boolean(value) => self.apply(variable, &value.to_string(), Source::File),
                toml::Value::Float(_)
                | toml::Value::Datetime(_)
                | toml::Value::Array(_)
                | toml::Value::Table(_) => {
                    self.mistake(format!(
                        "{FILE}, {key}: expected a text, a whole number, true or false, found {}.",
                        value.type_str()
                    ));
                }
            }
        }
    }

    fn finish(mut self) -> Result<Config, Mistakes> {
        let draft = self.draft;
        let on_postgres = matches!(draft.database_url, Some(DatabaseUrl::Postgres(_)));
        let sources =
            [draft.master_key_file.is_some(), draft.master_key.is_some(), draft.master_key_command.is_some()];
        let sources = sources.into_iter().filter(|given| *given).count();
        if on_postgres && sources == 0 {
            self.mistakes.push(Mistake(
                "GONGKAI_MASTER_KEY_FILE must be given with a PostgreSQL database: make the key with `openssl rand \
                 -hex 32`, in a file that only its owner can read. GONGKAI_MASTER_KEY or GONGKAI_MASTER_KEY_COMMAND may \
                 take its place."
                    .to_owned(),
            ));
        }
        if sources > 1 {
            self.mistakes.push(Mistake(
                "Give one of GONGKAI_MASTER_KEY_FILE, GONGKAI_MASTER_KEY, GONGKAI_MASTER_KEY_COMMAND: the master key has \
                 exactly one source."
                    .to_owned(),
            ));
        }
        let command = draft.master_key_command.map(KeyFrom::Command);
        let master_key_from = draft.master_key.map(KeyFrom::Text).or(command);
        let law_dir = draft.law_dir.filter(|folder| {
            let found = folder.is_dir();
            if !found {
                let shown = folder.display();
                self.mistakes.push(Mistake(format!("GONGKAI_LAW_DIR: {shown} is no folder.")));
            }
            found
        });
        let attachments = draft.attachments.finish(draft.data_dir.as_deref(), &mut self.mistakes);
        let provider = draft.oidc.finish(&mut self.mistakes);
        let couriers = draft.couriers.finish(&mut self.mistakes);
        // Each default is a good value (a test shows it), so what is missing here was a mistake above.
        let whole = draft
            .database_url
            .zip(draft.listen)
            .zip(draft.data_dir)
            .zip(draft.log.zip(draft.log_format))
            .zip(draft.shutdown_seconds)
            .zip(draft.public_rate.zip(draft.public_burst))
            .zip(attachments.zip(draft.identity.finish()));
        match whole {
            Some((
                (
                    ((((database_url, listen), data_dir), (log, log_format)), shutdown_seconds),
                    (per_minute, burst),
                ),
                (attachments, identity),
            )) if self.mistakes.is_empty() => Ok(Config {
                database_url,
                listen,
                master_key_from,
                master_key_file: draft.master_key_file.unwrap_or_else(|| data_dir.join("master.key")),
                data_dir,
                law_dir,
                log,
                log_format,
                workers: draft.workers.unwrap_or_else(cores),
                shutdown_seconds,
                public: PublicLimits {
                    per_minute,
                    burst,
                    trusted_proxies: draft.trusted_proxies.unwrap_or_default(),
                },
                attachments,
                identity,
                provider,
                checkpoint_dir: draft.checkpoint_dir,
                docs: draft.docs.unwrap_or(true),
                couriers,
                sources: self.sources,
            }),
            Some(_) | None => Err(Mistakes(self.mistakes)),
        }
    }
}

/// `; did you mean X?` for the known name that is nearest, when one is near.
fn closest(name: &str, known: impl Iterator<Item = String>) -> String {
    const NEAR: usize = 3;
    known
        .map(|known| (distance(name, &known), known))
        .min()
        .filter(|(distance, _)| *distance <= NEAR)
        .map(|(_, known)| format!("; {known} may be meant"))
        .unwrap_or_default()
}

/// How many characters must be inserted, left out or replaced to make one text of the other.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (above, from) in left.chars().enumerate() {
        let mut diagonal = above;
        let mut before = above + 1;
        for (cell, to) in row.iter_mut().skip(1).zip(right.chars()) {
            let replaced = diagonal + usize::from(from != to);
            diagonal = *cell;
            *cell = replaced.min(before + 1).min(diagonal + 1);
            before = *cell;
        }
        if let Some(first) = row.first_mut() {
            *first = above + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn with(environment: &[(&str, &str)], file: Option<&str>) -> Result<Config, Mistakes> {
        read(environment.iter().map(|(name, value)| (name.into(), value.into())), file)
    }

    #[track_caller]
    fn check_mistakes(environment: &[(&str, &str)], file: Option<&str>, expected: &[&str]) {
        let Mistakes(found) = with(environment, file).unwrap_err();
        assert_eq!(found.iter().map(|Mistake(sentence)| sentence.as_str()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn with_nothing_set_the_defaults_hold() {
        let config = with(&[("PATH", "/bin"), ("GONGKAI_TEST_POSTGRES_URL", "x")], None).unwrap();
        assert_eq!(config.database_url, DatabaseUrl::Sqlite("gongkai.db".into()));
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.master_key_file, PathBuf::from("./gongkai-data/master.key"));
        assert!(config.settings().all(|(_, _, source)| source == Source::Default));
    }

    #[test]
    fn the_environment_wins_over_the_file_and_the_file_over_the_default() {
        let file = "listen = \"[::1]:90\"\nGONGKAI_WORKERS = 3\n";
        let config =
            with(&[("GONGKAI_LISTEN", "0.0.0.0:80"), ("GONGKAI_DATA_DIR", "/d")], Some(file)).unwrap();
        assert_eq!((config.listen.to_string().as_str(), config.workers.get()), ("0.0.0.0:80", 3));
        assert_eq!(config.master_key_file, PathBuf::from("/d/master.key"));
        let sources: Vec<_> =
            config.settings().map(|(variable, _, source)| (variable.key(), source.code())).collect();
        assert!(sources.contains(&("listen".to_owned(), "environment")));
        assert!(sources.contains(&("workers".to_owned(), "file")));
        assert!(sources.contains(&("log".to_owned(), "default")));
        assert_eq!(with(&[], Some("listen = \"[::1]:90\"")).unwrap().listen.to_string(), "[::1]:90");
    }

    #[test]
    fn every_mistake_is_reported_at_once() {
        check_mistakes(
            &[
                ("GONGKAI_DATABASE_URL", "gongkai.db"),
                ("GONGKAI_LISTN", "x"),
                ("GONGKAI_LOG", "a=b=c"),
                ("GONGKAI_WORKERS", "0"),
            ],
            Some("data_dir = 1.5\nlistne = 1\nshutdown_seconds = \"soon\"\nsomething_else = 1\n"),
            &[
                "gongkai.toml, data_dir: expected a text, a whole number, true or false, found float.",
                "gongkai.toml: `listne` is no setting of Gongkai; listen may be meant.",
                "gongkai.toml, shutdown_seconds: `soon` is no whole number from 0 to 600.",
                "gongkai.toml: `something_else` is no setting of Gongkai.",
                "GONGKAI_DATABASE_URL: it has no known scheme; write sqlite://FILE or \
                 postgres://USER:PASSWORD@HOST:PORT/DATABASE.",
                "GONGKAI_LISTN is no setting of Gongkai; GONGKAI_LISTEN may be meant.",
                "GONGKAI_LOG: `a=b=c` is no log filter, such as info or warn,gongkai=debug.",
                "GONGKAI_WORKERS: `0` is no whole number from 1 to 512.",
            ],
        );
        check_mistakes(
            &[("GONGKAI_LISTEN", "localhost")],
            Some("listen = \n"),
            &[
                "gongkai.toml, line 1: string values must be quoted, expected literal string.",
                "GONGKAI_LISTEN: `localhost` is no address with a port, such as 127.0.0.1:8080 or [::1]:8080.",
            ],
        );
        check_mistakes(
            &[],
            Some("log = \"info\"\nGONGKAI_LOG = \"warn\"\n"),
            &["gongkai.toml: `GONGKAI_LOG` and `log` are the same setting."],
        );
    }

    #[test]
    fn an_empty_value_is_a_mistake_and_not_a_default() {
        for variable in VARIABLES {
            assert!(with(&[(variable.name, "")], None).is_err(), "{}", variable.name);
        }
    }

    #[test]
    fn a_log_filter_on_which_its_parser_panics_is_a_mistake() {
        for text in ["\u{2000}A=", "info,\u{3000}gongkai=debug"] {
            let Mistakes(found) = with(&[("GONGKAI_LOG", text)], None).unwrap_err();
            assert!(found.len() == 1 && found[0].0.contains("is no log filter"), "{found:?}");
        }
    }

    #[test]
    fn the_master_key_has_exactly_one_source() {
        let sources = [
            ("GONGKAI_MASTER_KEY_FILE", "/k"),
            ("GONGKAI_MASTER_KEY", "secret"),
            ("GONGKAI_MASTER_KEY_COMMAND", "vault"),
        ];
        for (n, one) in sources.iter().enumerate() {
            let config = with(&[*one], None).unwrap();
            assert_eq!(config.master_key_from.is_some(), n > 0);
            assert!(!format!("{config:?}").contains("secret"), "{config:?}");
            let Mistakes(found) = with(&[*one, sources[(n + 1) % 3]], None).unwrap_err();
            assert!(found.len() == 1 && found[0].0.contains("exactly one source"), "{found:?}");
        }
    }

    #[test]
    fn postgresql_needs_a_key_file_of_its_own() {
        let url = ("GONGKAI_DATABASE_URL", "postgres://office:open%20sesame@db:5432/gongkai");
        let Mistakes(found) = with(&[url], None).unwrap_err();
        assert!(found.len() == 1 && found[0].0.starts_with("GONGKAI_MASTER_KEY_FILE must be given"));
        let config = with(&[url, ("GONGKAI_MASTER_KEY_FILE", "/k")], None).unwrap();
        assert!(!format!("{config:?}").contains("sesame"), "{config:?}");
        assert!(format!("{config:?}").contains("postgres://office:***@db:5432/gongkai"), "{config:?}");
    }

    #[test]
    fn a_name_that_is_near_is_told() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(
            closest("lisen", ["log", "listen"].map(str::to_owned).into_iter()),
            "; listen may be meant"
        );
        assert_eq!(closest("completely", ["log".to_owned()].into_iter()), "");
    }

    #[test]
    fn the_table_documents_each_variable() {
        let table = super::super::markdown();
        for variable in VARIABLES {
            assert!(variable.name.starts_with(PREFIX) && variable.effect.ends_with('.'), "{}", variable.name);
            assert!(table.contains(&format!("| `{}` | {} |", variable.name, variable.unit)));
        }
    }

    proptest! {
        #[test]
        fn no_file_and_no_value_makes_it_panic(text: String, value: String) {
            let _ = with(&[("GONGKAI_LISTEN", &value), ("GONGKAI_LOG", &value)], Some(&text));
        }
    }
}
