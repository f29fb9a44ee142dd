//! Copies of the file, taken while somebody writes to it.
//!
//! `VACUUM INTO` reads in one transaction, so the copy is the books as of one moment, and in WAL mode it
//! neither waits for the writer nor makes it wait. It needs SQLite's own locks only and not the one beside
//! the file, so it works from another process while the service runs. The copy grows under another name
//! and gets its own when it is whole and on the disk: a file of that name is a backup, or it is not there.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_types::{BigInt, Text};

use crate::error::{Cause, is_disk_full};
use crate::file::open_for_writing;

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// The ledger's file, free of links.
    pub from: PathBuf,
    /// The copy, with its whole path.
    pub to: PathBuf,
    /// The size of the copy.
    pub bytes: u64,
}

/// Why there is no backup. Nothing is left under its name then.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is no ledger to copy.
    #[error("{}: there is no ledger to back up; --db names the one that is meant", .0.display())]
    NoLedger(PathBuf, #[source] io::Error),
    /// The file is somebody else's.
    #[error("{}: this is not a database of this service, so it was not copied", .0.display())]
    NotALedger(PathBuf),
    /// A path is not text, which SQLite wants.
    #[error("{}: the path of a database has to be UTF-8", .0.display())]
    Path(PathBuf),
    /// Something has the name already.
    #[error("{}: exists already and was not touched; choose another name, or move it away", .0.display())]
    Exists(PathBuf),
    /// Another process writes to the same name.
    #[error("{}: another backup to this name is being made", .0.display())]
    InProgress(PathBuf),
    /// The copy cannot be written there.
    #[error("{}: the backup could not be written there; its folder has to exist, be writable, and have space", file.display())]
    File {
        /// The copy, or the name under which it grows.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// SQLite could not read the ledger.
    #[error("{}: the ledger cannot be read", from.display())]
    Unreadable {
        /// The ledger.
        from: PathBuf,
        /// What SQLite said.
        source: Cause,
    },
    /// The disk of the copy is full.
    #[error("{}: could not be copied to {}; that disk needs as much space as the ledger has", from.display(), to.display())]
    NoSpace {
        /// The ledger.
        from: PathBuf,
        /// The copy.
        to: PathBuf,
        /// What SQLite said.
        source: Cause,
    },
    /// SQLite could not read a part of the ledger, or not write the copy.
    #[error("{}: could not be copied to {}", from.display(), to.display())]
    Failed {
        /// The ledger.
        from: PathBuf,
        /// The copy.
        to: PathBuf,
        /// What SQLite said.
        source: Cause,
    },
}

/// Copies the ledger in the file `from` to the file `to`, which must not be there yet. Blocks until the copy
/// is on the disk. The ledger may be in use, by this process or by another one.
///
/// The copy is readable for its owner only. It holds every write that was answered before this was called.
///
/// # Errors
/// Why there is no copy; the ledger is untouched in any case.
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

/// The file that becomes the copy. Removed when this is dropped; what a killed process has left behind is
/// taken over by the next backup of the same name.
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
        // `VACUUM INTO` wants an empty file, or none.
        file.set_len(0).map_err(at(&path))?;
        Ok(Self { path, file })
    }

    /// Brings the copy to the disk, and only then under its name. Gives its size.
    fn finish(self, to: &Path) -> Result<u64, BackupError> {
        // SQLite does not sync what it vacuums into.
        self.file.sync_all().map_err(at(&self.path))?;
        let bytes = self.file.metadata().map_err(at(&self.path))?.len();
        // Unlike a renamed file, a link does not replace what somebody else has put there meanwhile.
        match fs::hard_link(&self.path, to) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(BackupError::Exists(to.to_owned()));
            }
            // Some file systems have no links.
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

/// Copies a ledger into an empty file, or one that is not there.
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
    // The last connection that closes empties the log into the file: as durably as the service does it.
    connection
        .batch_execute(
            "PRAGMA trusted_schema = OFF; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON",
        )
        .map_err(failed)?;
    diesel::sql_query("VACUUM INTO ?")
        .bind::<Text, _>(target)
        .execute(&mut connection)
        .map_err(failed)?;
    Ok(())
}

fn is_ledger(connection: &mut SqliteConnection) -> QueryResult<bool> {
    connection.batch_execute("PRAGMA busy_timeout = 10000")?;
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

/// The address under which SQLite opens a file, and does not make it where it is missing.
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
