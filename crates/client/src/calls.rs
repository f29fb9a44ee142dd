//! Calls: the methods of [`Client`](crate::Client), a file for each resource, and what they share.

mod accounts;
mod batches;
mod currencies;
mod exchange;
pub(crate) mod filters;
mod holds;
pub(crate) mod list;
pub(crate) mod names;
mod transfers;
