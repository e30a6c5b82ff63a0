//! The only place that knows HTTP. One file a resource; handlers take a call apart, give it to a use case, and put the
//! answer together.

mod amendments;
mod applicant_dto;
mod assignments;
mod auth;
mod body;
mod calendar_dto;
mod calendars;
mod call;
mod case_dto;
mod case_time_limit;
mod cases;
mod closing;
mod codes;
mod dashboard;
mod document;
mod envelope;
mod fact_dto;
mod fees;
mod field_errors;
mod history;
mod inbox;
mod intake;
mod negotiate;
mod object;
mod operations;
mod page;
pub mod problem;
mod rate_limit;
mod reply;
mod reports;
mod routes;
mod server;
mod services;
mod set_up;
mod statutes;
mod time_limit_dto;
mod time_limits;

pub use calendar_dto::{applied as calendar_applied, preview as calendar_preview};
pub use document::{openapi, openapi_json};
pub use fees::{FeeView, fee_offline};
pub use negotiate::Form;
pub use server::{Running, bind, listen, serve, serve_on};
pub use time_limits::{PUBLIC_ZONE, calculate_offline};
