//! What a backup refuses, and what it leaves behind. A test of the whole service checks the content
//! of a backup under load.

use wallet_domain::{AccountId, Command, LedgerQueries, OpenAccount, Timestamp, execute};

use super::*;
use crate::{SqliteOptions, SqliteStore};

/// A ledger with one account.
fn ledger(path: &Path) -> SqliteStore {
    let store = SqliteStore::open(&SqliteOptions::new(path)).unwrap();
    let account_id = AccountId::new(uuid::Uuid::from_u128(1)).unwrap();
    let command = Command::OpenAccount(OpenAccount::new(account_id, "USD".parse().unwrap()));
    execute(&store, &[command], Timestamp::from_micros(1)).unwrap();
    store
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_copy_of_an_open_ledger_opens_and_holds_its_accounts() {
    let folder = tempfile::tempdir().unwrap();
    // Characters with a meaning in the URI of a file.
    let path = folder.path().join("100% of? the#books.db");
    let store = ledger(&path);
    let to = folder.path().join("copies");
    fs::create_dir(&to).unwrap();
    let to = to.join("it's a copy.db");
    let backup = back_up(&path, &to).unwrap();
    assert_eq!(backup.bytes, fs::metadata(&to).unwrap().len());
    assert_eq!(names(to.parent().unwrap()), ["it's a copy.db"]);
    let copy = SqliteStore::open(&SqliteOptions::new(&to)).unwrap();
    assert_eq!(copy.accounts_least_recently_updated(100).unwrap().len(), 1);
    drop(store);
}

#[cfg(unix)]
#[test]
fn a_copy_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wallet.db");
    drop(ledger(&path));
    let to = folder.path().join("copy.db");
    back_up(&path, &to).unwrap();
    let mode = fs::metadata(&to).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn an_existing_file_is_not_overwritten_nor_a_dangling_link() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wallet.db");
    let _store = ledger(&path);
    let to = folder.path().join("copy.db");
    fs::write(&to, "another file").unwrap();
    let error = back_up(&path, &to).unwrap_err();
    assert!(matches!(&error, BackupError::Exists(file) if *file == to));
    assert_eq!(fs::read_to_string(&to).unwrap(), "another file");
    let error = back_up(&path, &path).unwrap_err();
    assert!(matches!(error, BackupError::Exists(_)), "{error}");
    #[cfg(unix)]
    {
        let link = folder.path().join("link.db");
        std::os::unix::fs::symlink(folder.path().join("nowhere"), &link).unwrap();
        let error = back_up(&path, &link).unwrap_err();
        assert!(matches!(error, BackupError::Exists(_)), "{error}");
    }
}

#[test]
fn a_file_created_during_the_copy_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("copy.db");
    let partial = PartialBackup::claim(&to).unwrap();
    fs::write(&to, "another file").unwrap();
    let error = partial.finish(&to).unwrap_err();
    assert!(matches!(error, BackupError::Exists(_)), "{error}");
    assert_eq!(fs::read_to_string(&to).unwrap(), "another file");
    assert_eq!(names(folder.path()), ["copy.db"]);
}

#[test]
fn two_backups_of_one_name_do_not_mix_and_a_stale_partial_file_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wallet.db");
    drop(ledger(&path));
    let to = folder.path().join("copy.db");
    let other = PartialBackup::claim(&to).unwrap();
    let error = back_up(&path, &to).unwrap_err();
    assert!(matches!(error, BackupError::InProgress(_)), "{error}");
    drop(other);
    fs::write(folder.path().join("copy.db.partial"), "half a copy").unwrap();
    back_up(&path, &to).unwrap();
    SqliteStore::open(&SqliteOptions::new(&to)).unwrap();
    assert!(!names(folder.path()).contains(&"copy.db.partial".to_owned()));
}

#[test]
fn a_file_that_is_not_a_ledger_is_named_and_nothing_is_created() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("copy.db");
    let missing = folder.path().join("wallet.db");
    let error = back_up(&missing, &to).unwrap_err();
    assert!(matches!(&error, BackupError::NoLedger(file, _) if *file == missing));
    let text = folder.path().join("text.db");
    fs::write(&text, "these are not the books that you are looking for").unwrap();
    let error = back_up(&text, &to).unwrap_err();
    assert!(matches!(&error, BackupError::NotALedger(_)), "{error:?}");
    let empty = folder.path().join("empty.db");
    fs::write(&empty, "").unwrap();
    let error = back_up(&empty, &to).unwrap_err();
    assert!(matches!(&error, BackupError::NotALedger(_)), "{error:?}");
    assert_eq!(names(folder.path()), ["empty.db", "text.db"]);
}

#[test]
fn a_missing_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wallet.db");
    drop(ledger(&path));
    let to = folder.path().join("nowhere").join("copy.db");
    let error = back_up(&path, &to).unwrap_err().to_string();
    assert!(
        error.contains("nowhere/copy.db") && error.contains("folder has to exist"),
        "{error}"
    );
}
