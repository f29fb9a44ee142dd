//! Shared code of the black-box tests and the benchmark: the real binary as a process, stores for
//! it, a client, faults on the way to the database and to clients, and two independent checkers of
//! the result.
//!
//! Nothing here knows the internals of the service. [`books`] proves a store's contents from
//! outside, and [`history`] compares them with the answers that clients received.

#![cfg_attr(not(test), warn(clippy::unwrap_used))]

pub mod books;
pub mod client;
pub mod contract;
pub mod exposition;
pub mod faulty_proxy;
pub mod fund;
pub mod history;
pub mod judged_line;
mod listener;
pub mod process;
pub mod proxy;
pub mod service;
pub mod store;
pub mod tidy;
