//! The write side: one transaction for each batch, one writer at a time.
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

use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, Pool};
use wallet_domain::storage::{Cause, Commits, CurrencyCache, Failure};
use wallet_domain::{Lanes, LedgerSnapshots, ReadsThrough, SnapshotUse, StoreError, WholeLedger};

use crate::checkpoint::Checkpointer;
use crate::connect::{Database, WriterSession, pool};
use crate::error::{OpenError, failed, failed_write};
use crate::migrate::migrate;
use crate::options::SqliteOptions;
use crate::readers::Readers;
use crate::{chain, snapshot_file};

/// How long a writer waits for the connection that writes.
const WRITER_WAIT: Duration = Duration::from_secs(5);

/// A ledger in one SQLite file.
///
/// Share it by reference; callers queue. Dropping it closes the file and releases the lock.
pub struct SqliteStore {
    // Fields are dropped in this order: connections first, the lock last.
    checkpointer: Checkpointer,
    pub(crate) readers: Readers,
    writer: Pool<ConnectionManager<SqliteConnection>>,
    currencies: CurrencyCache,
    commits: Commits,
    lanes: Lanes,
    temp_dir: Option<PathBuf>,
    database: Database,
}

impl SqliteStore {
    /// Opens the file, creates it if it is missing, and migrates its schema.
    ///
    /// # Errors
    /// [`OpenError`], which names the file and says what to do.
    pub fn open(options: &SqliteOptions) -> Result<Self, OpenError> {
        let database = Database::claim(&options.path, options.create)?;
        snapshot_file::remove_stale(&database.path, options.temp_dir.as_deref());
        let mut connection = database.connect()?;
        database.prepare(&mut connection, options.allow_unsafe_durability)?;
        migrate(&mut connection, &database.path)?;
        // No other process can write to the file, so this store can continue any lane.
        let ends = chain::ends(&mut connection)
            .map_err(|error| database.failed("read the end of the chain", error.into()))?;
        let writing = WriterSession {
            allow_unsafe_durability: options.allow_unsafe_durability,
        };
        let writer = pool(1, WRITER_WAIT)
            .connection_customizer(Box::new(writing))
            .build(database.connections())
            .map_err(|error| database.failed("open the connection that writes", error.into()))?;
        let readers = Readers::new(&database, options.readers)
            .map_err(|error| database.failed("open the connections that read", error.into()))?;
        // The first connection is set up like the writer's, so it may checkpoint as durably.
        let checkpointer = Checkpointer::start(connection)
            .map_err(|error| database.failed("start the thread for checkpoints", error.into()))?;
        Ok(Self {
            checkpointer,
            readers,
            writer,
            currencies: CurrencyCache::default(),
            commits: Commits::default(),
            lanes: Lanes::new(ends),
            temp_dir: options.temp_dir.clone(),
            database,
        })
    }

    /// The number of committed batches, and the total time of their commits.
    #[must_use]
    pub fn commits(&self) -> (u64, Duration) {
        self.commits.so_far()
    }

    /// The number of connections for reading that are in use.
    #[must_use]
    pub fn readers_in_use(&self) -> u32 {
        self.readers.in_use()
    }

    /// The path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.database.path
    }

    /// Runs a write outside of batches: one statement, or one transaction.
    pub(crate) fn write<T>(
        &self,
        action: &'static str,
        statements: impl FnOnce(&mut SqliteConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        let mut connection = self
            .writer
            .get()
            .map_err(|error| self.failed(action, error.into()).not_committed())?;
        statements(&mut connection).map_err(|error| failed_write(self.name(), action, error))
    }

    fn failed(&self, action: &'static str, source: Cause) -> Failure {
        failed(self.name(), action, source)
    }

    fn name(&self) -> String {
        self.database.path.display().to_string()
    }
}

/// Checkpoints the whole log, so that a copy of this one file is a copy of the ledger.
impl Drop for SqliteStore {
    fn drop(&mut self) {
        let emptied = self
            .writer
            .get()
            .map_err(Cause::from)
            .and_then(|mut writer| {
                let emptied = writer.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)");
                emptied.map_err(Cause::from)
            });
        if let Err(error) = emptied {
            let database = self.database.path.display();
            tracing::warn!(%database, %error, "the log was not emptied; the next start reads it");
        }
    }
}

impl ReadsThrough for SqliteStore {
    fn queries(&self) -> Result<&dyn WholeLedger, StoreError> {
        Ok(&self.readers)
    }
}

impl LedgerSnapshots for SqliteStore {
    fn snapshot(&self, usage: SnapshotUse) -> Result<Box<dyn WholeLedger>, StoreError> {
        let snapshot = match usage {
            SnapshotUse::Page => {
                let connection = self.readers.connection()?;
                Readers::snapshot(connection, None, self.readers.list_time, self.name())?
            }
            SnapshotUse::WholeLedger => {
                let copied = snapshot_file::open(&self.database.path, self.temp_dir.as_deref());
                copied.map_err(|error| {
                    let failed = self.failed("copy the ledger for a snapshot", error.into());
                    failed.not_committed()
                })?
            }
        };
        Ok(Box::new(snapshot))
    }
}

#[cfg(test)]
mod tests;
