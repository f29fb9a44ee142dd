//! The write side: one transaction for each batch, safe beside other writers on other machines.
//!
//! A batch is first tried without locks, in two round trips whatever its size (see
//! [`crate::statements`]):
//!
//! 1. read everything that the batch needs, in one statement, which is one snapshot
//! 2. the decision; and only if it writes: everything in one statement, which is a transaction of its own
//!
//! A refusal writes nothing, so it is right only because of 1: it rests on one moment. A write is safe because
//! versions are dense: every change to an account, be it of money, of holds or of rules, inserts the part with
//! the next version, and `(account_id, version)` is the parts' primary key. If another writer changes an
//! account after 1, or commits one of our ids, a version of a rate or an external id, step 2 violates a unique
//! key and writes nothing. The batch is then decided again, with the accounts locked in id order before
//! everything is read, so that no other writer can be first again; and since conflicts come in groups, so are
//! the next [`LOCK_AFTER_CONFLICT`] batches.
//!
//! With locks, or where one statement is not enough, it is `BEGIN`, the same steps, and `COMMIT`. What fails before the
//! last step has changed nothing and is tried again where that can help. What fails in the last step is
//! unknown, unless the session lives: then the server itself has answered that it rolled back.

mod load;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, RwLock};
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use wallet_domain::{
    ChainEnd, ChainLink, Currency, CurrencyCode, Decision, Lane, Lanes, LedgerSnapshots,
    LedgerStore, Outcome, ReadSet, ReadsThrough, Snapshot, SnapshotUse, StoreError, WholeLedger,
    WriteSet,
};

use crate::commits::Commits;
use crate::connect::{PgPool, PostgresOptions};
use crate::error::{Cause, ConnectError, Failed, Failure, judge};
use crate::migrate::{check_schema, has_all};
use crate::readers::Readers;
use crate::{chain, rare, statements};

/// How often a batch is tried where another transaction or a lost connection was in the way.
const ATTEMPTS: u32 = 5;

/// How many batches lock their accounts first after one met another writer: an attempt in vain costs about
/// ten times what locks cost, and leaves dead rows behind.
const LOCK_AFTER_CONFLICT: u32 = 100;

/// A ledger in a PostgreSQL database.
///
/// Share it by reference; as many callers write at a time as there are connections to write with.
pub struct PostgresStore {
    writers: PgPool,
    readers: Readers,
    options: PostgresOptions,
    // A currency neither changes nor disappears once it is there.
    currencies: RwLock<HashMap<CurrencyCode, Currency>>,
    /// How many of the batches to come shall lock; a hint, so an update that is lost does not matter.
    batches_to_lock: AtomicU32,
    retries: AtomicU64,
    commits: Commits,
    lanes: Lanes,
    database: String,
}

impl PostgresStore {
    /// Connects, once, to a database whose schema is up to date.
    ///
    /// # Errors
    /// [`ConnectError`], which names the database and says what to do.
    pub fn connect(options: &PostgresOptions) -> Result<Self, ConnectError> {
        let mut connection = options.connect()?;
        options.check_durability(&mut connection)?;
        check_schema(options, &mut connection)?;
        let mut ends = chain::ends_left(&mut connection)
            .map_err(|error| options.failed("read the ends of the chain", error))?;
        // Replicas that start together find the same ends; they shall not try them in the same order.
        ends.sort_by_cached_key(|_| Lane::new_v4());
        Ok(Self {
            writers: options.writer_pool()?,
            readers: Readers::new(options)?,
            options: options.clone(),
            currencies: RwLock::default(),
            batches_to_lock: AtomicU32::new(0),
            retries: AtomicU64::new(0),
            commits: Commits::default(),
            lanes: Lanes::new(ends),
            database: options.database(),
        })
    }

    /// How often a batch was decided again, because another writer or a lost connection was in the way.
    #[must_use]
    pub fn retries(&self) -> u64 {
        self.retries.load(Ordering::Relaxed)
    }

    /// Whether no migration is missing, as when somebody took one back. Newer ones may be there: a release leaves the one
    /// before it working.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Refused`].
    pub fn schema_has_all(&self) -> Result<bool, StoreError> {
        self.look_up("list the migrations that were applied", has_all)
    }

    /// How many batches were committed, and the time of all statements that did so. Usually that is the one which
    /// writes, too.
    #[must_use]
    pub fn commits(&self) -> (u64, Duration) {
        self.commits.so_far()
    }

    /// How many connections for reading are in use.
    #[must_use]
    pub fn readers_in_use(&self) -> u32 {
        self.readers.in_use()
    }

    /// Runs the statements of a list, which may take long, and are ended if they take too long.
    pub(crate) fn read<T>(
        &self,
        action: &'static str,
        statements: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        self.readers.read(action, statements)
    }

    /// Runs statements that read single rows by their keys, and wait for no list.
    pub(crate) fn look_up<T>(
        &self,
        action: &'static str,
        statements: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        self.readers.look_up(action, statements)
    }

    /// Runs statements for the service itself, which wait for no caller.
    pub(crate) fn read_for_itself<T>(
        &self,
        action: &'static str,
        statements: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        self.readers.read_for_itself(action, statements)
    }

    /// Runs a write outside of batches: one statement, or one transaction. A connection that is
    /// lost in it is [`StoreError::OutcomeUnknown`].
    pub(crate) fn write<T>(
        &self,
        action: &'static str,
        statements: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        let mut connection = self
            .writers
            .get()
            .map_err(|error| self.failed(action, error.into()).nothing_written())?;
        statements(&mut connection)
            .map_err(|error| self.failed(action, error.into()).into_write_error())
    }

    fn attempt(
        &self,
        connection: &mut PgConnection,
        lock: Lock,
        reads: &ReadSet,
        decide: &dyn Fn(Snapshot) -> Decision,
    ) -> Result<Vec<Outcome>, Aborted> {
        if lock == Lock::Accounts {
            connection
                .batch_execute("BEGIN")
                .map_err(aborted_in(READ, None))?;
        }
        let snapshot = traced("read", || self.load(connection, lock, reads));
        let snapshot = snapshot.map_err(aborted_in(READ, None))?;
        let Decision { outcomes, writes } = traced("decide", || decide(snapshot));
        if writes.is_empty() {
            if lock == Lock::Accounts {
                // The locks go either way, but a COMMIT would flush a log that holds nothing but them.
                roll_back(connection).map_err(aborted_in(READ, None))?;
            }
            return Ok(outcomes);
        }
        let copied = writes.links.as_deref();
        let lane = copied.is_none().then(|| self.lanes.take(Lane::new_v4));
        let link = lane.map(|lane| lane.append(&writes));
        let links = link.as_ref().map(std::slice::from_ref);
        let links = links.or(copied).unwrap_or_default();
        if lock == Lock::Nothing && is_one_statement(&writes) {
            let record = || statements::record(connection, &writes, links);
            let recorded = traced("write and commit", || self.commits.timed(record));
            recorded.map_err(aborted_in(WRITE_AND_COMMIT, lane))?;
        } else {
            if lock == Lock::Nothing {
                connection
                    .batch_execute("BEGIN")
                    .map_err(aborted_in(WRITE, lane))?;
            }
            let stored = traced("write", || store(connection, &writes, links));
            stored.map_err(aborted_in(WRITE, lane))?;
            let commit = || connection.batch_execute("COMMIT");
            let committed = traced("commit", || self.commits.timed(commit));
            committed.map_err(aborted_in(COMMIT, lane))?;
        }
        if let Some(link) = link {
            self.lanes.give_back(link.end());
        }
        Ok(outcomes)
    }

    /// Whether the next attempt locks.
    fn next_lock(&self) -> Lock {
        let left = self.batches_to_lock.load(Ordering::Relaxed);
        if left == 0 {
            return Lock::Nothing;
        }
        self.batches_to_lock.store(left - 1, Ordering::Relaxed);
        Lock::Accounts
    }

    fn failed(&self, action: &'static str, source: Cause) -> Failed {
        Failed {
            database: self.database.clone(),
            action,
            source,
        }
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
                    self.failed(action, source).nothing_written()
                })?;
                Box::new(Box::new(connection))
            }
        };
        let snapshot = Readers::snapshot(connection, self.database.clone())?;
        Ok(Box::new(snapshot))
    }
}

impl LedgerStore for PostgresStore {
    fn transact(
        &self,
        reads: &ReadSet,
        decide: &dyn Fn(Snapshot) -> Decision,
    ) -> Result<Vec<Outcome>, StoreError> {
        let next_lock = || match reads.lock_accounts {
            true => Lock::Accounts,
            false => self.next_lock(),
        };
        let mut lock = next_lock();
        let mut attempt = 1;
        loop {
            let mut writer = self.writers.get().map_err(|error| {
                self.failed("get a connection that writes", error.into())
                    .nothing_written()
            })?;
            let Aborted { step, error, lane } = match self.attempt(&mut writer, lock, reads, decide)
            {
                Ok(outcomes) => return Ok(outcomes),
                Err(aborted) => aborted,
            };
            let failure = judge(&error);
            let session_lives = failure != Failure::Connection && roll_back(&mut writer).is_ok();
            if !session_lives {
                // The pool throws a connection away that is marked so; the next one is made anew.
                AnsiTransactionManager::transaction_manager_status_mut(&mut *writer).set_in_error();
            }
            drop(writer);
            // Where it is not certain what the lane ends with, or that it is this writer's alone, another one is taken.
            // Links that are copied come with their lanes, and there is no other one for them.
            let lane_is_taken =
                lane.is_some() && session_lives && chain::is_continued_elsewhere(&error);
            let keeps_lane = failure != Failure::Connection && session_lives && !lane_is_taken;
            if let Some(lane) = lane.filter(|_| keeps_lane) {
                self.lanes.give_back(lane);
            }
            let failed = self.failed(step.action, error.into());
            if step.commits && !session_lives {
                return Err(StoreError::OutcomeUnknown(Arc::new(failed)));
            }
            if lane_is_taken {
                // Nothing that the batch is about is in dispute, so this is not one of its attempts. It ends: the
                // lane is forgotten, and once no idle one is left, a new one is begun.
                tracing::debug!("another replica continues the same lane; taking another one");
                self.retries.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            let passes = matches!(
                failure,
                Failure::Conflict | Failure::Taken | Failure::Connection
            );
            if !passes || attempt == ATTEMPTS {
                return Err(failed.not_committed());
            }
            tracing::debug!(attempt, action = step.action, ?failure, "deciding again");
            if failure != Failure::Connection {
                self.batches_to_lock
                    .store(LOCK_AFTER_CONFLICT, Ordering::Relaxed);
            }
            if lock == Lock::Accounts || failure == Failure::Connection {
                pause(attempt);
            }
            lock = next_lock();
            attempt += 1;
            self.retries.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// What an attempt does before it reads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lock {
    Nothing,
    Accounts,
}

/// Why an attempt ended, and in which step.
struct Aborted {
    step: Step,
    error: diesel::result::Error,
    /// The end of the lane that the batch was to continue.
    lane: Option<ChainEnd>,
}

#[derive(Clone, Copy)]
struct Step {
    /// In words, for the log.
    action: &'static str,
    /// Whether it leaves something behind where it succeeds.
    commits: bool,
}

const READ: Step = Step {
    action: "read what a batch needs",
    commits: false,
};
const WRITE: Step = Step {
    action: "write a batch",
    commits: false,
};
const COMMIT: Step = Step {
    action: "commit a batch",
    commits: true,
};
const WRITE_AND_COMMIT: Step = Step {
    action: "write a batch and commit it",
    commits: true,
};

fn aborted_in(step: Step, lane: Option<ChainEnd>) -> impl FnOnce(diesel::result::Error) -> Aborted {
    move |error| Aborted { step, error, lane }
}

/// Whether [`statements::record`] stores all of it.
fn is_one_statement(writes: &WriteSet) -> bool {
    let WriteSet {
        currencies,
        accounts_opened,
        accounts_changed: _,
        metadata_changed,
        transfers,
        reversed,
        holds: _,
        rates,
        quotes_made,
        quotes_used,
        spendings,
        operator_actions,
        links: _,
    } = writes;
    currencies.is_empty()
        && rates.is_empty()
        && quotes_made.is_empty()
        && quotes_used.is_empty()
        && spendings.is_empty()
        && operator_actions.is_empty()
        && !writes.changes_velocity_limits()
        && accounts_opened.is_empty()
        && metadata_changed.is_empty()
        && reversed.is_empty()
        && !transfers.iter().any(rare::has_metadata)
}

fn store(connection: &mut PgConnection, writes: &WriteSet, links: &[ChainLink]) -> QueryResult<()> {
    if !writes.currencies.is_empty() {
        rare::insert_currencies(connection, &writes.currencies)?;
    }
    if !writes.accounts_opened.is_empty() {
        statements::insert_accounts(connection, &writes.accounts_opened)?;
    }
    statements::record(connection, writes, links)?;
    if writes.changes_velocity_limits() {
        rare::update_velocity_limits(connection, writes)?;
    }
    if !writes.spendings.is_empty() {
        rare::insert_spendings(connection, &writes.spendings)?;
    }
    if !writes.rates.is_empty() {
        rare::insert_rates(connection, &writes.rates)?;
    }
    if !writes.quotes_made.is_empty() {
        rare::insert_quotes(connection, &writes.quotes_made)?;
    }
    if !writes.quotes_used.is_empty() {
        rare::use_quotes(connection, &writes.quotes_used)?;
    }
    if !writes.metadata_changed.is_empty() {
        rare::update_metadata(connection, &writes.metadata_changed)?;
    }
    if !writes.operator_actions.is_empty() {
        rare::insert_operator_actions(connection, &writes.operator_actions)?;
    }
    if !writes.reversed.is_empty() {
        rare::update_reversed(connection, &writes.reversed)?;
    }
    if writes.transfers.iter().any(rare::has_metadata) {
        rare::insert_transfer_metadata(connection, &writes.transfers)?;
    }
    Ok(())
}

fn roll_back(connection: &mut PgConnection) -> QueryResult<()> {
    connection.batch_execute("ROLLBACK")
}

/// Does a step of a batch, as a span of the trace if there is one.
fn traced<T>(name: &'static str, work: impl FnOnce() -> T) -> T {
    tracing::info_span!(target: "trace", "step", otel.name = name).in_scope(work)
}

/// Waits a moment, longer with each attempt, and not as long as others who met the same conflict.
fn pause(attempt: u32) {
    let clock = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let jitter = clock.subsec_nanos() % 2_000;
    sleep(Duration::from_micros(u64::from(
        1_000 * attempt * attempt + jitter,
    )));
}
