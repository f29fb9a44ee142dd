//! Calls: the methods of [`Client`](crate::Client), a file for each resource, and what they share.

mod accounts;
mod batches;
pub(crate) mod csv;
mod currencies;
mod exchange;
pub(crate) mod filters;
mod history;
mod holds;
pub(crate) mod list;
pub(crate) mod names;
pub(crate) mod statements;
mod transfers;
mod verifications;
