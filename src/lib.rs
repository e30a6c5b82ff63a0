//! Gongkai (公开): a REST service with which government offices handle requests for the disclosure of public
//! information (依申请公开).
//!
//! The flow is one line: `http → app → domain`, then `app → store`. Nothing flows back.

pub mod app;
pub mod audit;
pub mod cli;
pub mod clock;
pub mod config;
pub mod courier;
pub mod crypto;
pub mod domain;
pub mod files;
pub mod http;
pub mod law;
pub mod provider;
pub mod store;
