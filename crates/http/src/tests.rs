//! Requests as a client sends them, byte for byte, to a server on a port of its own, over a ledger
//! in memory. What a client gets is compared as text: the contract is what goes over the wire.

mod browsers;
mod client;
mod contract;
mod docs;
mod document;
mod doubles;
mod failures;
mod guard;
mod health;
mod limits;
mod lists;
mod log;
mod malformed;
mod metrics;
mod order;
mod promises;
mod slow_lists;
mod support;
mod v1;
