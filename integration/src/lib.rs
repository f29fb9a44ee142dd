//! What the black-box tests and the benchmark share: the real binary as a process, stores for it, a client,
//! faults on the way to the database, and two independent judges of what came of it.
//!
//! Nothing here knows how the service works inside. [`books`] proves a store's contents from outside, and
//! [`history`] compares them with what clients were told.

#![cfg_attr(not(test), warn(clippy::unwrap_used))]

pub mod books;
pub mod client;
pub mod exposition;
pub mod fund;
pub mod history;
pub mod proxy;
pub mod service;
pub mod store;
pub mod tidy;
