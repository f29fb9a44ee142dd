//! The file before SQLite opens it: found or created, and locked.

use std::fs::{DirBuilder, File, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use crate::error::OpenError;

/// Finds the file, or creates it if `create` allows it, and returns its path without symbolic
/// links. A new file is readable by its owner only, and SQLite gives its log the same permissions.
/// A missing folder is created, but not inside another missing folder, which is more likely a
/// typing mistake.
///
/// A file that is there is not opened here. To close it again would end all locks that this process
/// has on it, those of SQLite included if the process has the ledger open. Another process could
/// then remove the log that this one writes to.
pub(crate) fn find_or_create(path: &Path, create: bool) -> Result<PathBuf, OpenError> {
    let at = |file: &Path| {
        let file = file.to_owned();
        move |source| OpenError::File { file, source }
    };
    let absolute = std::path::absolute(path).map_err(at(path))?;
    match absolute.canonicalize() {
        Ok(found) if found.is_dir() => return Err(at(&found)(ErrorKind::IsADirectory.into())),
        Ok(found) => return Ok(found),
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(at(&absolute)(error)),
        Err(_) if !create => return Err(OpenError::NoLedger(absolute)),
        Err(_) => {}
    }
    if let Some(folder) = absolute.parent().filter(|folder| !folder.exists()) {
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(|source| OpenError::Folder {
            folder: folder.to_owned(),
            source,
        })?;
    }
    open_for_writing(&absolute).map_err(at(&absolute))?;
    absolute.canonicalize().map_err(at(&absolute))
}

/// Takes the lock that keeps other processes out. It is a lock of the system, held while the file
/// is open.
pub(crate) fn lock_database(database: &Path) -> Result<File, OpenError> {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    let lock = PathBuf::from(name);
    let unusable = |source| OpenError::File {
        file: lock.clone(),
        source,
    };
    let mut file = open_for_writing(&lock).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => {
            // For the error message of the next process. The lock is the system's, not this text.
            file.set_len(0).map_err(unusable)?;
            write!(file, "{}", std::process::id()).map_err(unusable)?;
            Ok(file)
        }
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            // Without the text, the message names no process. That is no reason for a different
            // error.
            let _ = file.read_to_string(&mut text);
            Err(OpenError::InUse {
                database: database.to_owned(),
                lock: lock.clone(),
                holder: text.trim().parse().ok(),
            })
        }
        Err(TryLockError::Error(source)) => Err(unusable(source)),
    }
}

/// Opens a file for reading and writing. Creates a missing file, for its owner only.
pub(crate) fn open_for_writing(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true);
    match options.open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            // Not `create_new`: another process may have created the file first, and then the lock
            // decides.
            options.create(true).truncate(false).open(path)
        }
        opened => opened,
    }
}
