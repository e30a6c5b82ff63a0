//! The only place that knows HTTP. One file a resource; handlers take a call apart, give it to a use case, and put the
//! answer together.

mod amendments;
mod applicant_dto;
mod assignments;
mod auth;
mod body;
mod call;
mod case_dto;
mod cases;
mod closing;
mod codes;
mod dashboard;
mod document;
mod envelope;
mod field_errors;
mod history;
mod inbox;
mod intake;
mod object;
mod operations;
mod page;
pub mod problem;
mod reply;
mod reports;
mod routes;
mod server;
mod services;
mod set_up;

pub use document::{openapi, openapi_json};
pub use server::{Running, bind, listen, serve, serve_on};
