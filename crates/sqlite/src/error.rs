//! What a failure of SQLite means for a transaction and for a start of the service.
//!
//! Diesel classifies four kinds of constraint violations, and for the other errors only SQLite's
//! text is left. So texts are matched here and nowhere else. They are constants in SQLite's sources
//! (`sqlite3ErrStr`).

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use diesel::result::{DatabaseErrorKind, Error};
use wallet_domain::StoreError;
use wallet_domain::storage::{Cause, Failure, FailureKind};

use crate::list_time::TIME_IS_UP;

/// Classifies the error of any statement.
pub(crate) fn classify(error: &Error) -> FailureKind {
    let (kind, information) = match error {
        Error::DatabaseError(kind, information) => (kind, information),
        Error::SerializationError(error) if error.to_string() == TIME_IS_UP => {
            return FailureKind::TooSlow;
        }
        _ => return FailureKind::Refusal,
    };
    let message = information.message();
    if message.ends_with(TIME_IS_UP) {
        return FailureKind::TooSlow;
    }
    match kind {
        DatabaseErrorKind::UniqueViolation => FailureKind::IdTaken,
        DatabaseErrorKind::Unknown if BUSY.contains(&message) => FailureKind::Busy,
        DatabaseErrorKind::Unknown if MACHINE.contains(&message) => FailureKind::Machine,
        _ => FailureKind::Refusal,
    }
}

const BUSY: &[&str] = &[
    "database is locked",
    "database table is locked",
    "database schema is locked",
    "locking protocol",
];

const MACHINE: &[&str] = &[
    DISK_FULL,
    "disk I/O error",
    "out of memory",
    "unable to open database file",
    "attempt to write a readonly database",
    "large file support is disabled",
];

const DISK_FULL: &str = "database or disk is full";

/// Whether the disk is full.
pub(crate) fn is_disk_full(error: &Error) -> bool {
    match error {
        Error::DatabaseError(_, information) => information.message() == DISK_FULL,
        _ => false,
    }
}

/// Whether a failed COMMIT certainly committed nothing.
///
/// SQLite writes the frame that makes a transaction valid last, and then syncs. Without a lock or
/// without space, that frame was not written. Any other failure may have come after it, and then it
/// is unknown what the disk returns after a power failure.
pub(crate) fn commit_is_undone(error: &Error) -> bool {
    classify(error) == FailureKind::Busy || is_disk_full(error)
}

/// A failed write that is one transaction. An error of the disk may be one of its COMMIT, and then
/// the write may be there.
pub(crate) fn failed_write(database: String, action: &'static str, error: Error) -> StoreError {
    let may_be_committed = classify(&error) == FailureKind::Machine && !commit_is_undone(&error);
    let failed = failed(database, action, error.into());
    if may_be_committed {
        return StoreError::OutcomeUnknown(Arc::new(failed));
    }
    failed.not_committed()
}

/// A failed action, from the error of the database, Diesel or the pool.
pub(crate) fn failed(database: String, action: &'static str, source: Cause) -> Failure {
    Failure::new(database, action, source, classify)
}

/// Why a store did not open. The message names the file and says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// There is no file, and none may be created.
    #[error("{}: no such ledger file; check the path", .0.display())]
    NoLedger(PathBuf),
    /// The path is not UTF-8, which SQLite requires.
    #[error("{}: the path of a database has to be UTF-8", .0.display())]
    Path(PathBuf),
    /// The folder of the file is missing and could not be created.
    #[error(
        "{}: the folder for the database could not be created; \
         create it, or choose another path",
        folder.display()
    )]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The file, or its lock file, cannot be written.
    #[error(
        "{}: the file could not be opened for writing; \
         check its owner, its permissions and those of its folder",
        file.display()
    )]
    File {
        /// The database or its lock file.
        file: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// Another process, or another store in this one, has the database open.
    #[error(
        "{}: the database is in use{}; stop that one first, or choose another path \
         (one ledger has one writer; the lock is {})",
        database.display(),
        holder.map_or_else(String::new, |pid| format!(" by process {pid}")),
        lock.display()
    )]
    InUse {
        /// The database.
        database: PathBuf,
        /// The lock file next to it.
        lock: PathBuf,
        /// The process that holds the lock, if known.
        holder: Option<u32>,
    },
    /// The file is not a ledger.
    #[error("{}: this is not a database of this service; choose another path", .0.display())]
    NotALedger(PathBuf),
    /// A newer version of the service has changed the tables.
    #[error(
        "{}: its schema has the migration {migration}, which this version of the service \
         does not know; start the newer version that made it",
        database.display()
    )]
    NewerSchema {
        /// The database.
        database: PathBuf,
        /// The first unknown migration.
        migration: String,
    },
    /// A setting that durability depends on did not take effect.
    #[error(
        "{}: {setting} is {found} instead of {wanted}, so acknowledged transfers could be lost; \
         use a local disk, or allow unsafe durability by name",
        database.display()
    )]
    UnsafeDurability {
        /// The database.
        database: PathBuf,
        /// The pragma.
        setting: &'static str,
        /// Its value.
        found: String,
        /// The required value.
        wanted: &'static str,
    },
    /// The linked SQLite has known defects in its write-ahead log.
    #[error("SQLite {found} is too old, 3.51.3 or later is needed; build with the bundled one")]
    SqliteTooOld {
        /// The linked version.
        found: String,
    },
    /// SQLite failed in another way.
    #[error("{}: could not {action}", database.display())]
    Failed {
        /// The database.
        database: PathBuf,
        /// The action that failed.
        action: &'static str,
        /// The error of SQLite or Diesel.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

#[cfg(test)]
mod tests;
