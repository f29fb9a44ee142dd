//! The write side: one transaction for each batch, safe with other writers on other machines.
//!
//! | file | holds |
//! |---|---|
//! | `store.rs` | the store and its connections |
//! | `store/transact.rs` | reads, decides, writes and retries a batch |
//! | `store/load.rs` | what a batch reads |
//! | `store/write.rs` | what a batch writes |

mod load;
mod transact;
mod write;

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use diesel::prelude::*;
use wallet_domain::storage::{Cause, Commits, CurrencyCache, Failure};
use wallet_domain::{
    Lane, Lanes, LedgerSnapshots, ReadsThrough, SnapshotUse, StoreError, WholeLedger,
};

use crate::chain;
use crate::connect::PgPool;
use crate::error::{ConnectError, failed};
use crate::migrate::{check_schema, has_all_migrations};
use crate::options::PostgresOptions;
use crate::readers::Readers;

/// A ledger in a PostgreSQL database.
///
/// Share it by reference. The number of connections that write is the number of concurrent writers.
pub struct PostgresStore {
    writers: PgPool,
    pub(crate) readers: Readers,
    options: PostgresOptions,
    currencies: CurrencyCache,
    /// How many of the next batches lock their accounts. A hint: a lost update does not matter.
    batches_to_lock: AtomicU32,
    retries: AtomicU64,
    commits: Commits,
    lanes: Lanes,
    database: String,
}

impl PostgresStore {
    /// Connects once to a database whose schema is up to date.
    ///
    /// # Errors
    /// [`ConnectError`], which names the database and says what to do.
    pub fn connect(options: &PostgresOptions) -> Result<Self, ConnectError> {
        let mut connection = options.connect()?;
        options.check_durability(&mut connection)?;
        check_schema(options, &mut connection)?;
        let mut ends = chain::idle_lanes(&mut connection)
            .map_err(|error| options.failed("read the ends of the chain", error))?;
        // Replicas that start together find the same lanes and should not try them in the same
        // order.
        ends.sort_by_cached_key(|_| Lane::new_v4());
        Ok(Self {
            writers: options.writer_pool()?,
            readers: Readers::new(options)?,
            options: options.clone(),
            currencies: CurrencyCache::default(),
            batches_to_lock: AtomicU32::new(0),
            retries: AtomicU64::new(0),
            commits: Commits::default(),
            lanes: Lanes::new(ends),
            database: options.database(),
        })
    }

    /// How often a batch was decided again because of another writer or a lost connection.
    #[must_use]
    pub fn retries(&self) -> u64 {
        self.retries.load(Ordering::Relaxed)
    }

    /// Whether all migrations are applied, which is false after one was reverted. There may be
    /// newer ones: a release leaves the previous one working.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Refused`].
    pub fn schema_has_all(&self) -> Result<bool, StoreError> {
        self.readers
            .look_up("list the migrations that were applied", has_all_migrations)
    }

    /// The number of committed batches, and the total time of the statements that committed them.
    /// Usually that statement also writes the batch.
    #[must_use]
    pub fn commits(&self) -> (u64, Duration) {
        self.commits.so_far()
    }

    /// The number of connections for reading that are in use.
    #[must_use]
    pub fn readers_in_use(&self) -> u32 {
        self.readers.in_use()
    }

    /// Runs a write outside of batches: one statement, or one transaction. If the connection is
    /// lost, the result is [`StoreError::OutcomeUnknown`].
    pub(crate) fn write<T>(
        &self,
        action: &'static str,
        statements: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        let mut connection = self
            .writers
            .get()
            .map_err(|error| self.failed(action, error.into()).not_committed())?;
        statements(&mut connection)
            .map_err(|error| self.failed(action, error.into()).into_write_error())
    }

    fn failed(&self, action: &'static str, source: Cause) -> Failure {
        failed(self.database.clone(), action, source)
    }
}

impl ReadsThrough for PostgresStore {
    fn queries(&self) -> Result<&dyn WholeLedger, StoreError> {
        Ok(&self.readers)
    }
}

impl LedgerSnapshots for PostgresStore {
    fn snapshot(&self, usage: SnapshotUse) -> Result<Box<dyn WholeLedger>, StoreError> {
        let connection = match usage {
            SnapshotUse::Page => self.readers.connection()?,
            SnapshotUse::WholeLedger => {
                let connection = self.options.connect_for_whole_ledger();
                let connection = connection.map_err(|source| {
                    let action = "connect for a snapshot";
                    self.failed(action, source).not_committed()
                })?;
                Box::new(Box::new(connection))
            }
        };
        let snapshot = Readers::snapshot(connection, self.database.clone())?;
        Ok(Box::new(snapshot))
    }
}
