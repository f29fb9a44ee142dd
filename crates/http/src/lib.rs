#![doc = include_str!("../README.md")]
//!
//! ## The map, from the socket inwards
//!
//! | file | holds |
//! |---|---|
//! | `server.rs` | [`HttpServer`]: bind, run, stop. The only file that knows how actix-web is started. |
//! | `limits.rs` | [`HttpOptions`]: every limit and its default. |
//! | `log.rs` | The one middleware: request id, log line, and the net under a handler that panics. |
//! | `routes.rs` | The whole route table on one screen. |
//! | `v1.rs`, `v1/` | The v1 API: resources, problems, keys of idempotency, pages. |
//! | `classic.rs`, `classic/` | The classic API: wire structs, their way to and from the domain, handlers. |
//! | `body.rs` | Reading a body within size and time, and closing well when it is not read. |
//! | `ports.rs` | The domain's two ports, with a deadline round every call. |
//! | `throttle.rs` | Telling of what comes in crowds once a second. |
//! | `error.rs` | `ApiError`: the only map from refusals and failures to a code and a log line. |
//!
//! The two families of routes word their answers differently; they use the same ports and the same `ApiError`.
#![cfg_attr(not(test), warn(clippy::unwrap_used))]

mod body;
mod classic;
mod error;
mod limits;
mod log;
mod ports;
mod routes;
mod server;
mod throttle;
mod v1;

pub use limits::HttpOptions;
pub use server::HttpServer;

#[cfg(test)]
mod tests;
