//! The jobs on a whole ledger, called as functions: what they report, and what they reject.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;

use tempfile::TempDir;
use wallet_domain::ChainHead;
use wallet_ledger::{
    BackupError, CopyError, CopyProgress, Database, LedgerOptions, LedgerSnapshot, MigrateReport,
    OpenError, OpenStore, back_up, copy, demo, migrate, open_keys,
};

fn database(folder: &TempDir, name: &str) -> Database {
    Database::Sqlite(folder.path().join(name))
}

fn open(database: &Database) -> OpenStore {
    OpenStore::open(database, &LedgerOptions::default()).unwrap()
}

/// A ledger with the demo, closed.
fn with_demo(folder: &TempDir) -> Database {
    let database = database(folder, "demo.db");
    demo::load(&**open(&database).store()).unwrap();
    database
}

fn head(database: &Database) -> ChainHead {
    let snapshot = LedgerSnapshot::open(database, &LedgerOptions::default()).unwrap();
    let mut silent = |_: &_| {};
    let verified = snapshot.verify(&ChainHead::default(), &mut silent).unwrap();
    assert_eq!((verified.accounts, verified.transfers), (6, 4));
    verified.head
}

#[test]
fn a_backup_and_a_copy_end_in_the_head_of_the_original() {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (with_demo(&folder), database(&folder, "copy.db"));
    let mut steps = 0;
    let report = copy(&open(&from), &open(&to), &mut |progress| {
        steps += usize::from(matches!(progress, CopyProgress::StepStarted));
    });
    let report = report.unwrap();
    assert_eq!((report.copied.accounts, steps), (6, 3));

    let backup = back_up(&from, &folder.path().join("backup.db")).unwrap();
    let heads = [&from, &to, &Database::Sqlite(backup.to)].map(head);
    assert_eq!(
        heads,
        [report.head.clone(), report.head.clone(), report.head]
    );
}

#[test]
fn a_copy_into_a_ledger_that_has_something_is_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let from = open(&with_demo(&folder));
    let to = open(&database(&folder, "other.db"));
    demo::load(&**to.store()).unwrap();
    let error = copy(&from, &to, &mut |_| {}).unwrap_err();
    assert!(matches!(error, CopyError::NotCopied { .. }), "{error}");
}

#[test]
fn only_an_embedded_ledger_is_backed_up_here() {
    let server: Database = "postgres://u:secret@h/d".parse().unwrap();
    let error = back_up(&server, Path::new("x.db")).unwrap_err();
    assert!(matches!(error, BackupError::NotEmbedded(_)), "{error}");
    assert!(!error.to_string().contains("secret"), "{error}");
}

#[test]
fn an_embedded_ledger_is_migrated_by_opening_it() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(&folder, "wallet.db");
    let (place, report) = migrate(&database, &LedgerOptions::default()).unwrap();
    assert!(place.ends_with("wallet.db"), "{place}");
    assert_eq!(report, MigrateReport::Embedded);
}

#[test]
fn a_ledger_in_use_gives_its_keys_and_a_snapshot_and_no_second_store() {
    let folder = tempfile::tempdir().unwrap();
    let database = with_demo(&folder);
    let _in_use = open(&database);
    let options = LedgerOptions::default();
    let second = OpenStore::open(&database, &options);
    assert!(matches!(second.err(), Some(OpenError::File(_))));
    assert_eq!(
        open_keys(&database, &options)
            .unwrap()
            .access_keys()
            .unwrap(),
        []
    );
    let snapshot = LedgerSnapshot::open(&database, &options).unwrap();
    let list = snapshot.adoption_list().unwrap();
    assert!(list.records().is_empty());
    assert!(list.confirm("0000000000000000").is_none());
}
