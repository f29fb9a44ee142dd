//! The contract of a store, and what is special to this one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod contract;
mod file;
mod opening;
mod plans;
