//! Connections: the one place that says how the file is opened, and that looks whether it was.
//!
//! One connection writes, a few read; all of them belong to one process, which holds a lock beside the
//! file. What durability rests on is read back from every connection that writes.

use std::fs::File;
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Error as R2d2Error};
use diesel::sql_types::Text;

use crate::error::OpenError;
use crate::file::{find_or_create, lock_beside};
use crate::list_time;

/// The oldest SQLite whose write-ahead log has no known defect.
const SQLITE_MIN: [u32; 3] = [3, 51, 3];

/// A pragma, the value that it is set to, and how that reads when asked for.
type Setting = (&'static str, &'static str, &'static str);

/// Without these an acknowledged transfer can be lost, or the file damaged.
const DURABILITY: &[Setting] = &[
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", "2"),
    // macOS only: there, a plain sync does not reach the disk.
    ("fullfsync", "ON", "1"),
    ("foreign_keys", "ON", "1"),
    ("trusted_schema", "OFF", "0"),
];

/// These make the writer fast.
const SPEED: &[Setting] = &[
    // KiB, negative: the pages that a batch touches are scattered over the whole file.
    ("cache_size", "-131072", "-131072"),
    // A statement that fails half-way is undone from memory, not from a file.
    ("temp_store", "MEMORY", "2"),
    // Pages, 256 MiB: where the writer's COMMIT ends the log; see `crate::checkpoint`.
    ("wal_autocheckpoint", "131072", "131072"),
];

/// Bytes; of a new file only. A batch of random ids touches one page for nearly each row, whatever a page's
/// size, and all of these go to the log: half the default size is half the log.
const PAGE_SIZE: Setting = ("page_size", "2048", "2048");

/// Milliseconds that a statement waits for another connection's lock.
const BUSY_TIMEOUT: Setting = ("busy_timeout", "2000", "2000");

/// The file, and the right to be the only process that has it open.
pub(crate) struct Database {
    /// Where it is, free of links: two ways to one file are one lock.
    pub(crate) path: PathBuf,
    url: String,
    // Held by being open; the system lets go of it when the process ends, however it ends.
    _lock: File,
}

impl Database {
    /// Finds or makes the file and takes the lock beside it.
    pub(crate) fn claim(path: &Path) -> Result<Self, OpenError> {
        let path = find_or_create(path)?;
        let url = path.to_str().ok_or_else(|| OpenError::Path(path.clone()))?;
        let url = url.to_owned();
        let lock = lock_beside(&path)?;
        Ok(Self {
            path,
            url,
            _lock: lock,
        })
    }

    /// The first connection: checks what is there before anything is changed.
    pub(crate) fn connect(&self) -> Result<SqliteConnection, OpenError> {
        let failed = |action| move |source| self.failed(action, source);
        let mut connection = SqliteConnection::establish(&self.url)
            .map_err(|error| failed("open the database")(error.into()))?;
        // Another store may have let go of the file a moment ago, and its connections still be closing.
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

    /// Makes the first connection one that writes, and looks whether that took hold.
    pub(crate) fn prepare(
        &self,
        connection: &mut SqliteConnection,
        allow_unsafe_durability: bool,
    ) -> Result<(), OpenError> {
        set_for_writing(connection)
            .map_err(|error| self.failed("set the pragmas of the database", error.into()))?;
        let wrong = first_wrong(connection, DURABILITY)
            .map_err(|error| self.failed("read the pragmas of the database", error.into()))?;
        match wrong {
            Some(wrong) if allow_unsafe_durability => {
                tracing::warn!(
                    database = %self.path.display(), setting = wrong.setting, found = wrong.found,
                    "acknowledged transfers can be lost: unsafe durability was allowed",
                );
                Ok(())
            }
            Some(Wrong {
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

    pub(crate) fn failed(&self, action: &'static str, source: crate::error::Cause) -> OpenError {
        OpenError::Failed {
            database: self.path.clone(),
            action,
            source,
        }
    }
}

/// The file of a ledger, for a moment beside the process that has it open.
pub(crate) struct Beside {
    path: PathBuf,
    url: String,
}

impl Beside {
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

    /// A connection that waits for the locks of others, and flushes what it writes.
    pub(crate) fn connect(&self) -> Result<SqliteConnection, crate::error::Cause> {
        let mut connection = SqliteConnection::establish(&self.url)?;
        set(&mut connection, &BUSY_TIMEOUT)?;
        let mut durable = DURABILITY.iter();
        durable.try_for_each(|setting| set(&mut connection, setting))?;
        Ok(connection)
    }
}

/// Sets a connection up for writing, and refuses it if that does not take hold.
#[derive(Debug)]
pub(crate) struct Writing {
    pub(crate) allow_unsafe_durability: bool,
}

impl CustomizeConnection<SqliteConnection, R2d2Error> for Writing {
    fn on_acquire(&self, connection: &mut SqliteConnection) -> Result<(), R2d2Error> {
        set_for_writing(connection).map_err(R2d2Error::QueryError)?;
        match first_wrong(connection, DURABILITY).map_err(R2d2Error::QueryError)? {
            Some(wrong) if !self.allow_unsafe_durability => {
                let message = format!("{} is {}", wrong.setting, wrong.found);
                let error = diesel::result::Error::QueryBuilderError(message.into());
                Err(R2d2Error::QueryError(error))
            }
            _ => Ok(()),
        }
    }
}

/// Sets a connection up so that it cannot write.
#[derive(Debug)]
pub(crate) struct Reading;

impl CustomizeConnection<SqliteConnection, R2d2Error> for Reading {
    fn on_acquire(&self, connection: &mut SqliteConnection) -> Result<(), R2d2Error> {
        [
            BUSY_TIMEOUT,
            ("query_only", "ON", "1"),
            ("trusted_schema", "OFF", "0"),
        ]
        .iter()
        .try_for_each(|setting| set(connection, setting))
        .and_then(|()| list_time::register(connection))
        .map_err(R2d2Error::QueryError)
    }
}

fn set_for_writing(connection: &mut SqliteConnection) -> QueryResult<()> {
    set(connection, &PAGE_SIZE)?;
    set(connection, &BUSY_TIMEOUT)?;
    let mut settings = DURABILITY.iter().chain(SPEED);
    settings.try_for_each(|setting| set(connection, setting))?;
    Ok(())
}

fn set(connection: &mut SqliteConnection, (pragma, value, _): &Setting) -> QueryResult<()> {
    // Some pragmas answer with a row, some do not; this takes both.
    connection.batch_execute(&format!("PRAGMA {pragma} = {value}"))
}

/// A setting that is not as it has to be.
struct Wrong {
    setting: &'static str,
    found: String,
    wanted: &'static str,
}

fn first_wrong(
    connection: &mut SqliteConnection,
    settings: &[Setting],
) -> QueryResult<Option<Wrong>> {
    for &(setting, _, wanted) in settings {
        let found = read_text(connection, &format!("PRAGMA {setting}"))?;
        if found != wanted {
            return Ok(Some(Wrong {
                setting,
                found,
                wanted,
            }));
        }
    }
    Ok(None)
}

fn read_text(connection: &mut SqliteConnection, statement: &str) -> QueryResult<String> {
    sql::<Text>(statement).get_result(connection)
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
