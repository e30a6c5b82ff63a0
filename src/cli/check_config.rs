//! `gongkai check-config`.

use serde_json::{Value, json};

use super::output::{Failure, print, print_json};
use super::start;
use crate::config;
use crate::crypto::master_key::{MasterKey, MasterKeyError};

/// Options of `check-config`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Print the table of all settings as Markdown instead, for the documentation
    #[arg(long)]
    markdown: bool,
}

/// Checks the settings, the law and the master key, without touching a database.
pub(super) fn run(arguments: &Arguments, json: bool) -> Result<(), Failure> {
    if arguments.markdown {
        return print(&config::markdown());
    }
    let config = start::settings()?;
    let read = match &config.master_key_from {
        Some(from) => start::given_key(from),
        None => MasterKey::load(&config.master_key_file),
    };
    let key = match read {
        // It is made, or asked for, when a command needs it.
        Ok(_) | Err(MasterKeyError::Missing(_)) => None,
        Err(error) => Some(error.to_string()),
    };
    let law = start::law(&config).err().map(|faults| faults.to_string());
    let wrong: Vec<String> = law.into_iter().chain(key).collect();
    if !wrong.is_empty() {
        return Err(Failure::new(wrong.join("\n")));
    }
    if json {
        let settings: Vec<Value> = config
            .settings()
            .map(|(variable, value, source)| {
                json!({
                    "name": variable.name, "value": value, "source": source.code(), "unit": variable.unit,
                    "default": variable.default.text(), "effect": variable.effect,
                })
            })
            .collect();
        return print_json(&json!({ "settings": settings }));
    }
    let lines = config
        .settings()
        .map(|(variable, value, source)| format!("{}={value}  # {}", variable.name, source.code()));
    print(&(lines.collect::<Vec<_>>().join("\n") + "\n"))
}
