//! Reads, decides, writes and retries a batch.
//!
//! A batch is first tried without locks, in two round trips whatever its size (see
//! [`crate::statements`]):
//!
//! 1. Read everything that the batch needs, in one statement, which is one snapshot.
//! 2. Decide, and if there is something to write, write everything in one statement, which is its
//!    own transaction.
//!
//! A refusal writes nothing, so it is correct only because step 1 is one snapshot. A write is safe
//! because versions are dense: every change to an account, of money, holds or rules, inserts the
//! part with the next version, and `(account_id, version)` is the primary key. If another writer
//! changes an account after step 1, or commits one of our ids, rate versions or external ids, step
//! 2 violates a unique key and writes nothing. We then lock the accounts in id order, read
//! everything and decide again, so that no other writer can be first a second time. Conflicts come
//! in bursts, so the next [`LOCK_AFTER_CONFLICT`] batches also lock first.
//!
//! With locks, or if one statement is not enough, the steps run between `BEGIN` and `COMMIT`. A
//! failure before the last step has changed nothing, and the batch is retried if that can help. A
//! failure of the last step leaves the outcome unknown, unless the session is alive: then the
//! server itself has reported the rollback.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::result::Error;
use wallet_domain::storage::{Aborted, FailureKind, Step};
use wallet_domain::{Decision, Lane, LedgerStore, Outcome, ReadSet, Snapshot, StoreError};

use super::PostgresStore;
use super::write::{fits_one_statement, write_rows};
use crate::error::classify;
use crate::{chain, statements};

/// How often a batch is tried when another transaction or a lost connection is in the way.
const ATTEMPTS: u32 = 5;

/// How many batches lock their accounts first after a conflict. A failed attempt costs about ten
/// times as much as the locks, and leaves dead rows behind.
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
            let session_lives =
                failure != FailureKind::Connection && roll_back(&mut writer).is_ok();
            if !session_lives {
                // The pool discards a connection with this mark and opens a new one.
                AnsiTransactionManager::transaction_manager_status_mut(&mut *writer).set_in_error();
            }
            drop(writer);
            // If the end of the lane is uncertain, or another process may continue it, the next
            // attempt takes another lane. Copied links come with their own lanes, for which there
            // is no substitute.
            let lane_is_taken = lane.is_some() && session_lives && chain::is_lane_conflict(&error);
            let keeps_lane = failure != FailureKind::Connection && session_lives && !lane_is_taken;
            if let Some(lane) = lane.filter(|_| keeps_lane) {
                self.lanes.give_back(lane);
            }
            let failed = self.failed(step.action, error.into());
            if step.commits && !session_lives {
                return Err(StoreError::OutcomeUnknown(Arc::new(failed)));
            }
            if lane_is_taken {
                // The conflict is not about the content of the batch, so it does not count as an
                // attempt. This cannot repeat for ever: the lane is forgotten, and when no idle
                // lane is left, a new one begins.
                tracing::debug!("another replica continues the same lane; taking another one");
                self.retries.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            let is_transient = matches!(
                failure,
                FailureKind::Conflict | FailureKind::IdTaken | FailureKind::Connection
            );
            if !is_transient || attempt == ATTEMPTS {
                return Err(failed.attempts_exhausted());
            }
            tracing::debug!(attempt, action = step.action, ?failure, "deciding again");
            if failure != FailureKind::Connection {
                self.batches_to_lock
                    .store(LOCK_AFTER_CONFLICT, Ordering::Relaxed);
            }
            if lock == Lock::Accounts || failure == FailureKind::Connection {
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
    ) -> Result<Vec<Outcome>, Aborted<Error>> {
        if lock == Lock::Accounts {
            connection
                .batch_execute("BEGIN")
                .map_err(Step::BEGIN.aborted(None))?;
        }
        let snapshot = traced("read", || self.load(connection, lock, reads));
        let snapshot = snapshot.map_err(Step::READ.aborted(None))?;
        let Decision { outcomes, writes } = traced("decide", || decide(snapshot));
        if writes.is_empty() {
            if lock == Lock::Accounts {
                // The locks go either way, but a COMMIT would flush a log record for nothing but
                // the locks.
                roll_back(connection).map_err(Step::READ.aborted(None))?;
            }
            return Ok(outcomes);
        }
        let copied = writes.links.as_deref();
        let lane = copied.is_none().then(|| self.lanes.take(Lane::new_v4));
        let link = lane.map(|lane| lane.append(&writes));
        let links = link.as_ref().map(std::slice::from_ref);
        let links = links.or(copied).unwrap_or_default();
        if lock == Lock::Nothing && fits_one_statement(&writes) {
            let write = || statements::batch_write(connection, &writes, links);
            let written = traced("write and commit", || {
                self.commits.timed(Instant::now, write)
            });
            written.map_err(Step::WRITE_AND_COMMIT.aborted(lane))?;
        } else {
            if lock == Lock::Nothing {
                connection
                    .batch_execute("BEGIN")
                    .map_err(Step::BEGIN.aborted(lane))?;
            }
            let stored = traced("write", || write_rows(connection, &writes, links));
            stored.map_err(Step::WRITE.aborted(lane))?;
            let commit = || connection.batch_execute("COMMIT");
            let committed = traced("commit", || self.commits.timed(Instant::now, commit));
            committed.map_err(Step::COMMIT.aborted(lane))?;
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

/// What an attempt locks before it reads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lock {
    Nothing,
    Accounts,
}

fn roll_back(connection: &mut PgConnection) -> QueryResult<()> {
    connection.batch_execute("ROLLBACK")
}

/// Runs a step of a batch in a span of the trace, if there is one.
fn traced<T>(name: &'static str, work: impl FnOnce() -> T) -> T {
    tracing::info_span!(target: "trace", "step", otel.name = name).in_scope(work)
}

/// Sleeps for a moment that grows with each attempt, with jitter, so that writers of the same
/// conflict wake up at different times.
fn pause(attempt: u32) {
    let clock = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let jitter = clock.subsec_nanos() % 2_000;
    sleep(Duration::from_micros(u64::from(
        1_000 * attempt * attempt + jitter,
    )));
}
