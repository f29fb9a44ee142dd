//! The settings of a connection: what durability rests on, and what makes it fast.

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::r2d2::{CustomizeConnection, Error as R2d2Error};
use diesel::sql_types::Text;

use crate::list_time;

/// A pragma, the value that it is set to, and how that reads when asked for.
type Setting = (&'static str, &'static str, &'static str);

/// Without these an acknowledged transfer can be lost, or the file damaged.
pub(super) const DURABILITY: &[Setting] = &[
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", "2"),
    // macOS only: there, a plain sync does not reach the disk.
    ("fullfsync", "ON", "1"),
    ("foreign_keys", "ON", "1"),
    ("trusted_schema", "OFF", "0"),
];

/// These make the writer fast.
pub(super) const SPEED: &[Setting] = &[
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
pub(super) const BUSY_TIMEOUT: Setting = ("busy_timeout", "2000", "2000");

/// Sets a connection up for writing, and refuses it if that does not take hold.
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

/// Sets a connection up so that it cannot write.
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
    // Some pragmas answer with a row, some do not; this takes both.
    connection.batch_execute(&format!("PRAGMA {pragma} = {value}"))
}

/// A setting that is not as it has to be.
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
    sql::<Text>(statement).get_result(connection)
}
