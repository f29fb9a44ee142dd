//! Opening a store, and the error if it does not open.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use wallet_domain::testing::fixtures::{NOW, account_id, deposit, open};
use wallet_domain::{LedgerQueries, execute};
use wallet_sqlite::{OpenError, SqliteOptions, SqliteStore};

fn open_store(path: &Path) -> Result<SqliteStore, OpenError> {
    SqliteStore::open(&SqliteOptions::new(path))
}

fn refusal(path: &Path) -> OpenError {
    match open_store(path) {
        Ok(_) => panic!("{} should not open", path.display()),
        Err(error) => error,
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn writes_survive_a_drop_and_a_reopen() {
    let folder = folder();
    let path = folder.path().join("ledger.db");
    let store = open_store(&path).unwrap();
    execute(&store, &[open(1, "USD"), deposit(1, 1, "5.25")], NOW).unwrap();
    let before = store
        .transfer_parts_newest(account_id(1), None, 10)
        .unwrap();
    drop(store);

    let log = folder.path().join("ledger.db-wal").metadata();
    assert_eq!(log.map_or(0, |log| log.len()), 0, "closing empties the log");
    let store = open_store(&path).unwrap();
    assert_eq!(
        store
            .transfer_parts_newest(account_id(1), None, 10)
            .unwrap(),
        before
    );
}

#[test]
fn a_second_store_on_one_file_is_refused_and_its_error_names_the_holder() {
    let folder = folder();
    let path = folder.path().join("ledger.db");
    let first = open_store(&path).unwrap();
    let error = refusal(&path);
    assert!(matches!(error, OpenError::InUse { .. }), "{error:?}");
    let message = error.to_string();
    for part in [
        "ledger.db: the database is in use",
        &format!("by process {}", std::process::id()),
        "stop that one first",
        "ledger.db.lock",
    ] {
        assert!(message.contains(part), "{message:?} lacks {part:?}");
    }
    drop(first);
    open_store(&path).expect("the lock is given back");
}

#[cfg(unix)]
#[test]
fn a_link_to_the_file_is_the_same_lock() {
    let folder = folder();
    let path = folder.path().join("ledger.db");
    let _first = open_store(&path).unwrap();
    let link = folder.path().join("link.db");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert!(matches!(refusal(&link), OpenError::InUse { .. }));
}

#[cfg(unix)]
#[test]
fn the_file_and_its_folder_are_created_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let path = folder.path().join("data").join("ledger.db");
    let _store = open_store(&path).unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for name in ["ledger.db", "ledger.db-wal", "ledger.db.lock"] {
        assert_eq!(mode(&path.with_file_name(name)), 0o600, "{name}");
    }
}

#[test]
fn a_folder_inside_a_missing_folder_is_not_created() {
    let folder = folder();
    let error = refusal(&folder.path().join("no").join("such").join("ledger.db"));
    assert!(matches!(error, OpenError::Folder { .. }), "{error:?}");
    assert!(error.to_string().contains("create it"), "{error}");
}

#[test]
fn a_folder_in_place_of_the_file_is_refused() {
    let folder = folder();
    let error = refusal(folder.path());
    assert!(matches!(error, OpenError::File { .. }), "{error:?}");
}

#[test]
fn a_file_that_is_not_a_database_is_refused_and_left_unchanged() {
    let folder = folder();
    let path = folder.path().join("notes.txt");
    let text = "Not a database. ".repeat(500);
    std::fs::write(&path, &text).unwrap();
    let error = refusal(&path);
    assert!(matches!(error, OpenError::NotALedger(_)), "{error:?}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn a_database_of_another_program_is_refused() {
    let folder = folder();
    let path = folder.path().join("contacts.db");
    SqliteConnection::establish(path.to_str().unwrap())
        .unwrap()
        .batch_execute("CREATE TABLE contacts (name TEXT)")
        .unwrap();
    assert!(matches!(refusal(&path), OpenError::NotALedger(_)));
}

#[test]
fn a_newer_schema_is_refused_by_name() {
    let folder = folder();
    let path = folder.path().join("ledger.db");
    drop(open_store(&path).unwrap());
    SqliteConnection::establish(path.to_str().unwrap())
        .unwrap()
        .batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')")
        .unwrap();
    let error = refusal(&path);
    assert!(matches!(error, OpenError::NewerSchema { .. }), "{error:?}");
    assert!(error.to_string().contains("29990101000000"), "{error}");
}
