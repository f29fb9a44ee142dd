//! The settings of a connection: what durability depends on, and what makes it fast.

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::r2d2::{CustomizeConnection, Error as R2d2Error};
use diesel::sql_types::Text;

use crate::list_time;

/// A pragma, the value to set, and the value that it then reads as.
type Setting = (&'static str, &'static str, &'static str);

/// Without these, an acknowledged transfer can be lost, or the file can be damaged.
pub(super) const DURABILITY: &[Setting] = &[
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", "2"),
    // For macOS, where a plain sync does not reach the disk.
    ("fullfsync", "ON", "1"),
    ("foreign_keys", "ON", "1"),
    ("trusted_schema", "OFF", "0"),
];

/// These make the writer fast.
pub(super) const SPEED: &[Setting] = &[
    // In KiB, therefore negative. A larger cache is slower: a COMMIT after a page was split walks
    // all of it (ADR 7). What it lacks is in the memory of the kernel.
    ("cache_size", "-16384", "-16384"),
    // A failed statement is undone from memory, not from a file.
    ("temp_store", "MEMORY", "2"),
    // In pages, 256 MiB: when the writer's COMMIT checkpoints the log (see `crate::checkpoint`).
    ("wal_autocheckpoint", "131072", "131072"),
];

/// In bytes, for a new file only. A batch of random ids touches about one page for each row,
/// whatever the page size, and all of these pages go to the log. Half the default size halves the
/// log.
const PAGE_SIZE: Setting = ("page_size", "2048", "2048");

/// How long a statement waits for the lock of another connection, in milliseconds.
pub(super) const BUSY_TIMEOUT: Setting = ("busy_timeout", "2000", "2000");

/// Sets up a connection for writing, and refuses it if a setting does not take effect.
#[derive(Debug)]
pub(crate) struct WriterSession {
    pub(crate) allow_unsafe_durability: bool,
}

impl CustomizeConnection<SqliteConnection, R2d2Error> for WriterSession {
    fn on_acquire(&self, connection: &mut SqliteConnection) -> Result<(), R2d2Error> {
        set_for_writing(connection).map_err(R2d2Error::QueryError)?;
        match first_wrong_setting(connection, DURABILITY).map_err(R2d2Error::QueryError)? {
            Some(wrong) if !self.allow_unsafe_durability => {
                let message = format!("{} is {}", wrong.setting, wrong.found);
                let error = diesel::result::Error::QueryBuilderError(message.into());
                Err(R2d2Error::QueryError(error))
            }
            _ => Ok(()),
        }
    }
}

/// Sets up a connection that cannot write.
#[derive(Debug)]
pub(crate) struct ReaderSession;

impl CustomizeConnection<SqliteConnection, R2d2Error> for ReaderSession {
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

pub(super) fn set_for_writing(connection: &mut SqliteConnection) -> QueryResult<()> {
    set(connection, &PAGE_SIZE)?;
    set(connection, &BUSY_TIMEOUT)?;
    let mut settings = DURABILITY.iter().chain(SPEED);
    settings.try_for_each(|setting| set(connection, setting))?;
    Ok(())
}

pub(super) fn set(
    connection: &mut SqliteConnection,
    (pragma, value, _): &Setting,
) -> QueryResult<()> {
    // Some pragmas return a row and some do not. This accepts both.
    connection.batch_execute(&format!("PRAGMA {pragma} = {value}"))
}

/// A setting with a wrong value.
pub(super) struct WrongSetting {
    pub(super) setting: &'static str,
    pub(super) found: String,
    pub(super) wanted: &'static str,
}

pub(super) fn first_wrong_setting(
    connection: &mut SqliteConnection,
    settings: &[Setting],
) -> QueryResult<Option<WrongSetting>> {
    for &(setting, _, wanted) in settings {
        let found = read_text(connection, &format!("PRAGMA {setting}"))?;
        if found != wanted {
            return Ok(Some(WrongSetting {
                setting,
                found,
                wanted,
            }));
        }
    }
    Ok(None)
}

pub(super) fn read_text(connection: &mut SqliteConnection, statement: &str) -> QueryResult<String> {
    // Settings and functions of SQLite, and no tables, so the DSL adds nothing.
    sql::<Text>(statement).get_result(connection)
}
