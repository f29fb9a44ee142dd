#![doc = include_str!("../README.md")]
//!
//! ## The map
//!
//! The folders of `src` are floors. A file uses its own floor and the floors below it, never one
//! above; `integration/tests/tidy.rs` checks it. From the bottom:
//!
//! | floor | what is there |
//! |---|---|
//! | `request/` | What every route needs: `ApiError`, bodies, times, bounded reads. |
//! | `access/` | Who may send a request: keys, tokens, allowance, the browser guard. |
//! | `state/` | What the process keeps: `AppState`, [`HttpOptions`], [`Tls`], health, more. |
//! | `classic/` | The classic routes, which are frozen. |
//! | `v1/protocol/` | How every call to v1 speaks: bodies, ids, problems, lists, OpenAPI. |
//! | `v1/resources/` | The resources of v1, a file or a folder for each; `v1.rs` registers them. |
//! | `observe/` | What operators see: the log, metrics, traces, the routes of health. |
//! | `server/` | [`HttpServer`]: listening, the table of all routes, CORS, API documents. |
//!
//! A family of routes that answers in another form is one more floor next to `classic/`. It uses
//! the same `AppState` and `ApiError`, and changes nothing else but the table of routes.

mod access;
mod classic;
mod observe;
mod request;
mod server;
mod state;
mod v1;

pub use access::allowance::Allowance;
pub use access::authenticator::Access;
pub use access::host_name::HostName;
pub use access::tokens::{IdentityProvider, KeySource, KeySourceError};
pub use server::HttpServer;
pub use state::options::HttpOptions;
pub use state::tls::{Tls, TlsError};
pub use v1::resources::batches::{BatchItemError, batch_item};

#[cfg(test)]
mod tests;
