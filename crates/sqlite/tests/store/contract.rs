//! The contract of every store.

use tempfile::TempDir;
use wallet_sqlite::{SqliteOptions, SqliteStore};

fn store() -> (SqliteStore, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let options = SqliteOptions::new(folder.path().join("ledger.db"));
    (
        SqliteStore::open(&options).expect("a new store opens"),
        folder,
    )
}

wallet_domain::store_contract!(store);
