//! Connections: the one place that says how the file is opened, and that looks whether it was.
//!
//! One connection writes, a few read; all of them belong to one process, which holds a lock beside the
//! file. What durability rests on is read back from every connection that writes.

use std::fs::{DirBuilder, File, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Error as R2d2Error};
use diesel::sql_types::Text;

use crate::error::OpenError;

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

/// These make the writer fast. Measured; see `docs/adr`.
const SPEED: &[Setting] = &[
    // KiB, negative: the pages that a batch touches are scattered over the whole file.
    ("cache_size", "-131072", "-131072"),
    // A statement that fails half-way is undone from memory, not from a file.
    ("temp_store", "MEMORY", "2"),
    // Pages, 96 MiB: where the writer's COMMIT ends the log; see `crate::checkpoint`.
    ("wal_autocheckpoint", "49152", "49152"),
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

/// The file without links on the way to it; a new one is readable for its owner only, and SQLite gives
/// its log the same permissions. A missing folder is made, but not one inside another missing one: that
/// is more likely a slip.
fn find_or_create(path: &Path) -> Result<PathBuf, OpenError> {
    let at = |file: &Path| {
        let file = file.to_owned();
        move |source| OpenError::File { file, source }
    };
    let absolute = std::path::absolute(path).map_err(at(path))?;
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

fn lock_beside(database: &Path) -> Result<File, OpenError> {
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
            // For whoever is refused; the lock itself is the system's, not this text.
            file.set_len(0).map_err(unusable)?;
            write!(file, "{}", std::process::id()).map_err(unusable)?;
            Ok(file)
        }
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            // Without the text the message names no process; that is no reason to fail differently.
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

/// Opens a file for reading and writing; makes it, for its owner only, where it is missing.
fn open_for_writing(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true);
    match options.open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            // Not `create_new`: another process may have been quicker, and the lock decides then.
            options.create(true).truncate(false).open(path)
        }
        opened => opened,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_of_the_writer_reads_back_and_one_that_is_off_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::claim(&folder.path().join("ledger.db")).unwrap();
        let mut connection = database.connect().unwrap();
        database.prepare(&mut connection, false).unwrap();
        assert!(first_wrong(&mut connection, DURABILITY).unwrap().is_none());
        assert!(first_wrong(&mut connection, SPEED).unwrap().is_none());
        assert!(
            first_wrong(&mut connection, &[BUSY_TIMEOUT])
                .unwrap()
                .is_none()
        );

        for (setting, value, found) in [
            ("synchronous", "NORMAL", "1"),
            ("journal_mode", "DELETE", "delete"),
            ("foreign_keys", "OFF", "0"),
            ("trusted_schema", "ON", "1"),
        ] {
            connection
                .batch_execute(&format!("PRAGMA {setting} = {value}"))
                .unwrap();
            let wrong = first_wrong(&mut connection, DURABILITY)
                .unwrap()
                .expect("is found");
            assert_eq!((wrong.setting, wrong.found.as_str()), (setting, found));
            set_for_writing(&mut connection).unwrap();
        }
    }

    #[test]
    fn a_file_that_cannot_have_a_log_is_refused_unless_that_is_allowed() {
        // A database in memory is what a file system without shared memory is: it keeps its journal mode.
        let folder = tempfile::tempdir().unwrap();
        let database = Database::claim(&folder.path().join("ledger.db")).unwrap();
        let mut memory = SqliteConnection::establish(":memory:").unwrap();
        let error = database.prepare(&mut memory, false).unwrap_err();
        assert!(
            matches!(error, OpenError::UnsafeDurability { .. }),
            "{error:?}"
        );
        assert!(
            error
                .to_string()
                .contains("journal_mode is memory instead of wal"),
            "{error}"
        );
        database.prepare(&mut memory, true).unwrap();
    }

    #[test]
    fn a_reader_cannot_write() {
        let mut connection = SqliteConnection::establish(":memory:").unwrap();
        Reading.on_acquire(&mut connection).unwrap();
        let error = connection
            .batch_execute("CREATE TABLE anything (a)")
            .unwrap_err();
        assert_eq!(error.to_string(), "attempt to write a readonly database");
    }

    #[test]
    fn versions_of_sqlite_are_compared_by_number() {
        for (version, recent) in [
            ("3.51.3", true),
            ("3.51.10", true),
            ("3.100.0", true),
            ("4.0", true),
            ("3.51.2", false),
            ("3.6.99", false),
            ("", false),
        ] {
            assert_eq!(is_recent(version), recent, "{version}");
        }
    }
}
