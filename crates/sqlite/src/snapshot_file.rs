//! A copy of the ledger's file that is read for minutes, while others write to the ledger.
//!
//! A read transaction also sees one consistent state. But in WAL mode, the log cannot restart
//! before the last transaction that reads it has ended. It would grow for as long as a verification
//! takes, and every statement would have to search it. A copy blocks a restart of the log only
//! while it is made.
//!
//! The copy has a fixed name, next to the ledger or in `--temp-dir`. So there is one at a time, and
//! a killed process leaves at most one. The next copy replaces it, and the next start of the
//! service removes it. A system lock on the file shows whether it is in use.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use wallet_domain::WholeLedger;

use crate::backup::{BackupError, copy, existing_file_uri};
use crate::error::OpenError;
use crate::list_time;
use crate::migrate::migrate;
use crate::readers::Readers;

/// The suffix of the name of a copy.
const ENDING: &str = ".snapshot";

/// How often to try a name while other processes release it.
const ATTEMPTS: u32 = 5;

/// Why there is no snapshot of a ledger's file. Nothing is left behind.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The file does not exist.
    #[error("{}: no such ledger file; check --db", .0.display())]
    NoLedger(PathBuf, #[source] io::Error),
    /// Another snapshot of this ledger is in use there.
    #[error("{}: another verification is using its copy of the ledger here; \
             wait for it, or use another folder with --temp-dir", .0.display())]
    InUse(PathBuf),
    /// The copy cannot be written there.
    #[error("{}: cannot create a copy of the ledger; the folder must exist and \
             be writable (--temp-dir names another)", file.display())]
    File {
        /// The copy.
        file: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The disk of the copy is full.
    #[error(
        "the ledger is copied for this, and the disk is full; \
         --temp-dir names a folder on a disk with more space"
    )]
    NoSpace(#[source] BackupError),
    /// The ledger could not be copied.
    #[error("the ledger is copied for this, and that failed")]
    Copy(#[source] BackupError),
    /// The copy could not be opened.
    #[error("the copy of the ledger cannot be opened")]
    Open(#[source] OpenError),
    /// The copy could not be read.
    #[error("the copy of the ledger cannot be read")]
    Read(#[source] wallet_domain::StoreError),
}

/// A snapshot of the ledger in a file. Another process may have it open and is not disturbed. The
/// snapshot reads a copy, next to the ledger or in `folder`, which is removed when the snapshot is
/// dropped. The schema of the copy is migrated if necessary. Blocks until the copy is complete.
///
/// # Errors
/// Why there is no snapshot.
pub fn snapshot(
    database: &Path,
    folder: Option<&Path>,
) -> Result<Box<dyn WholeLedger>, SnapshotError> {
    let found = fs::canonicalize(database);
    let database = found.map_err(|source| SnapshotError::NoLedger(database.to_owned(), source))?;
    let readers = open(&database, folder)?;
    Ok(Box::new(readers))
}

/// The same, for a path without symbolic links.
pub(crate) fn open(database: &Path, folder: Option<&Path>) -> Result<Readers, SnapshotError> {
    let copied = SnapshotFile::claim(place(database, folder))?;
    copy(database, &copied.path).map_err(|error| match error {
        full @ BackupError::NoSpace { .. } => SnapshotError::NoSpace(full),
        error => SnapshotError::Copy(error),
    })?;
    let connection = connect(&copied.path).map_err(SnapshotError::Open)?;
    // Errors name the ledger, not the copy.
    let database = database.display().to_string();
    let readers = Readers::snapshot(
        Box::new(Box::new(connection)),
        Some(Box::new(copied)),
        None,
        database,
    );
    readers.map_err(SnapshotError::Read)
}

/// Removes the copy that a killed process has left of a ledger, unless it is in use. Logs a failure
/// to remove it.
pub(crate) fn remove_stale(database: &Path, folder: Option<&Path>) {
    let path = place(database, folder);
    let removed = match File::open(&path).map(|file| (file.try_lock(), file)) {
        Ok((Ok(()), _file)) => fs::remove_file(&path),
        Ok((Err(TryLockError::WouldBlock), _)) => return,
        Ok((Err(TryLockError::Error(error)), _)) | Err(error) => Err(error),
    };
    match removed {
        Ok(()) => {
            let file = path.display();
            tracing::info!(%file, "removed the copy that a killed verification left");
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => {
            let file = path.display();
            tracing::warn!(%file, %error, "a copy that is left over cannot be removed");
        }
    }
}

fn place(database: &Path, folder: Option<&Path>) -> PathBuf {
    let mut name = database.file_name().map_or_else(OsString::new, Into::into);
    name.push(ENDING);
    match folder {
        Some(folder) => folder.join(name),
        None => database.with_file_name(name),
    }
}

/// A connection to a copy, which no other process has open and which need not survive a crash.
fn connect(copied: &Path) -> Result<SqliteConnection, OpenError> {
    let path = copied.to_str();
    let path = path.ok_or_else(|| OpenError::Path(copied.to_owned()))?;
    let failed = |source| OpenError::Failed {
        database: copied.to_owned(),
        action: "open the copy of the ledger",
        source,
    };
    let connection = SqliteConnection::establish(&existing_file_uri(path));
    let mut connection = connection.map_err(|error| failed(error.into()))?;
    let settings = "PRAGMA trusted_schema = OFF; PRAGMA locking_mode = EXCLUSIVE; \
         PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; \
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384";
    let set = connection.batch_execute(settings);
    set.map_err(|error| failed(error.into()))?;
    // Lists call it. Lists of a whole ledger have no limit.
    let registered = list_time::register(&connection);
    registered.map_err(|error| failed(error.into()))?;
    migrate(&mut connection, copied)?;
    let set = connection.batch_execute("PRAGMA query_only = ON");
    set.map_err(|error| failed(error.into()))?;
    Ok(connection)
}

/// The file of a copy. Dropping it removes the file.
pub(crate) struct SnapshotFile {
    path: PathBuf,
    /// Locked while it is open.
    _lock: File,
}

impl SnapshotFile {
    /// Creates an empty file that only its owner can read. Removes what a killed process has left,
    /// and never writes to an existing file.
    fn claim(path: PathBuf) -> Result<Self, SnapshotError> {
        let at = |source| SnapshotError::File {
            file: path.clone(),
            source,
        };
        let mut options = File::options();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        for _ in 0..ATTEMPTS {
            let (file, is_new) = match options.open(&path) {
                Ok(file) => (file, true),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => match File::open(&path) {
                    Ok(file) => (file, false),
                    // Its reader has just removed it.
                    Err(error) if error.kind() == ErrorKind::NotFound => continue,
                    Err(error) => return Err(at(error)),
                },
                Err(error) => return Err(at(error)),
            };
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(SnapshotError::InUse(path)),
                Err(TryLockError::Error(source)) => return Err(at(source)),
            }
            // Between open and lock, another process may have replaced the file. Only the file at
            // the path may be used or removed. A symbolic link at the path is not a copy in use.
            let is_at_path = is_same_file(&file, &path);
            if is_new && is_at_path {
                return Ok(Self { path, _lock: file });
            }
            if !is_new && (is_at_path || path.is_symlink()) {
                fs::remove_file(&path).map_err(at)?;
            }
        }
        Err(SnapshotError::InUse(path))
    }
}

impl Drop for SnapshotFile {
    fn drop(&mut self) {
        // If it cannot be removed, the next copy or the next start removes it.
        let _ = fs::remove_file(&self.path);
    }
}

/// Whether a path leads to this file.
#[cfg(unix)]
fn is_same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let (opened, found) = (file.metadata().map(id), fs::symlink_metadata(path).map(id));
    matches!((opened, found), (Ok(opened), Ok(found)) if opened == found)
}

/// An open file cannot be removed.
#[cfg(not(unix))]
fn is_same_file(_: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests;
