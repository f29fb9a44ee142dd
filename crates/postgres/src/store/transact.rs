//! How a batch is read, decided and written, and when it is tried again.
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

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use wallet_domain::{
    ChainEnd, Decision, Lane, LedgerStore, Outcome, ReadSet, Snapshot, StoreError,
};

use super::PostgresStore;
use super::write::{fits_one_statement, write_rows};
use crate::error::{Failure, classify};
use crate::{chain, statements};

/// How often a batch is tried where another transaction or a lost connection was in the way.
const ATTEMPTS: u32 = 5;

/// How many batches lock their accounts first after one met another writer: an attempt in vain costs about
/// ten times what locks cost, and leaves dead rows behind.
const LOCK_AFTER_CONFLICT: u32 = 100;

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
                    .not_committed()
            })?;
            let Aborted { step, error, lane } = match self.attempt(&mut writer, lock, reads, decide)
            {
                Ok(outcomes) => return Ok(outcomes),
                Err(aborted) => aborted,
            };
            let failure = classify(&error);
            let session_lives = failure != Failure::Connection && roll_back(&mut writer).is_ok();
            if !session_lives {
                // The pool throws a connection away that is marked so; the next one is made anew.
                AnsiTransactionManager::transaction_manager_status_mut(&mut *writer).set_in_error();
            }
            drop(writer);
            // Where it is not certain what the lane ends with, or that it is this writer's alone, another one is taken.
            // Links that are copied come with their lanes, and there is no other one for them.
            let lane_is_taken = lane.is_some() && session_lives && chain::is_lane_conflict(&error);
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
                Failure::Conflict | Failure::IdTaken | Failure::Connection
            );
            if !passes || attempt == ATTEMPTS {
                return Err(failed.attempts_exhausted());
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

impl PostgresStore {
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
        if lock == Lock::Nothing && fits_one_statement(&writes) {
            let record = || statements::batch_write(connection, &writes, links);
            let recorded = traced("write and commit", || self.commits.timed(record));
            recorded.map_err(aborted_in(WRITE_AND_COMMIT, lane))?;
        } else {
            if lock == Lock::Nothing {
                connection
                    .batch_execute("BEGIN")
                    .map_err(aborted_in(WRITE, lane))?;
            }
            let stored = traced("write", || write_rows(connection, &writes, links));
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
}

/// What an attempt does before it reads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lock {
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
