//! Copies of the file, taken while a process writes to it.
//!
//! `VACUUM INTO` reads in one transaction, so the copy is one consistent state of the ledger. In
//! WAL mode it neither waits for the writer nor makes it wait. It needs only SQLite's own locks,
//! not the lock file of the ledger, so it works from another process while the service runs. The
//! copy is written under a temporary name and gets its own name when it is complete and on the
//! disk. So a file of that name is always a complete backup.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_types::{BigInt, Text};
use wallet_domain::storage::Cause;

use crate::error::is_disk_full;
use crate::file::open_for_writing;

/// A finished backup.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Backup {
    /// The ledger's file, without symbolic links.
    pub from: PathBuf,
    /// The absolute path of the copy.
    pub to: PathBuf,
    /// The size of the copy.
    pub bytes: u64,
}

/// Why there is no backup. No file of that name is left behind.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// There is no ledger to copy.
    #[error("{}: there is no ledger to back up; --db names the one that is meant", .0.display())]
    NoLedger(PathBuf, #[source] io::Error),
    /// The file is not a ledger.
    #[error("{}: this is not a database of this service, so it was not copied", .0.display())]
    NotALedger(PathBuf),
    /// The path is not UTF-8, which SQLite requires.
    #[error("{}: the path of a database has to be UTF-8", .0.display())]
    Path(PathBuf),
    /// A file of that name exists.
    #[error(
        "{}: exists already and was not touched; choose another name, or move it away",
        .0.display()
    )]
    Exists(PathBuf),
    /// Another process writes a backup of the same name.
    #[error("{}: another backup to this name is being made", .0.display())]
    InProgress(PathBuf),
    /// The copy cannot be written.
    #[error(
        "{}: the backup could not be written there; \
         its folder has to exist, be writable, and have space",
        file.display()
    )]
    File {
        /// The copy, or its temporary file.
        file: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// SQLite could not read the ledger.
    #[error("{}: the ledger cannot be read", from.display())]
    Unreadable {
        /// The ledger.
        from: PathBuf,
        /// The error of SQLite.
        source: Cause,
    },
    /// The disk of the copy is full.
    #[error(
        "{}: could not be copied to {}; that disk needs as much space as the ledger has",
        from.display(),
        to.display()
    )]
    NoSpace {
        /// The ledger.
        from: PathBuf,
        /// The copy.
        to: PathBuf,
        /// The error of SQLite.
        source: Cause,
    },
    /// SQLite could not read a part of the ledger or could not write the copy.
    #[error("{}: could not be copied to {}", from.display(), to.display())]
    Failed {
        /// The ledger.
        from: PathBuf,
        /// The copy.
        to: PathBuf,
        /// The error of SQLite.
        source: Cause,
    },
}

/// Copies the ledger in the file `from` to the file `to`, which must not exist. Blocks until the
/// copy is on the disk. The ledger may be in use by this process or by another one.
///
/// The copy is readable by its owner only. It holds every write that was answered before the call.
///
/// # Errors
/// Why there is no copy. The ledger is unchanged in any case.
pub fn back_up(from: &Path, to: &Path) -> Result<Backup, BackupError> {
    let from =
        fs::canonicalize(from).map_err(|source| BackupError::NoLedger(from.to_owned(), source))?;
    let to = std::path::absolute(to).map_err(at(to))?;
    if fs::symlink_metadata(&to).is_ok() {
        return Err(BackupError::Exists(to));
    }
    let partial = PartialBackup::claim(&to)?;
    copy(&from, &partial.path)?;
    let bytes = partial.finish(&to)?;
    Ok(Backup { from, to, bytes })
}

/// The temporary file that becomes the copy. Dropping it removes the file. The next backup of the
/// same name takes over what a killed process left behind.
struct PartialBackup {
    path: PathBuf,
    file: File,
}

impl PartialBackup {
    fn claim(to: &Path) -> Result<Self, BackupError> {
        let mut name: OsString = to.into();
        name.push(".partial");
        let path = PathBuf::from(name);
        let file = open_for_writing(&path).map_err(at(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(BackupError::InProgress(to.to_owned())),
            Err(TryLockError::Error(source)) => return Err(at(&path)(source)),
        }
        // `VACUUM INTO` requires an empty file, or none.
        file.set_len(0).map_err(at(&path))?;
        Ok(Self { path, file })
    }

    /// Syncs the copy to the disk and then gives it its name. Returns its size.
    fn finish(self, to: &Path) -> Result<u64, BackupError> {
        // `VACUUM INTO` does not sync its target.
        self.file.sync_all().map_err(at(&self.path))?;
        let bytes = self.file.metadata().map_err(at(&self.path))?.len();
        // Unlike a rename, a hard link does not replace a file that was created in the meantime.
        match fs::hard_link(&self.path, to) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(BackupError::Exists(to.to_owned()));
            }
            // Some file systems have no hard links.
            Err(_) => fs::rename(&self.path, to).map_err(at(to))?,
        }
        if let Some(folder) = to.parent() {
            File::open(folder)
                .and_then(|folder| folder.sync_all())
                .map_err(at(to))?;
        }
        Ok(bytes)
    }
}

impl Drop for PartialBackup {
    fn drop(&mut self) {
        // If it cannot be removed, the next backup of this name takes it over.
        let _ = fs::remove_file(&self.path);
    }
}

/// Copies a ledger into an empty or missing file.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), BackupError> {
    let text = |path: &Path| {
        let text = path.to_str().map(str::to_owned);
        text.ok_or_else(|| BackupError::Path(path.to_owned()))
    };
    let unreadable = |source: Cause| BackupError::Unreadable {
        from: from.to_owned(),
        source,
    };
    let failed = |error: Error| {
        let is_full = is_disk_full(&error);
        let (from, to, source) = (from.to_owned(), to.to_owned(), error.into());
        match is_full {
            true => BackupError::NoSpace { from, to, source },
            false => BackupError::Failed { from, to, source },
        }
    };
    let target = text(to)?;
    let mut connection = SqliteConnection::establish(&existing_file_uri(&text(from)?))
        .map_err(|error| unreadable(error.into()))?;
    match is_ledger(&mut connection) {
        Ok(true) => {}
        Ok(false) => return Err(BackupError::NotALedger(from.to_owned())),
        Err(error) => return Err(unreadable(error.into())),
    }
    // The last connection to close copies the log into the file, so it must be as durable as the
    // service.
    connection
        .batch_execute(
            "PRAGMA trusted_schema = OFF; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON",
        )
        .map_err(failed)?;
    // The DSL has no VACUUM.
    diesel::sql_query("VACUUM INTO ?")
        .bind::<Text, _>(target)
        .execute(&mut connection)
        .map_err(failed)?;
    Ok(())
}

fn is_ledger(connection: &mut SqliteConnection) -> QueryResult<bool> {
    connection.batch_execute("PRAGMA busy_timeout = 10000")?;
    // The DSL does not know SQLite's own tables.
    let tables = sql::<BigInt>(
        "SELECT count(*) FROM sqlite_schema \
         WHERE type = 'table' AND name IN ('__diesel_schema_migrations', 'transfer_parts')",
    );
    match tables.get_result::<i64>(connection) {
        Ok(count) => Ok(count == 2),
        Err(Error::DatabaseError(_, information))
            if information.message() == "file is not a database" =>
        {
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// The URI that makes SQLite open an existing file, and not create a missing one.
pub(crate) fn existing_file_uri(path: &str) -> String {
    let mut uri = String::from("file:");
    for letter in path.chars() {
        match letter {
            '%' => uri.push_str("%25"),
            '?' => uri.push_str("%3f"),
            '#' => uri.push_str("%23"),
            letter => uri.push(letter),
        }
    }
    uri.push_str("?mode=rw");
    uri
}

fn at(file: &Path) -> impl Fn(io::Error) -> BackupError {
    let file = file.to_owned();
    move |source| BackupError::File {
        file: file.clone(),
        source,
    }
}

#[cfg(test)]
mod tests;
