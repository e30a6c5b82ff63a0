//! How far a long command has come, told to whoever waits for it.

use std::sync::Arc;

/// What a long command is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Looking at rows one by one.
    Checking,
    /// Writing what was accepted.
    Writing,
    /// Following the chains of events.
    Verifying,
    /// Deriving queue rows from events again.
    Replaying,
    /// Making the entries of a demonstration.
    Demonstrating,
}

impl Phase {
    /// What is counted and done, for a line of progress.
    pub fn label(self) -> &'static str {
        match self {
            Self::Checking => "rows checked",
            Self::Writing => "cases written",
            Self::Verifying => "events verified",
            Self::Replaying => "cases replayed",
            Self::Demonstrating => "entries of the sample year made",
        }
    }
}

/// How far it has come: `done` of `total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is being done.
    pub phase: Phase,
    /// How many so far.
    pub done: u64,
    /// How many there are.
    pub total: u64,
}

/// Told of each step, from whichever thread; must be quick.
pub type Progress = Arc<dyn Fn(Step) + Send + Sync>;

/// Tells nobody.
pub fn silent() -> Progress {
    Arc::new(|_| {})
}
