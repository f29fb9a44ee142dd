//! A PostgreSQL server for tests, started from the binaries on the machine and gone with the
//! process.
//!
//! Nothing needs to be running beforehand and nothing is left behind: the server lives in a
//! temporary folder, below a shell that stops it as soon as the test process closes a pipe, which
//! the system does however that process ends. PostgreSQL refuses to run as root, so under root
//! everything runs as an unprivileged user.
//!
//! A server that exists already can be used instead: `WALLET_TEST_DATABASE_URL`.

mod binaries;
mod database;
mod gate;
mod server;

pub use binaries::Binaries;
pub use database::Database;
pub use gate::{Counted, Gate, Prepared};
pub use server::{Options, PostgresServer};

use std::sync::OnceLock;

/// A new, empty database on the server that all tests of this process share.
///
/// # Panics
/// If no server can be started: a test that needs one must fail, not be skipped.
pub fn create_database() -> Database {
    if let Ok(url) = std::env::var("WALLET_TEST_DATABASE_URL") {
        return Database::create_on(&url).unwrap_or_else(|error| {
            panic!("WALLET_TEST_DATABASE_URL is set but cannot be used: {error:#}")
        });
    }
    shared().create_database()
}

/// The server that all tests of this process share: fast, not durable, on a Unix socket.
///
/// # Panics
/// If it cannot be started; the message says what is missing.
pub fn shared() -> &'static PostgresServer {
    static SHARED: OnceLock<PostgresServer> = OnceLock::new();
    SHARED.get_or_init(|| PostgresServer::start_or_panic(&Options::fast()))
}
