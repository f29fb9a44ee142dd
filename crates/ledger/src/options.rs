//! How a ledger is opened, and how much it takes at a time.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use wallet_batcher::Limits;

use crate::Database;

/// How to open and run a ledger. Start from [`Default`] and set the fields that differ.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LedgerOptions {
    /// How often PostgreSQL is tried at the start. An embedded file is tried once.
    pub retry: Retry,
    /// The connections that read, at least three; 8 by default.
    pub readers: NonZeroUsize,
    /// The threads that write, each with a connection of its own. `None`, the default:
    /// [`Database::default_writers`]. An embedded file has one writer in any case.
    pub writers: Option<NonZeroUsize>,
    /// The folder for the copy that a [`LedgerSnapshot`](crate::LedgerSnapshot) of an embedded file
    /// makes; it takes as much space as the ledger. `None`, the default: the folder of the file.
    pub temp_dir: Option<PathBuf>,
    /// Creates an embedded file that is missing, and its folder. On by default. Turn it off where
    /// a ledger must exist, so that a wrong path is an error and not a new, empty ledger.
    pub create: bool,
    /// Migrates PostgreSQL before it is opened. An embedded file always migrates itself. Off by
    /// default.
    pub auto_migrate: bool,
    /// Opens a database that does not flush to disk what it has committed: a power cut may then
    /// lose transfers that were answered OK. Off by default.
    pub allow_unsafe_durability: bool,
    /// The single writes that may wait, by weight (the transfers that they may write); 4,096 by
    /// default. The ledger rejects more of them at once.
    pub queue_max: usize,
    /// How long a single write may wait, about; 100 ms by default. The ledger rejects what its
    /// writers cannot finish in that time.
    pub queue_wait_max: Duration,
    /// The weight of one transaction, 1 to [`BATCH_MAX`](crate::BATCH_MAX); 2,000 by default.
    pub batch_max: usize,
}

impl Default for LedgerOptions {
    fn default() -> Self {
        let limits = Limits::default();
        Self {
            retry: Retry::default(),
            readers: NonZeroUsize::MIN.saturating_add(7),
            writers: None,
            temp_dir: None,
            create: true,
            auto_migrate: false,
            allow_unsafe_durability: false,
            queue_max: limits.queue_max,
            queue_wait_max: limits.wait_max,
            batch_max: limits.batch_max,
        }
    }
}

impl LedgerOptions {
    /// The threads that write to a ledger there.
    pub(crate) fn writers(&self, database: &Database) -> NonZeroUsize {
        let default = database.default_writers();
        match database {
            Database::Sqlite(_) => default,
            Database::Postgres(_) => self.writers.unwrap_or(default),
        }
    }

    /// What the queue of a ledger there takes.
    pub(crate) fn limits(&self, database: &Database) -> Limits {
        let mut limits = Limits::new(self.writers(database).get());
        limits.queue_max = self.queue_max;
        limits.wait_max = self.queue_wait_max;
        limits.batch_max = self.batch_max;
        limits
    }
}

/// How often a server is tried that does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retry {
    /// The number of attempts, 10 by default; 0 counts as 1.
    pub attempts: u32,
    /// The pause between two attempts, 2 s by default.
    pub pause: Duration,
}

impl Retry {
    /// This number of attempts, with this pause between two of them.
    #[must_use]
    pub const fn new(attempts: u32, pause: Duration) -> Self {
        Self { attempts, pause }
    }
}

impl Default for Retry {
    fn default() -> Self {
        Self::new(10, Duration::from_secs(2))
    }
}
