//! The queries, written once and compiled for each database: this folder is a module of `sqlite` and of `postgres`,
//! each of which defines `Conn`, `Db`, `SNAPSHOT` and the few functions that differ.

pub(in crate::store) mod accesses;
pub(in crate::store) mod applicants;
pub(in crate::store) mod archive;
pub(in crate::store) mod attachments;
pub(in crate::store) mod attempts;
pub(in crate::store) mod audit;
pub(in crate::store) mod calendars;
pub(in crate::store) mod cases;
pub(in crate::store) mod chain;
pub(in crate::store) mod change;
pub(in crate::store) mod checkpoints;
pub(in crate::store) mod commit;
pub(in crate::store) mod custody;
pub(in crate::store) mod dashboard;
pub(in crate::store) mod import;
pub(in crate::store) mod inbox;
pub(in crate::store) mod keys;
pub(in crate::store) mod notices;
pub(in crate::store) mod passwords;
pub(in crate::store) mod portals;
pub(in crate::store) mod provider;
pub(in crate::store) mod publication;
pub(in crate::store) mod queue;
pub(in crate::store) mod reorganisation;
pub(in crate::store) mod report;
pub(in crate::store) mod reseal;
pub(in crate::store) mod review;
pub(in crate::store) mod rights;
pub(in crate::store) mod search;
pub(in crate::store) mod sessions;
pub(in crate::store) mod setup;

pub(in crate::store) use super::{
    Conn, Db, SNAPSHOT, explain, hold_chains, index_anew, index_is_sound, insert_event_rows,
    insert_owed_rows, push_matching, push_words, scrub, update_clocks,
};
