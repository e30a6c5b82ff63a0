//! What a command prints: its result on standard output, its progress and its failure on standard error.

use std::fmt;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::app::error::AppError;
use crate::app::progress::{Phase, Progress, Step};
use crate::store::StoreError;

/// Why a command failed, as one sentence (or a list of such, one a line).
#[derive(Debug)]
pub(super) struct Failure(String);

impl Failure {
    /// A failure told in these words.
    pub(super) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        if let AppError::Invalid(fields) = &error {
            let told = fields.iter().map(|field| format!("{}: {}", flag(&field.pointer), field.en));
            return Self(told.collect::<Vec<_>>().join("\n"));
        }
        if let AppError::Taken { pointer } = &error {
            return Self(format!("{}: this is taken already", flag(pointer)));
        }
        Self(one_line(&error.to_string()))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self(one_line(&error.to_string()))
    }
}

/// The option of the command line that a field of the API is.
fn flag(pointer: &str) -> String {
    let field = pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
    match field {
        "roles" => "--role".to_owned(),
        "password" => "--password-stdin".to_owned(),
        other => format!("--{}", other.replace('_', "-")),
    }
}

/// Several lines, as database drivers write them, as one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Prints a result. A reader that has gone away (`gongkai … | head`) is no failure.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("the result cannot be written: {error}")))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Prints a result as JSON.
pub(super) fn print_json(result: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(result)
        .map_err(|error| Failure::new(format!("the result cannot be written: {error}")))?;
    print(&(text + "\n"))
}

/// Says something that is not the result.
pub(super) fn say(text: &str) {
    // Nobody reads standard error any more: there is nobody to tell.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Shows progress: a bar on a terminal, else a line at the beginning, the end, and each tenth between.
pub(super) fn progress() -> Progress {
    if io::stderr().is_terminal() {
        let style =
            ProgressStyle::with_template("{bar:30} {human_pos}/{human_len} {msg} {elapsed} (left: {eta})");
        let bar = ProgressBar::hidden();
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_draw_target(indicatif::ProgressDrawTarget::stderr());
        let phase: Mutex<Option<Phase>> = Mutex::new(None);
        return Arc::new(move |step: Step| {
            let mut phase = phase.lock().unwrap_or_else(PoisonError::into_inner);
            if *phase != Some(step.phase) {
                *phase = Some(step.phase);
                bar.reset();
                bar.set_message(step.phase.label());
            }
            bar.set_length(step.total);
            bar.set_position(step.done);
            if step.done >= step.total {
                bar.finish_and_clear();
            }
        });
    }
    let told: Mutex<Option<(Phase, u64)>> = Mutex::new(None);
    Arc::new(move |step: Step| {
        let tenth = step.done.saturating_mul(10).checked_div(step.total).unwrap_or(10);
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        if *told != Some((step.phase, tenth)) {
            *told = Some((step.phase, tenth));
            say(&format!("{}/{} {}", step.done, step.total, step.phase.label()));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::error::FieldError;

    #[test]
    fn a_failure_names_the_option_of_the_command_line() {
        let fields = vec![
            FieldError::new("/roles/0", "x", "", "No such role."),
            FieldError::new("/number_pattern", "x", "", "Lacks {year}."),
        ];
        assert_eq!(
            Failure::from(AppError::Invalid(fields)).to_string(),
            "--role: No such role.\n--number-pattern: Lacks {year}."
        );
        assert_eq!(
            Failure::from(AppError::Taken { pointer: "/code" }).to_string(),
            "--code: this is taken already"
        );
    }

    #[test]
    fn what_a_driver_says_on_several_lines_is_one_sentence() {
        let error = StoreError::Unavailable("connection refused\n\tIs the server running?\n".to_owned());
        assert_eq!(
            Failure::from(error).to_string(),
            "the database is unavailable: connection refused Is the server running?"
        );
    }
}
