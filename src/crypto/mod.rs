//! Randomness, keys, encryption at rest, commitments, passwords and tokens. No database, no network; files only for the
//! master key and for the office's list of passwords that became known.

pub mod blind_index;
pub mod blocklist;
pub mod client_secret;
pub mod column;
pub mod commitment;
pub mod digest;
pub mod framed;
pub mod hasher;
pub mod hex;
pub mod master_key;
pub mod password;
mod password_policy;
pub mod piece;
pub mod random;
pub mod secret;
pub mod sign;
pub mod token;
pub mod totp;
