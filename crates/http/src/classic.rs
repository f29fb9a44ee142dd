//! The classic API: three routes that work as those of the original service did, byte for byte.
//!
//! Inside the three routes the status is always 200 and the [`envelope`] says how it went; only a
//! caller that is not admitted sees it in the status as well. Other paths and methods are answered
//! in the same envelope, with a true status.

mod accounts;
mod admission;
pub(crate) mod contract;
mod envelope;
pub(crate) mod errors;
pub(crate) mod routes;
mod transfers;
