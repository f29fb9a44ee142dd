//! The write side: one transaction for each batch, one writer at a time.
//!
//! `BEGIN IMMEDIATE` takes SQLite's only write lock, so nothing that a transaction reads can change before
//! it commits; that is how accounts are locked here. Callers of [`SqliteStore::transact`] queue for the one
//! connection that writes. Whatever the size of the batch, it is the same few statements (see
//! [`crate::statements`]).

mod load;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::r2d2::{self, ConnectionManager, Pool};
use wallet_domain::{
    Account, AccountId, ChainEnd, ChainLink, Currency, CurrencyCode, Decision, Lane, Lanes,
    LedgerSnapshots, LedgerStore, Outcome, ReadSet, ReadsThrough, Snapshot, SnapshotUse,
    StoreError, Timestamp, WholeLedger, WriteSet,
};

use crate::SqliteOptions;
use crate::checkpoint::Checkpointer;
use crate::commits::Commits;
use crate::connect::{Database, Writing};
use crate::error::{Cause, Failed, Failure, OpenError, commit_is_undone, judge};
use crate::migrate::migrate;
use crate::readers::Readers;
use crate::schema::accounts;
use crate::{chain, copied, rare, statements};

/// How long a writer queues for the connection that writes.
const WRITER_WAIT: Duration = Duration::from_secs(5);

/// How often a batch is tried: twice again where a lock or an id was in the way.
const ATTEMPTS: u32 = 3;

/// How far an account's place in the list of accounts may fall behind; see the migration.
const LISTED_BEHIND_MICROS: i64 = 10_000_000;

/// A ledger in one SQLite file.
///
/// Share it by reference; callers queue. Dropping it closes the file and gives the lock back.
pub struct SqliteStore {
    // In this order they are dropped: connections first, the lock last.
    checkpointer: Checkpointer,
    readers: Readers,
    writer: Pool<ConnectionManager<SqliteConnection>>,
    // A currency neither changes nor disappears once it is there.
    currencies: RwLock<HashMap<CurrencyCode, Currency>>,
    commits: Commits,
    lanes: Lanes,
    temp_dir: Option<PathBuf>,
    database: Database,
}

impl SqliteStore {
    /// Opens the file, makes it where it is missing, and brings its schema up to date.
    ///
    /// # Errors
    /// [`OpenError`], which names the file and what to do.
    pub fn open(options: &SqliteOptions) -> Result<Self, OpenError> {
        let database = Database::claim(&options.path)?;
        copied::remove_left_over(&database.path, options.temp_dir.as_deref());
        let mut connection = database.connect()?;
        database.prepare(&mut connection, options.allow_unsafe_durability)?;
        migrate(&mut connection, &database.path)?;
        // Nobody else can write to the file, so whatever lane there is can be continued.
        let ends = chain::ends(&mut connection)
            .map_err(|error| database.failed("read the end of the chain", error.into()))?;
        let writing = Writing {
            allow_unsafe_durability: options.allow_unsafe_durability,
        };
        let writer = pool(1, WRITER_WAIT)
            .connection_customizer(Box::new(writing))
            .build(database.connections())
            .map_err(|error| database.failed("open the connection that writes", error.into()))?;
        let readers = Readers::open(&database, options.readers)
            .map_err(|error| database.failed("open the connections that read", error.into()))?;
        // The first connection is set up like the writer's, so it may checkpoint as durably.
        let checkpointer = Checkpointer::start(connection)
            .map_err(|error| database.failed("start the thread for checkpoints", error.into()))?;
        Ok(Self {
            checkpointer,
            readers,
            writer,
            currencies: RwLock::default(),
            commits: Commits::default(),
            lanes: Lanes::new(ends),
            temp_dir: options.temp_dir.clone(),
            database,
        })
    }

    /// How many batches were committed, and the time of all commits.
    #[must_use]
    pub fn commits(&self) -> (u64, Duration) {
        self.commits.so_far()
    }

    /// How many connections for reading are in use.
    #[must_use]
    pub fn readers_in_use(&self) -> u32 {
        self.readers.in_use()
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.database.path
    }

    /// Whether no account was ever opened.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Refused`].
    pub fn is_empty(&self) -> Result<bool, StoreError> {
        self.read("look for an account", |connection| {
            let any = accounts::table.select(accounts::created_at).limit(1);
            Ok(any.first::<i64>(connection).optional()?.is_none())
        })
    }

    /// Runs the statements of a list, which may take long, and are ended if they take too long.
    pub(crate) fn read<T>(
        &self,
        action: &'static str,
        statements: impl FnOnce(&mut SqliteConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        self.readers.read(action, statements)
    }

    /// Runs statements that read single rows by their keys, and wait for no list.
    pub(crate) fn look_up<T>(
        &self,
        action: &'static str,
        statements: impl FnOnce(&mut SqliteConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        self.readers.look_up(action, statements)
    }

    /// Runs statements on the connection that writes; each is a transaction of its own.
    pub(crate) fn write<T>(
        &self,
        action: &'static str,
        statements: impl FnOnce(&mut SqliteConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        let failed = |source| self.failed(action, source).nothing_written();
        let mut connection = self.writer.get().map_err(|error| failed(error.into()))?;
        statements(&mut connection).map_err(|error| failed(error.into()))
    }

    fn failed(&self, action: &'static str, source: Cause) -> Failed {
        Failed {
            database: self.database.path.display().to_string(),
            action,
            source,
        }
    }
}

/// Leaves everything in the file itself, so that a copy of the one file is a copy of the ledger.
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

/// Connections to a file do not age, and a file does not hang up: they are kept, with what they have prepared
/// and cached, until one is found to be broken.
pub(crate) fn pool(
    size: u32,
    wait: Duration,
) -> r2d2::Builder<ConnectionManager<SqliteConnection>> {
    Pool::builder()
        .max_size(size)
        .connection_timeout(wait)
        .test_on_check_out(false)
        .idle_timeout(None)
        .max_lifetime(None)
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
                let database = self.database.path.display().to_string();
                let connection = self.readers.connection()?;
                Readers::snapshot(connection, None, self.readers.list_time(), database)?
            }
            SnapshotUse::WholeLedger => {
                let copied = copied::open(&self.database.path, self.temp_dir.as_deref());
                copied.map_err(|error| {
                    let failed = self.failed("copy the ledger for a snapshot", error.into());
                    failed.nothing_written()
                })?
            }
        };
        Ok(Box::new(snapshot))
    }
}

impl LedgerStore for SqliteStore {
    fn transact(
        &self,
        reads: &ReadSet,
        decide: &dyn Fn(Snapshot) -> Decision,
    ) -> Result<Vec<Outcome>, StoreError> {
        let waited = |error: diesel::r2d2::PoolError| {
            self.failed("get the connection that writes", error.into())
                .nothing_written()
        };
        let mut writer = self.writer.get().map_err(waited)?;
        self.checkpointer.finish(&mut writer);
        let mut attempt = 1;
        loop {
            let aborted = match self.attempt(&mut writer, reads, decide) {
                Ok(outcomes) => {
                    self.checkpointer.committed();
                    return Ok(outcomes);
                }
                Err(aborted) => aborted,
            };
            let Aborted {
                action,
                error,
                step,
                lane,
            } = aborted;
            let undone = step == Step::BeforeCommit || commit_is_undone(&error);
            if !undone || roll_back(&mut writer).is_err() {
                // Whatever this connection believes, the next one looks at the file afresh.
                AnsiTransactionManager::transaction_manager_status_mut(&mut *writer).set_in_error();
            }
            let again = undone && matches!(judge(&error), Failure::Busy | Failure::Taken);
            let failed = self.failed(action, error.into());
            // Where it is not known what the lane ends with, a new one is begun.
            if let Some(lane) = lane.filter(|_| undone) {
                self.lanes.give_back(lane);
            }
            if !undone {
                return Err(StoreError::OutcomeUnknown(Arc::new(failed)));
            }
            if !again || attempt == ATTEMPTS {
                return Err(failed.not_committed());
            }
            tracing::debug!(attempt, action, "deciding again");
            attempt += 1;
        }
    }
}

impl SqliteStore {
    fn attempt(
        &self,
        connection: &mut SqliteConnection,
        reads: &ReadSet,
        decide: &dyn Fn(Snapshot) -> Decision,
    ) -> Result<Vec<Outcome>, Aborted> {
        let aborted = |action, step, lane| {
            move |error| Aborted {
                action,
                error,
                step,
                lane,
            }
        };
        connection
            .batch_execute("BEGIN IMMEDIATE")
            .map_err(aborted("begin a transaction", Step::BeforeCommit, None))?;
        let loaded = traced("read", || self.load(connection, reads));
        let (snapshot, listed) =
            loaded.map_err(aborted("read what a batch needs", Step::BeforeCommit, None))?;
        let Decision { outcomes, writes } = traced("decide", || decide(snapshot));
        let appends = !writes.is_empty() && writes.links.is_none();
        let lane = appends.then(|| self.lanes.take(Lane::new_v4));
        let link = lane.map(|lane| lane.append(&writes));
        let stored = traced("write", || {
            store(connection, &writes, &listed)
                .and_then(|()| chain::insert(connection, links(&writes, link.as_ref())))
        });
        stored.map_err(aborted("write a batch", Step::BeforeCommit, lane))?;
        let mut commit = || connection.batch_execute("COMMIT");
        // A batch that writes nothing has nothing to flush.
        let commit = || match writes.is_empty() {
            true => commit(),
            false => self.commits.timed(commit),
        };
        let committed = traced("commit", commit);
        committed.map_err(aborted("commit a batch", Step::Commit, lane))?;
        if let Some(link) = link {
            self.lanes.give_back(link.end());
        }
        Ok(outcomes)
    }
}

/// Does a step of a batch, as a span of the trace if there is one.
fn traced<T>(name: &'static str, work: impl FnOnce() -> T) -> T {
    tracing::info_span!(target: "trace", "step", otel.name = name).in_scope(work)
}

/// Why an attempt ended, and how far it had come.
struct Aborted {
    action: &'static str,
    error: diesel::result::Error,
    step: Step,
    /// The end of the lane that the batch was to continue.
    lane: Option<ChainEnd>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    BeforeCommit,
    Commit,
}

/// The times by which the accounts of a snapshot are listed.
type Listed = HashMap<AccountId, Timestamp>;

/// What is stored of the chain: the link of the batch, or those that come along.
fn links<'a>(writes: &'a WriteSet, link: Option<&'a ChainLink>) -> &'a [ChainLink] {
    let copied = writes.links.as_deref().unwrap_or_default();
    link.map_or(copied, std::slice::from_ref)
}

fn store(connection: &mut SqliteConnection, writes: &WriteSet, listed: &Listed) -> QueryResult<()> {
    rare::insert_currencies(connection, &writes.currencies)?;
    if !writes.accounts_opened.is_empty() {
        statements::insert_accounts(connection, &writes.accounts_opened)?;
        rare::name_accounts(connection, &writes.accounts_opened)?;
    }
    // What changed about accounts is in their parts; only their places in the list may need more.
    let is_behind = |account: &&Account| {
        let listed_at = listed.get(&account.id);
        listed_at.is_none_or(|at| at.plus_micros(LISTED_BEHIND_MICROS) < account.updated_at)
    };
    let mut behind = writes.accounts_changed.iter().filter(is_behind).peekable();
    if behind.peek().is_some() {
        statements::relist_accounts(connection, behind)?;
    }
    if !writes.transfers.is_empty() {
        statements::insert_transfers(connection, &writes.transfers)?;
        statements::insert_transfer_parts(connection, &writes.transfers)?;
        statements::insert_transfer_effects(connection, &writes.transfers)?;
        rare::describe_transfers(connection, &writes.transfers)?;
        rare::update_reversed(connection, &writes.reversed)?;
    }
    if !writes.holds.is_empty() {
        statements::store_holds(connection, &writes.holds)?;
    }
    rare::update_velocity_limits(connection, writes)?;
    rare::insert_spendings(connection, &writes.spendings)?;
    rare::insert_rates(connection, &writes.rates)?;
    rare::insert_quotes(connection, &writes.quotes_made)?;
    rare::use_quotes(connection, &writes.quotes_used)?;
    rare::update_metadata(connection, &writes.metadata_changed)?;
    rare::insert_operator_actions(connection, &writes.operator_actions)?;
    Ok(())
}

/// Ends what is left of a transaction. On some failures SQLite has rolled back by itself already.
fn roll_back(connection: &mut SqliteConnection) -> QueryResult<()> {
    match connection.batch_execute("ROLLBACK") {
        Err(diesel::result::Error::DatabaseError(_, information))
            if information.message() == "cannot rollback - no transaction is active" =>
        {
            Ok(())
        }
        result => result,
    }
}

#[cfg(test)]
mod tests;
