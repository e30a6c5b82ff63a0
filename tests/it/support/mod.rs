//! What several tests share.

pub mod authenticator;
pub mod bucket;
pub mod client;
pub mod contract;
pub mod databases;
pub mod files;
pub mod ledger_maker;
pub mod many_cases;
pub mod office;
pub mod personal;
pub mod provider;
pub mod receiver;
pub mod replies;
pub mod server;
pub mod story;
