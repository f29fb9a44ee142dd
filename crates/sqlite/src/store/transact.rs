//! Reads, decides, writes and retries a batch.
//!
//! `BEGIN IMMEDIATE` takes SQLite's only write lock, so nothing that a transaction reads can change
//! before it commits. This is how accounts are locked here. Callers of [`SqliteStore::transact`]
//! queue for the one connection that writes. A batch takes the same few statements whatever its
//! size (see [`crate::statements`]).

use std::sync::Arc;
use std::time::Instant;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::result::Error;
use wallet_domain::storage::{Aborted, FailureKind, Step};
use wallet_domain::{
    ChainLink, Decision, Lane, LedgerStore, Outcome, ReadSet, Snapshot, StoreError, WriteSet,
};

use super::SqliteStore;
use super::write::write_rows;
use crate::chain;
use crate::error::{classify, commit_is_undone};

/// How often a batch is tried: two retries if a lock or an id was in the way.
const ATTEMPTS: u32 = 3;

impl LedgerStore for SqliteStore {
    fn transact(
        &self,
        reads: &ReadSet,
        decide: &dyn Fn(Snapshot) -> Decision,
    ) -> Result<Vec<Outcome>, StoreError> {
        let waited = |error: diesel::r2d2::PoolError| {
            self.failed("get the connection that writes", error.into())
                .not_committed()
        };
        let mut writer = self.writer.get().map_err(waited)?;
        self.checkpointer.finish(&mut writer);
        let mut attempt = 1;
        loop {
            let Aborted { step, error, lane } = match self.attempt(&mut writer, reads, decide) {
                Ok(outcomes) => {
                    self.checkpointer.committed();
                    return Ok(outcomes);
                }
                Err(aborted) => aborted,
            };
            let undone = !step.commits || commit_is_undone(&error);
            let is_usable = undone && roll_back(&mut writer).is_ok();
            if !is_usable {
                // The state of this connection is unknown. A new connection reads the file again.
                AnsiTransactionManager::transaction_manager_status_mut(&mut *writer).set_in_error();
            }
            let can_retry =
                is_usable && matches!(classify(&error), FailureKind::Busy | FailureKind::IdTaken);
            let failed = self.failed(step.action, error.into());
            // If the end of the lane is unknown, a new lane begins.
            if let Some(lane) = lane.filter(|_| undone) {
                self.lanes.give_back(lane);
            }
            if !undone {
                return Err(StoreError::OutcomeUnknown(Arc::new(failed)));
            }
            if !can_retry || attempt == ATTEMPTS {
                return Err(failed.attempts_exhausted());
            }
            tracing::debug!(attempt, action = step.action, "deciding again");
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
    ) -> Result<Vec<Outcome>, Aborted<Error>> {
        connection
            .batch_execute("BEGIN IMMEDIATE")
            .map_err(Step::BEGIN.aborted(None))?;
        let loaded = traced("read", || self.load(connection, reads));
        let (snapshot, listed) = loaded.map_err(Step::READ.aborted(None))?;
        let Decision { outcomes, writes } = traced("decide", || decide(snapshot));
        let appends = !writes.is_empty() && writes.links.is_none();
        let lane = appends.then(|| self.lanes.take(Lane::new_v4));
        let link = lane.map(|lane| lane.append(&writes));
        let stored = traced("write", || {
            write_rows(connection, &writes, &listed)
                .and_then(|()| chain::insert(connection, links(&writes, link.as_ref())))
        });
        stored.map_err(Step::WRITE.aborted(lane))?;
        let mut commit = || connection.batch_execute("COMMIT");
        // A batch that writes nothing has nothing to flush.
        let commit = || match writes.is_empty() {
            true => commit(),
            false => self.commits.timed(Instant::now, commit),
        };
        let committed = traced("commit", commit);
        committed.map_err(Step::COMMIT.aborted(lane))?;
        if let Some(link) = link {
            self.lanes.give_back(link.end());
        }
        Ok(outcomes)
    }
}

/// The links to store: the link of the batch, or the links of a copied ledger.
fn links<'a>(writes: &'a WriteSet, link: Option<&'a ChainLink>) -> &'a [ChainLink] {
    let copied = writes.links.as_deref().unwrap_or_default();
    link.map_or(copied, std::slice::from_ref)
}

/// Ends what is left of a transaction. After some failures SQLite has already rolled back.
fn roll_back(connection: &mut SqliteConnection) -> QueryResult<()> {
    match connection.batch_execute("ROLLBACK") {
        Err(Error::DatabaseError(_, information))
            if information.message() == "cannot rollback - no transaction is active" =>
        {
            Ok(())
        }
        result => result,
    }
}

/// Runs a step of a batch in a span of the trace, if there is one.
fn traced<T>(name: &'static str, work: impl FnOnce() -> T) -> T {
    tracing::info_span!(target: "trace", "step", otel.name = name).in_scope(work)
}
