//! The SQLite store: the contract of every store, and what is specific to this one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod contract;
mod damaged;
mod file;
mod golden;
mod opening;
mod plans;
