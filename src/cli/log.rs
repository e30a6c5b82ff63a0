//! The log, on standard error.

use tracing_subscriber::EnvFilter;

use super::output::Failure;
use crate::config::{Config, LogFormat};

/// Begins to log as the settings say.
pub(super) fn begin(config: &Config) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&config.log).map_err(|error| Failure::new(error.to_string()))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let begun = match config.log_format {
        LogFormat::Text => log.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    begun.map_err(|error| Failure::new(format!("the log cannot be written: {error}")))
}
