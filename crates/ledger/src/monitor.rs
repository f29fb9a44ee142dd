//! What a store reports about itself while it runs: for metrics, health checks and the clock.

use std::time::Duration;

use wallet_domain::{StoreError, Timestamp};
use wallet_postgres::PostgresStore;
use wallet_sqlite::SqliteStore;

/// The numbers of a store. They only count up, except [`readers_in_use`](Self::readers_in_use).
pub trait StoreMonitor: Send + Sync {
    /// How often a batch was decided again; a store with one writer never does.
    fn retries(&self) -> u64 {
        0
    }

    /// How many batches were committed, and how long the statements took that did so.
    fn commits(&self) -> (u64, Duration);

    /// How many connections for reading are in use.
    fn readers_in_use(&self) -> u32;

    /// Whether the schema has all that this version needs. A file has what it was opened with: no
    /// other program may write to it.
    ///
    /// # Errors
    /// The store cannot be read.
    fn schema_has_all(&self) -> Result<bool, StoreError> {
        Ok(true)
    }

    /// Whether the data is on a server that has a clock of its own.
    fn has_server(&self) -> bool {
        false
    }

    /// How far the server's clock is ahead of `clock`, in microseconds. `None` if there is no
    /// server, or if its answer took too long to tell.
    ///
    /// # Errors
    /// The store cannot be read.
    fn server_is_ahead(&self, _clock: fn() -> Timestamp) -> Result<Option<i64>, StoreError> {
        Ok(None)
    }
}

impl StoreMonitor for PostgresStore {
    fn has_server(&self) -> bool {
        true
    }

    fn server_is_ahead(&self, clock: fn() -> Timestamp) -> Result<Option<i64>, StoreError> {
        self.server_is_ahead(clock)
    }

    fn schema_has_all(&self) -> Result<bool, StoreError> {
        self.schema_has_all()
    }

    fn retries(&self) -> u64 {
        self.retries()
    }

    fn commits(&self) -> (u64, Duration) {
        self.commits()
    }

    fn readers_in_use(&self) -> u32 {
        self.readers_in_use()
    }
}

impl StoreMonitor for SqliteStore {
    fn commits(&self) -> (u64, Duration) {
        self.commits()
    }

    fn readers_in_use(&self) -> u32 {
        self.readers_in_use()
    }
}
