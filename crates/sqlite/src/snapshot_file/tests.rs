//! Copies that are read: where they are, who may read them, and what they leave behind.

use wallet_domain::{
    AccountId, Causes, Command, LedgerSnapshots, OpenAccount, SnapshotUse, Timestamp, execute,
};

use super::*;
use crate::{SqliteOptions, SqliteStore};

fn open_account(store: &SqliteStore, number: u128) {
    let account_id = AccountId::new(uuid::Uuid::from_u128(number)).unwrap();
    let command = Command::OpenAccount(OpenAccount::new(account_id, "USD".parse().unwrap()));
    execute(store, &[command], Timestamp::from_micros(1)).unwrap();
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name.ends_with(ENDING)).collect();
    names.sort();
    names
}

#[test]
fn a_snapshot_of_a_ledger_in_use_is_private_and_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("50% of? the#books.db");
    let store = SqliteStore::open(&SqliteOptions::new(&path)).unwrap();
    open_account(&store, 1);
    let taken = snapshot(&path, None).unwrap();
    open_account(&store, 2);
    assert_eq!(taken.accounts_least_recently_updated(9).unwrap().len(), 1);
    assert_eq!(names(folder.path()), ["50% of? the#books.db.snapshot"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let file = folder.path().join("50% of? the#books.db.snapshot");
        let mode = fs::metadata(file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    drop(taken);
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn a_second_snapshot_is_refused_until_the_first_one_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wallet.db");
    let store = SqliteStore::open(&SqliteOptions::new(&path)).unwrap();
    let taken = store.snapshot(SnapshotUse::WholeLedger).unwrap();
    let refused = snapshot(&path, None).err().unwrap();
    assert!(matches!(refused, SnapshotError::InUse(_)), "{refused}");
    // In another folder, or for a page, there is no conflict.
    let elsewhere = tempfile::tempdir().unwrap();
    drop(snapshot(&path, Some(elsewhere.path())).unwrap());
    drop(store.snapshot(SnapshotUse::Page).unwrap());
    drop(taken);
    drop(snapshot(&path, None).unwrap());
}

#[test]
fn a_stale_copy_is_removed_by_the_next_start_and_replaced_by_the_next_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wallet.db");
    drop(SqliteStore::open(&SqliteOptions::new(&path)).unwrap());
    let left = folder.path().join("wallet.db.snapshot");
    fs::write(&left, "half a copy").unwrap();
    drop(snapshot(&path, None).unwrap());
    assert_eq!(names(folder.path()), [""; 0]);

    fs::write(&left, "half a copy").unwrap();
    let store = SqliteStore::open(&SqliteOptions::new(&path)).unwrap();
    assert_eq!(names(folder.path()), [""; 0]);

    // A copy in use is not removed.
    let taken = store.snapshot(SnapshotUse::WholeLedger).unwrap();
    remove_stale(store.path(), None);
    assert_eq!(names(folder.path()), ["wallet.db.snapshot"]);
    drop(taken);
}

#[test]
fn an_unreadable_ledger_and_an_unwritable_folder_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wallet.db");
    let missing = snapshot(&path, None).err().unwrap();
    assert!(matches!(missing, SnapshotError::NoLedger(..)), "{missing}");
    assert!(!path.exists());
    drop(SqliteStore::open(&SqliteOptions::new(&path)).unwrap());
    let nowhere = folder.path().join("nowhere");
    let refused = snapshot(&path, Some(&nowhere)).err().unwrap().to_string();
    assert!(refused.contains("nowhere/wallet.db.snapshot"), "{refused}");
    assert!(refused.contains("--temp-dir"), "{refused}");
}

/// Other users may write to a folder for temporary files.
#[cfg(unix)]
#[test]
fn a_copy_is_never_written_through_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wallet.db");
    drop(SqliteStore::open(&SqliteOptions::new(&path)).unwrap());
    let elsewhere = tempfile::tempdir().unwrap();
    let theirs = elsewhere.path().join("theirs");
    fs::write(&theirs, "theirs").unwrap();
    let link = elsewhere.path().join("wallet.db.snapshot");
    std::os::unix::fs::symlink(&theirs, &link).unwrap();
    drop(snapshot(&path, Some(elsewhere.path())).unwrap());
    assert_eq!(fs::read_to_string(&theirs).unwrap(), "theirs");
}

fn printed(error: &SnapshotError) -> String {
    Causes(error).to_string()
}

#[test]
fn a_defect_of_the_file_is_reported_and_not_blamed_on_disk_space() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text.db");
    fs::write(&text, "these are not the books that you are looking for").unwrap();
    let directory = folder.path().join("directory.db");
    fs::create_dir(&directory).unwrap();
    // A ledger with overwritten pages.
    let damaged = folder.path().join("damaged.db");
    drop(SqliteStore::open(&SqliteOptions::new(&damaged)).unwrap());
    let mut bytes = fs::read(&damaged).unwrap();
    bytes[4096..].fill(0xee);
    fs::write(&damaged, bytes).unwrap();
    for (file, reason) in [
        (text, "not a database of this service"),
        (directory, "nable to open"),
        (damaged, "malformed"),
    ] {
        let refused = printed(&snapshot(&file, None).err().unwrap());
        assert!(refused.contains(reason), "{refused}");
        assert!(refused.contains(&*file.to_string_lossy()), "{refused}");
        assert!(!refused.contains("space"), "{refused}");
    }
}
