//! Through the interface: the real binary as a process.

mod admission;
mod allowed;
mod amendments;
mod by_hand;
mod by_import;
mod contract;
mod dashboard;
mod dates;
mod foreign;
mod history;
mod inbox;
mod operations;
mod order;
mod owed;
mod queue;
mod races;
mod reviews;
mod roles;
mod shape;
mod sign_in;
mod slow;
mod stories;
