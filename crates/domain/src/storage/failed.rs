//! A failed action, and what it means for the writes.

use std::error::Error;
use std::sync::Arc;

use crate::ports::StoreError;

/// A failed action, for the operator's log.
#[derive(Debug, thiserror::Error)]
#[error("{database}: could not {action}")]
pub struct Failed {
    /// The database, without a password.
    pub database: String,
    /// The action that failed.
    pub action: &'static str,
    /// What its failure means.
    pub failure: Failure,
    /// The error of the database, its driver or the pool.
    #[source]
    pub source: Cause,
}

/// The error of a database, its driver or the pool.
pub type Cause = Box<dyn Error + Send + Sync>;

/// What to do about a failed statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
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

impl Failed {
    /// For a failure that wrote nothing. Whether the same may succeed later depends on the error.
    #[must_use]
    pub fn not_committed(self) -> StoreError {
        match self.failure {
            Failure::Refusal => StoreError::Refused(Arc::new(self)),
            Failure::TooSlow => StoreError::TooSlow(Arc::new(self)),
            Failure::Conflict
            | Failure::Busy
            | Failure::IdTaken
            | Failure::Connection
            | Failure::Timeout
            | Failure::Machine => StoreError::Unavailable(Arc::new(self)),
        }
    }

    /// For a write whose commit may have been sent.
    #[must_use]
    pub fn into_write_error(self) -> StoreError {
        match self.failure {
            Failure::Connection => StoreError::OutcomeUnknown(Arc::new(self)),
            _ => self.not_committed(),
        }
    }

    /// For a batch that has used all its attempts. The cause may concern only one of its commands.
    /// A lock of the whole database, or the machine, is in the way of all of them.
    #[must_use]
    pub fn attempts_exhausted(self) -> StoreError {
        match self.failure {
            Failure::Conflict | Failure::IdTaken | Failure::Timeout => {
                StoreError::Contended(Arc::new(self))
            }
            _ => self.not_committed(),
        }
    }
}
