//! The integration tests, one binary. Those that need PostgreSQL take it from `scripts/test`.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that fails may panic, and so may what helps it"
)]

mod another_act;
mod api;
mod asvs;
mod calendars;
mod cli;
mod demo;
mod durability;
mod layering;
mod ledger_to_report;
mod migrations;
mod migrations_names;
mod policy_matrix;
mod privacy;
mod search;
mod shown;
mod store;
mod support;
mod tampering;
