//! Through the interface: the real binary as a process.

mod by_hand;
mod by_import;
mod contract;
mod foreign;
mod operations;
mod order;
mod races;
mod shape;
mod slow;
