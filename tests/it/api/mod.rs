//! Through the interface: the real binary as a process.

mod admission;
mod by_hand;
mod by_import;
mod contract;
mod foreign;
mod operations;
mod order;
mod races;
mod roles;
mod shape;
mod sign_in;
mod slow;
