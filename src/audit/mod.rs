//! The record that proves itself: canonical bytes, two hash chains, and their verification, all without a database.
//!
//! Every event is written as canonical JSON ([`canonical`]) and sealed into the chain of its agency and, if it concerns
//! a case, into that of the case ([`chain`]). [`verify`] reads sealed events back and names the first position at
//! which anything was changed, removed, added or moved.
//!
//! What a chain alone cannot show: that its tail was cut off, or that somebody rewrote all of it. Both are found only
//! against a head or checkpoint kept elsewhere.

pub mod attempts;
pub mod canonical;
pub mod chain;
pub mod checkpoint;
pub mod export;
pub mod merkle;
pub mod rights;
pub mod verify;
