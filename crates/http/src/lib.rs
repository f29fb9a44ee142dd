#![doc = include_str!("../README.md")]
//!
//! ## The map, from the socket inwards
//!
//! | file | holds |
//! |---|---|
//! | `server.rs` | [`HttpServer`]: bind, run, stop. The only file that knows how actix-web is started. |
//! | `tls.rs` | [`Tls`]: the certificate, and its successors. |
//! | `limits.rs` | [`HttpOptions`]: every limit and its default. |
//! | `log.rs`, `request_id.rs` | The one middleware: request id, log line, and the net under a handler that panics. |
//! | `routes.rs` | The whole route table on one screen. |
//! | `docs.rs`, `../assets/` | What the service says about itself: OpenAPI, a page to try it, the list of errors. |
//! | `classic.rs`, `classic/` | The classic API: wire structs, their way to and from the domain, handlers. |
//! | `v1.rs`, `v1/` | The v1 API: one file for each resource, and what they share. |
//! | `guard.rs` | What a service without keys answers to: this machine, and no web page. |
//! | `access.rs`, `access/` | Who asks, and what every route needs of them. |
//! | `metrics.rs`, `metrics/` | What can be counted, and the route that shows it. |
//! | `trace.rs` | The span of a request: from the caller's trace, and back to it. |
//! | `body.rs` | Reading a body within size and time, and closing well when it is not read. |
//! | `verifications.rs` | Proofs of the books that operators start. |
//! | `ports.rs` | The domain's two ports, with a deadline round every call. |
//! | `headers.rs`, `cors.rs` | What browsers are told. |
//! | `time.rs` | Moments as text. |
//! | `throttle.rs` | Telling of what comes in crowds once a second. |
//! | `error.rs` | `ApiError`: the only map from refusals and failures to a code and a log line. |
//!
//! A family of routes that words its answers differently is one more module beside `classic`. It uses
//! the same ports and the same `ApiError`, and changes nothing here but the route table.
#![cfg_attr(not(test), warn(clippy::unwrap_used))]

mod access;
mod body;
mod bounded_reads;
mod classic;
mod cors;
mod docs;
mod error;
mod guard;
mod headers;
mod health;
mod limits;
mod log;
mod metrics;
mod ports;
mod request_id;
mod routes;
mod server;
mod throttle;
mod time;
mod tls;
mod trace;
mod v1;
mod verifications;

pub use access::{Access, Allowance, IdentityProvider, KeySource, KeySourceError};
pub use guard::HostName;
pub use limits::HttpOptions;
pub use server::HttpServer;
pub use tls::{Tls, TlsError};
pub use v1::{BatchItemError, batch_item};

#[cfg(test)]
mod tests;
