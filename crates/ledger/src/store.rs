//! A store that is open and at rest: no thread writes, nothing expires. Whole-ledger jobs use it,
//! and [`RunningLedger::start`](crate::RunningLedger::start) sets it going.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use wallet_batcher::Limits;
use wallet_domain::{
    AccessKeys, ChainHead, LedgerSnapshots, LedgerStore, SnapshotUse, Verified, VerifyError,
    WholeLedger, WholeStore, verify,
};
use wallet_postgres::{PostgresOptions, PostgresStore};
use wallet_sqlite::{SqliteKeys, SqliteOptions, SqliteStore};

use crate::error::OpenError;
use crate::monitor::StoreMonitor;
use crate::retry::retried;
use crate::{Database, LedgerOptions, PostgresUrl, clock};

/// A ledger's store, behind the domain's ports. It closes when it is dropped.
pub struct OpenStore {
    store: Arc<dyn LedgerStore>,
    queries: Arc<dyn LedgerSnapshots>,
    /// Reads, writes and keys as one port, for copies.
    whole: Arc<dyn WholeStore>,
    keys: Arc<dyn AccessKeys>,
    monitor: Arc<dyn StoreMonitor>,
    place: String,
    is_empty: bool,
    limits: Limits,
}

impl OpenStore {
    /// Opens the store, and sets the [clock](crate::now) of this process by it. Blocks, for as long
    /// as the attempts take.
    ///
    /// # Errors
    /// [`OpenError`], which names the ledger and says what to do.
    pub fn open(database: &Database, options: &LedgerOptions) -> Result<Self, OpenError> {
        let limits = options.limits(database);
        match database {
            Database::Sqlite(path) => {
                let store = SqliteStore::open(&sqlite_options(path, options))?;
                let place = store.path().display().to_string();
                Self::new(Arc::new(store), place, limits)
            }
            Database::Postgres(url) => {
                let postgres = postgres_options(url, options, options.writers(database));
                let store = retried(url, options.retry, || {
                    if options.auto_migrate {
                        let report = wallet_postgres::migrate(&postgres)?;
                        tracing::info!("{}: {report}", postgres.database());
                    }
                    PostgresStore::connect(&postgres)
                })?;
                Self::new(Arc::new(store), postgres.database(), limits)
            }
        }
    }

    fn new<S: WholeStore + LedgerSnapshots + StoreMonitor + 'static>(
        store: Arc<S>,
        place: String,
        limits: Limits,
    ) -> Result<Self, OpenError> {
        let unreadable = |action| {
            let place = place.clone();
            move |source| OpenError::Unreadable {
                place,
                action,
                source,
            }
        };
        let first = store.accounts_least_recently_updated(1);
        let first = first.map_err(unreadable("the accounts cannot be read"))?;
        clock::set(&*store).map_err(unreadable("the time cannot be read"))?;
        Ok(Self {
            store: store.clone(),
            queries: store.clone(),
            whole: store.clone(),
            keys: store.clone(),
            monitor: store,
            place,
            is_empty: first.is_empty(),
            limits,
        })
    }

    /// The port that writes. Its calls block.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn LedgerStore> {
        &self.store
    }

    /// The port that reads. Its calls block.
    #[must_use]
    pub fn queries(&self) -> &Arc<dyn LedgerSnapshots> {
        &self.queries
    }

    /// Everything in the ledger, to read and to write. Its calls block.
    #[must_use]
    pub fn whole(&self) -> &Arc<dyn WholeStore> {
        &self.whole
    }

    /// The access keys that the ledger keeps. Its calls block.
    #[must_use]
    pub fn keys(&self) -> &Arc<dyn AccessKeys> {
        &self.keys
    }

    /// The numbers of the store.
    #[must_use]
    pub fn monitor(&self) -> &Arc<dyn StoreMonitor> {
        &self.monitor
    }

    /// Where the data is, for people; it has no secrets.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Whether there was no account when the store was opened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// Proves the books, as [`LedgerSnapshot::verify`] does, but as they change: stop all writers
    /// first, or take a snapshot. Blocks.
    ///
    /// # Errors
    /// The first contradiction in the books, or why they cannot be read.
    pub fn verify(
        &self,
        published: &ChainHead,
        progress: &mut dyn FnMut(&Verified),
    ) -> Result<Verified, VerifyError> {
        verify(&*self.whole, published, progress)
    }

    /// What the queue takes when the ledger runs.
    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }
}

/// A ledger as of one moment. Another process may have it open, and goes on.
pub struct LedgerSnapshot {
    whole: Box<dyn WholeLedger>,
    place: String,
}

impl LedgerSnapshot {
    /// Takes the snapshot. For an embedded file this makes a copy, which is removed on drop.
    /// Blocks.
    ///
    /// # Errors
    /// [`OpenError`], which names the ledger and says what to do.
    pub fn open(database: &Database, options: &LedgerOptions) -> Result<Self, OpenError> {
        if let Database::Sqlite(path) = database {
            let place = path.canonicalize().unwrap_or_else(|_| path.clone());
            let whole = wallet_sqlite::snapshot(path, options.temp_dir.as_deref())?;
            let place = place.display().to_string();
            return Ok(Self { whole, place });
        }
        let OpenStore { queries, place, .. } = OpenStore::open(database, options)?;
        match queries.snapshot(SnapshotUse::WholeLedger) {
            Ok(whole) => Ok(Self { whole, place }),
            Err(source) => Err(OpenError::Unreadable {
                place,
                action: "no snapshot can be taken",
                source,
            }),
        }
    }

    /// Everything in the ledger. Its calls block.
    #[must_use]
    pub fn whole(&self) -> &dyn WholeLedger {
        &*self.whole
    }

    /// Where the ledger is, for people; it has no secrets.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Proves the books, and that they contain those that ended with the head `published`; the
    /// default head is in any books. Calls `progress` now and then. Blocks.
    ///
    /// # Errors
    /// The first contradiction in the books, or why they cannot be read.
    pub fn verify(
        &self,
        published: &ChainHead,
        progress: &mut dyn FnMut(&Verified),
    ) -> Result<Verified, VerifyError> {
        verify(self.whole(), published, progress)
    }
}

/// Opens the access keys of a ledger, even while another process has the ledger open. Blocks.
///
/// # Errors
/// As [`OpenStore::open`].
pub fn open_keys(
    database: &Database,
    options: &LedgerOptions,
) -> Result<Arc<dyn AccessKeys>, OpenError> {
    if let Database::Sqlite(path) = database {
        match SqliteStore::open(&sqlite_options(path, options)) {
            Err(wallet_sqlite::OpenError::InUse { .. }) => {
                let keys = SqliteKeys::open(path).map_err(OpenError::File)?;
                return Ok(Arc::new(keys));
            }
            opened => return Ok(Arc::new(opened?)),
        }
    }
    Ok(OpenStore::open(database, options)?.keys)
}

/// How the options want an embedded file to be used.
fn sqlite_options(path: &Path, options: &LedgerOptions) -> SqliteOptions {
    let mut wanted = SqliteOptions::new(path);
    wanted.create = options.create;
    wanted.readers = small(options.readers);
    wanted.temp_dir.clone_from(&options.temp_dir);
    wanted.allow_unsafe_durability = options.allow_unsafe_durability;
    wanted
}

/// How the options want PostgreSQL to be used.
pub(crate) fn postgres_options(
    url: &PostgresUrl,
    options: &LedgerOptions,
    writers: NonZeroUsize,
) -> PostgresOptions {
    let mut wanted = PostgresOptions::new(url.expose());
    wanted.writers = small(writers);
    wanted.readers = small(options.readers);
    wanted.allow_unsafe_durability = options.allow_unsafe_durability;
    wanted
}

/// A count that is too large is as good as the largest.
fn small(count: NonZeroUsize) -> u32 {
    u32::try_from(count.get()).unwrap_or(u32::MAX)
}
