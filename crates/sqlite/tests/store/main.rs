//! The SQLite store: the contract of every store, and what is specific to this one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod damaged;
mod file;
mod golden;
#[cfg(target_os = "linux")]
mod large;
mod opening;
mod plans;

use tempfile::TempDir;
use wallet_sqlite::{SqliteOptions, SqliteStore};

fn new_store() -> (SqliteStore, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteOptions::new(folder.path().join("ledger.db"));
    (SqliteStore::open(&options).unwrap(), folder)
}

wallet_domain::store_contract!(new_store);
