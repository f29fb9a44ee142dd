//! The settings, set and read back.

use diesel::connection::SimpleConnection;
use diesel::r2d2::CustomizeConnection;

use super::session::SPEED;
use super::*;

#[test]
fn every_writer_setting_reads_back_and_a_wrong_one_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::claim(&folder.path().join("ledger.db"), true).unwrap();
    let mut connection = database.connect().unwrap();
    database.prepare(&mut connection, false).unwrap();
    assert!(
        first_wrong_setting(&mut connection, DURABILITY)
            .unwrap()
            .is_none()
    );
    assert!(
        first_wrong_setting(&mut connection, SPEED)
            .unwrap()
            .is_none()
    );
    assert!(
        first_wrong_setting(&mut connection, &[BUSY_TIMEOUT])
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
        let wrong = first_wrong_setting(&mut connection, DURABILITY)
            .unwrap()
            .expect("is found");
        assert_eq!((wrong.setting, wrong.found.as_str()), (setting, found));
        set_for_writing(&mut connection).unwrap();
    }
}

#[test]
fn a_file_without_write_ahead_log_is_refused_unless_allowed() {
    // A database in memory behaves like a file system without shared memory: it keeps its journal
    // mode.
    let folder = tempfile::tempdir().unwrap();
    let database = Database::claim(&folder.path().join("ledger.db"), true).unwrap();
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
    ReaderSession.on_acquire(&mut connection).unwrap();
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

#[test]
fn a_dropped_database_is_free_although_a_process_being_started_has_its_lock_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wallet.db");
    let database = Database::claim(&path, true).unwrap();
    let copy_of_a_fork = database.lock.try_clone().unwrap();
    drop(database);
    Database::claim(&path, true).unwrap();
    drop(copy_of_a_fork);
}
