//! `wallet-api copy`: a ledger moves to another store with its chain, and nothing that was applied
//! is applied again.

use std::time::Duration;

use tempfile::TempDir;
use wallet_integration::service::{Ended, Launch};
use wallet_integration::store::TestStore;

use crate::import::{expect_done, files, import};

const PATIENCE: Duration = Duration::from_secs(60);

fn copy(from: &TestStore, to: &TestStore) -> Ended {
    let (from, place) = (from.url(), to.url());
    let launch = Launch::new(["copy", "--from", &from, "--to", &place]);
    // The servers of tests are not durable.
    let launch = launch
        .arg("--auto-migrate")
        .arg("--allow-unsafe-durability");
    launch.run_to_end(PATIENCE).unwrap()
}

/// Creates a key of the ledger with the command; returns its prefix.
fn create_key(store: &TestStore) -> String {
    let make = ["keys", "create", "--name", "shop", "--scope", "read"];
    let launch = store
        .flags()
        .into_iter()
        .fold(Launch::new(make), Launch::arg);
    let made = launch.run_to_end(PATIENCE).unwrap();
    made.stdout.split('_').nth(1).unwrap().to_owned()
}

fn assert_moves(from: &TestStore, to: &TestStore) {
    let folder = TempDir::new().unwrap();
    let files = files(folder.path(), 2_000);
    drop(from.open().unwrap());
    expect_done(
        &import(from, &files),
        "lines: 2200, new: 2200, there already: 0",
    );
    let key = create_key(from);

    let ended = copy(from, to);
    assert!(ended.status.success(), "{ended:?}");
    let counted = "accounts: 100, transfers: 2100, links: ";
    assert!(ended.stdout.contains(counted), "{}", ended.stdout);
    assert!(ended.stdout.contains("both are proved"), "{}", ended.stdout);

    let all_there = "lines: 2200, new: 0, there already: 2200";
    expect_done(&import(to, &files), all_there);
    let flags = to.flags().into_iter();
    let list = flags.fold(Launch::new(["keys", "list"]), Launch::arg);
    let keys = list.run_to_end(PATIENCE).unwrap();
    assert!(keys.stdout.contains(&key), "{keys:?}");

    let again = copy(from, to);
    assert!(!again.status.success(), "{again:?}");
    let why = "what is copied to has to be empty";
    assert!(again.stderr.contains(why), "{}", again.stderr);
}

#[test]
fn a_file_that_is_not_there_is_not_copied_and_not_made() {
    let (from, to) = (TestStore::sqlite(), TestStore::sqlite());
    let ended = copy(&from, &to);
    assert!(!ended.status.success(), "{ended:?}");
    let why = "no such ledger file";
    assert!(ended.stderr.contains(why), "{}", ended.stderr);
    assert!(!from.file().unwrap().exists());
}

#[test]
fn a_ledger_moves_from_sqlite_to_postgresql_with_its_chain() {
    assert_moves(&TestStore::sqlite(), &TestStore::postgres());
}

#[test]
fn a_ledger_moves_from_postgresql_to_sqlite_with_its_chain() {
    assert_moves(&TestStore::postgres(), &TestStore::sqlite());
}
