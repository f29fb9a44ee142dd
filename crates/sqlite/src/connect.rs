//! Connections: the only place that opens the file, and that checks the settings of a connection.
//!
//! One connection writes and a few read. All of them belong to one process, which holds a lock file
//! next to the database. The settings that durability depends on are read back from every
//! connection that writes.

mod session;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::prelude::*;
use diesel::r2d2::{self, ConnectionManager, Pool};
use wallet_domain::storage::Cause;

use session::{
    BUSY_TIMEOUT, DURABILITY, WrongSetting, first_wrong_setting, read_text, set, set_for_writing,
};
pub(crate) use session::{ReaderSession, WriterSession};

use crate::error::OpenError;
use crate::file::{find_or_create, lock_database};

/// The oldest SQLite without a known defect in its write-ahead log.
const SQLITE_MIN: [u32; 3] = [3, 51, 3];

/// The file, and the right to be the only process that has it open.
pub(crate) struct Database {
    /// The path without symbolic links, so that two paths to one file share one lock.
    pub(crate) path: PathBuf,
    url: String,
    // The open file is the lock. The system releases it when the process ends, for whatever reason.
    lock: File,
}

impl Database {
    /// Finds the file, or creates it if `create` allows it, and takes the lock next to it.
    pub(crate) fn claim(path: &Path, create: bool) -> Result<Self, OpenError> {
        let path = find_or_create(path, create)?;
        let url = path.to_str().ok_or_else(|| OpenError::Path(path.clone()))?;
        let url = url.to_owned();
        let lock = lock_database(&path)?;
        Ok(Self { path, url, lock })
    }

    /// Opens the first connection, and checks the file before anything is changed.
    pub(crate) fn connect(&self) -> Result<SqliteConnection, OpenError> {
        let failed = |action| move |source| self.failed(action, source);
        let mut connection = SqliteConnection::establish(&self.url)
            .map_err(|error| failed("open the database")(error.into()))?;
        // Another store may have closed the file a moment ago, and its connections may still be
        // closing.
        set(&mut connection, &BUSY_TIMEOUT)
            .map_err(|error| failed("set how long to wait for locks")(error.into()))?;
        // The first statement that reads the file.
        read_text(&mut connection, "PRAGMA schema_version").map_err(|error| match &error {
            diesel::result::Error::DatabaseError(_, information)
                if information.message() == "file is not a database" =>
            {
                OpenError::NotALedger(self.path.clone())
            }
            _ => failed("read the database")(error.into()),
        })?;
        let version = read_text(&mut connection, "SELECT sqlite_version()")
            .map_err(|error| failed("ask SQLite for its version")(error.into()))?;
        if !is_recent(&version) {
            return Err(OpenError::SqliteTooOld { found: version });
        }
        Ok(connection)
    }

    /// Sets up the first connection for writing, and checks that the settings took effect.
    pub(crate) fn prepare(
        &self,
        connection: &mut SqliteConnection,
        allow_unsafe_durability: bool,
    ) -> Result<(), OpenError> {
        set_for_writing(connection)
            .map_err(|error| self.failed("set the pragmas of the database", error.into()))?;
        let wrong = first_wrong_setting(connection, DURABILITY)
            .map_err(|error| self.failed("read the pragmas of the database", error.into()))?;
        match wrong {
            Some(wrong) if allow_unsafe_durability => {
                tracing::warn!(
                    database = %self.path.display(), setting = wrong.setting, found = wrong.found,
                    "acknowledged transfers can be lost: unsafe durability was allowed",
                );
                Ok(())
            }
            Some(WrongSetting {
                setting,
                found,
                wanted,
            }) => Err(OpenError::UnsafeDurability {
                database: self.path.clone(),
                setting,
                found,
                wanted,
            }),
            None => Ok(()),
        }
    }

    pub(crate) fn connections(&self) -> ConnectionManager<SqliteConnection> {
        ConnectionManager::new(&self.url)
    }

    pub(crate) fn failed(&self, action: &'static str, source: Cause) -> OpenError {
        OpenError::Failed {
            database: self.path.clone(),
            action,
            source,
        }
    }
}

impl Drop for Database {
    /// Closing the file is not enough: a child that another thread is forking has a copy of the
    /// descriptor until it calls exec.
    fn drop(&mut self) {
        if let Err(error) = self.lock.unlock() {
            tracing::warn!(%error, database = %self.path.display(), "the file was not unlocked");
        }
    }
}

/// The file of a ledger that another process may have open.
pub(crate) struct SharedFile {
    path: PathBuf,
    url: String,
}

impl SharedFile {
    /// The file must exist.
    pub(crate) fn open(path: &Path) -> Result<Self, OpenError> {
        let at = |source| OpenError::File {
            file: path.to_owned(),
            source,
        };
        let path = path.canonicalize().map_err(at)?;
        let url = path.to_str().ok_or_else(|| OpenError::Path(path.clone()))?;
        let url = url.to_owned();
        Ok(Self { path, url })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A connection that waits for the locks of other processes, and syncs what it writes.
    pub(crate) fn connect(&self) -> Result<SqliteConnection, Cause> {
        let mut connection = SqliteConnection::establish(&self.url)?;
        set(&mut connection, &BUSY_TIMEOUT)?;
        let mut durable = DURABILITY.iter();
        durable.try_for_each(|setting| set(&mut connection, setting))?;
        Ok(connection)
    }
}

/// Connections to a file do not age, and a file does not hang up. So the pool keeps them, with
/// their prepared statements and caches, until one is broken.
pub(crate) fn pool(
    size: u32,
    wait: Duration,
) -> r2d2::Builder<ConnectionManager<SqliteConnection>> {
    Pool::builder()
        .max_size(size)
        .connection_timeout(wait)
        .test_on_check_out(false)
        .idle_timeout(None)
        .max_lifetime(None)
}

fn is_recent(version: &str) -> bool {
    let numbers: Vec<u32> = version
        .split('.')
        .map_while(|part| part.parse().ok())
        .collect();
    numbers.as_slice() >= SQLITE_MIN.as_slice()
}

#[cfg(test)]
mod tests;
