#![doc = include_str!("../README.md")]

mod chain;
mod clock;
mod columns;
mod connect;
mod connection_string;
mod error;
mod keys;
mod migrate;
mod occasional;
mod options;
mod queries;
mod readers;
mod rows;
mod schema;
mod statements;
mod store;

pub use connection_string::{ParsePostgresUrlError, PostgresUrl, redacted};
pub use error::ConnectError;
pub use migrate::{MigrationReport, migrate};
pub use options::PostgresOptions;
pub use store::PostgresStore;

// No function is called: these dependencies exist to be linked, built in or with TLS.
#[cfg(feature = "tls")]
use openssl_sys as _;
use pq_sys as _;
