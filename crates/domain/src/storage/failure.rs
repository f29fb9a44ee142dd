//! A failed action, and what it means for the writes.

use std::error::Error;
use std::sync::Arc;

use crate::ports::StoreError;

/// A failed action, for the operator's log.
#[derive(Debug, thiserror::Error)]
#[error("{database}: could not {action}")]
pub struct Failure {
    /// The database, without a password.
    pub database: String,
    /// The action that failed.
    pub action: &'static str,
    /// What its failure means.
    pub kind: FailureKind,
    /// The error of the database, its driver or the pool.
    #[source]
    pub source: Cause,
}

/// The error of a database, its driver or the pool.
pub type Cause = Box<dyn Error + Send + Sync>;

/// What to do about a failed statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// Another transaction was in the way. The same will succeed in a moment.
    Conflict,
    /// Another connection holds the lock of the whole database. The same will succeed in a moment.
    Busy,
    /// An id was taken after the snapshot. Decide again.
    IdTaken,
    /// The connection is gone, or the server is read-only. Take another connection.
    Connection,
    /// A statement, or its wait for a lock, took too long. The statement or the server may have too
    /// much to do.
    Timeout,
    /// The server or the machine is temporarily unable: it ran out of disk, memory or connections,
    /// or a statement was cancelled.
    Machine,
    /// It took longer than a list may.
    TooSlow,
    /// The same would be refused again.
    Refusal,
}

impl Failure {
    /// From an error that `classify` knows, or of the pool: a pool without a connection has one
    /// again later.
    #[must_use]
    pub fn new<E: Error + 'static>(
        database: String,
        action: &'static str,
        source: Cause,
        classify: impl FnOnce(&E) -> FailureKind,
    ) -> Self {
        let kind = source.downcast_ref().map_or(FailureKind::Machine, classify);
        Self {
            database,
            action,
            kind,
            source,
        }
    }

    /// For a failure that wrote nothing. Whether the same may succeed later depends on the error.
    #[must_use]
    pub fn not_committed(self) -> StoreError {
        match self.kind {
            FailureKind::Refusal => StoreError::Refused(Arc::new(self)),
            FailureKind::TooSlow => StoreError::TooSlow(Arc::new(self)),
            FailureKind::Conflict
            | FailureKind::Busy
            | FailureKind::IdTaken
            | FailureKind::Connection
            | FailureKind::Timeout
            | FailureKind::Machine => StoreError::Unavailable(Arc::new(self)),
        }
    }

    /// For a write whose commit may have been sent.
    #[must_use]
    pub fn into_write_error(self) -> StoreError {
        match self.kind {
            FailureKind::Connection => StoreError::OutcomeUnknown(Arc::new(self)),
            _ => self.not_committed(),
        }
    }

    /// For a batch that has used all its attempts. The cause may concern only one of its commands.
    /// A lock of the whole database, or the machine, is in the way of all of them.
    #[must_use]
    pub fn attempts_exhausted(self) -> StoreError {
        match self.kind {
            FailureKind::Conflict | FailureKind::IdTaken | FailureKind::Timeout => {
                StoreError::Contended(Arc::new(self))
            }
            _ => self.not_committed(),
        }
    }
}
