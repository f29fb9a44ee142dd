//! Rows whose columns contradict each other: none of them is read as something that it is not.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use wallet_domain::testing::contract::a_transfer_with_contradicting_columns_is_refused_and_named;
use wallet_sqlite::{SqliteOptions, SqliteStore};

/// The transfer whose row is damaged, and how.
const DAMAGE: [(u128, &str); 6] = [
    (2, "UPDATE transfers SET reverses = id WHERE type = 4"),
    (2, "UPDATE transfers SET type = 3 WHERE type = 4"),
    (3, "UPDATE transfers SET type = 4 WHERE type = 3"),
    (
        2,
        "UPDATE transfer_effects SET quote_id = hold_id WHERE hold_id IS NOT NULL",
    ),
    (
        2,
        "UPDATE transfer_effects SET credit_limit = '1' WHERE hold_id IS NOT NULL",
    ),
    (
        2,
        "UPDATE transfer_effects SET leader_id = hold_id, followers = 1",
    ),
];

#[test]
fn a_transfer_whose_columns_contradict_each_other_is_refused_and_named() {
    for (number, damage) in DAMAGE {
        println!("{damage}");
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteOptions::new(folder.path().join("ledger.db"));
        let store = SqliteStore::open(&options).unwrap();
        a_transfer_with_contradicting_columns_is_refused_and_named(&store, number, &|| {
            let path = store.path().to_str().expect("a text");
            let mut stranger = SqliteConnection::establish(path).unwrap();
            stranger.batch_execute(damage).unwrap();
        });
    }
}
