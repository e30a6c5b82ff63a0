//! The store on both databases: what is acknowledged is there, whole and once, whoever else writes (reliability
//! T13–T15).

mod answers;
mod desk;
mod faults;
mod numbers;
mod owed;
mod pages;
mod record;
mod retries;
mod winners;
