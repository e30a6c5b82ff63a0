//! One request for disclosure (申请): what can be asked of it (`command`), what has happened to it (`event`),
//! where it stands (`state`), and the two pure functions that carry every rule: `decide` and `evolve`.

pub mod archive_record;
pub mod attachments;
pub mod clock;
pub mod clock_record;
pub mod command;
pub mod contact_record;
pub mod decide;
pub mod document;
pub mod event;
pub mod evolve;
pub mod projection;
pub mod publication_record;
pub mod recount;
pub mod refusal;
pub mod relation;
pub mod remedies;
pub mod state;
pub mod status;
pub mod submission;
pub mod timeliness;

pub use command::{Command, CommandKind};
pub use decide::{Context, decide, open};
pub use event::{By, Event, Origin, Recorded};
pub use evolve::{evolve, fold};
pub use refusal::{Refusal, RefusalCode};
pub use state::{Case, Stage, State, Status};

#[cfg(test)]
mod tests;
