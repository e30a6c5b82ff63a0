//! The rules, pure: nothing here reads a clock, a file, a socket, an environment variable or randomness,
//! and nothing here knows how a case is stored or served.
#![warn(missing_docs)]

pub mod access;
pub mod agency_event;
pub mod annual_report;
pub mod applicant;
pub mod archive;
pub mod attachment;
pub mod calendar;
pub mod case;
pub mod channel;
pub mod digest;
pub mod fee;
pub mod identity;
pub mod ids;
pub mod lang;
pub mod notice;
pub mod numbering;
pub mod outcome;
pub mod password_reset;
pub mod policy;
pub mod portal;
pub mod public_url;
pub mod rate;
pub mod record_event;
pub mod remedy;
pub mod reorganisation;
pub mod reply;
pub mod review;
pub mod role;
pub mod search;
pub mod sensitivity;
pub mod statute;
pub mod text;
pub mod time_limit;
