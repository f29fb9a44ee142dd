//! The job `backup`: a copy of an embedded ledger while a service uses it.
//!
//! PostgreSQL has tools of its own for this, which know more than we could: a copy made here would
//! lack the roles, the point in time to recover to, and the trust of those who operate the server.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::{Database, PostgresUrl};

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BackupReport {
    /// The ledger's file, free of links.
    pub from: PathBuf,
    /// The copy, with its whole path.
    pub to: PathBuf,
    /// The size of the copy.
    pub bytes: u64,
    /// How long it took.
    pub took: Duration,
}

/// Why there is no backup. No file of that name is left behind.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The ledger is in PostgreSQL.
    #[error("\"{0}\": a ledger in PostgreSQL is backed up by PostgreSQL's own tools")]
    NotEmbedded(PostgresUrl),
    /// The file cannot be copied.
    #[error(transparent)]
    File(#[from] wallet_sqlite::BackupError),
}

/// Copies an embedded ledger to the new file `to`. Blocks until the copy is on the disk.
///
/// # Errors
/// The ledger is not embedded, cannot be read, or the copy cannot be written.
pub fn back_up(database: &Database, to: &Path) -> Result<BackupReport, BackupError> {
    let path = match database {
        Database::Sqlite(path) => path,
        Database::Postgres(url) => return Err(BackupError::NotEmbedded(url.clone())),
    };
    let started = Instant::now();
    let backup = wallet_sqlite::back_up(path, to)?;
    Ok(BackupReport {
        from: backup.from,
        to: backup.to,
        bytes: backup.bytes,
        took: started.elapsed(),
    })
}
