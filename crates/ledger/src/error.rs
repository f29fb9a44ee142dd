//! Why a ledger was not opened, or not closed in time.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use wallet_domain::StoreError;
use wallet_postgres::ConnectError;
use wallet_sqlite::SnapshotError;

use crate::{ParseDatabaseError, PostgresUrl};

/// Why a ledger cannot be used. Messages name the ledger, never its password, and say what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The text names no ledger.
    #[error(transparent)]
    Parse(#[from] ParseDatabaseError),
    /// There is no embedded file, and [`LedgerOptions::create`] is off.
    ///
    /// [`LedgerOptions::create`]: crate::LedgerOptions::create
    #[error("{}: no such ledger file; check the path", .0.display())]
    NoLedger(PathBuf),
    /// The embedded file cannot be used.
    #[error(transparent)]
    File(wallet_sqlite::OpenError),
    /// The embedded file cannot be read as of one moment.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// PostgreSQL rejects the connection, or the schema is not the one of this version.
    #[error(transparent)]
    Server(ConnectError),
    /// The database does not keep what it commits: a power cut could lose transfers that were
    /// answered OK. [`LedgerOptions::allow_unsafe_durability`] opens it all the same.
    ///
    /// [`LedgerOptions::allow_unsafe_durability`]: crate::LedgerOptions::allow_unsafe_durability
    #[error(transparent)]
    UnsafeDurability(Box<dyn Error + Send + Sync>),
    /// PostgreSQL does not answer.
    #[error(
        "no PostgreSQL at \"{url}\" after {attempts} attempt{}",
        if *attempts == 1 { "" } else { "s" }
    )]
    Unreachable {
        /// What was tried; it prints without its password.
        url: PostgresUrl,
        /// How often.
        attempts: u32,
        /// The answer to the last attempt.
        source: ConnectError,
    },
    /// The database was opened, and then could not be read.
    #[error("{place}: {action}")]
    Unreadable {
        /// The ledger.
        place: String,
        /// What could not be read.
        action: &'static str,
        /// What the store said.
        source: StoreError,
    },
    /// The system gives no thread for a writer.
    #[error("the threads that write could not be started")]
    Threads(#[source] io::Error),
}

impl From<wallet_sqlite::OpenError> for OpenError {
    fn from(error: wallet_sqlite::OpenError) -> Self {
        match error {
            error @ wallet_sqlite::OpenError::UnsafeDurability { .. } => {
                Self::UnsafeDurability(Box::new(error))
            }
            wallet_sqlite::OpenError::NoLedger(path) => Self::NoLedger(path),
            error => Self::File(error),
        }
    }
}

impl From<ConnectError> for OpenError {
    fn from(error: ConnectError) -> Self {
        match error {
            error @ ConnectError::UnsafeDurability { .. } => {
                Self::UnsafeDurability(Box::new(error))
            }
            error => Self::Server(error),
        }
    }
}

/// Why a ledger did not end well. What it did not answer was perhaps written: repeat it with the
/// same ids.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CloseError {
    /// The deadline passed before all that was queued was written. Nothing of it was answered.
    #[error("the deadline passed before all that was queued was written")]
    TimedOut,
    /// A defect: a part of the ledger panicked.
    #[error("closing the ledger panicked: {0}")]
    Panicked(String),
}
