//! Rows whose columns contradict each other: none of them is read as something that it is not.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use wallet_domain::testing::fixtures::{
    NOW, account_id, deposit, hold, internal, open, transfer_id,
};
use wallet_domain::{Causes, ChainHead, LedgerQueries, StoreError, execute, verify};
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
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteOptions::new(folder.path().join("ledger.db"));
        let store = SqliteStore::open(&options).unwrap();
        let commands = [
            open(1, "USD"),
            open(2, "USD"),
            deposit(1, 1, "10"),
            hold(2, 1, 2, "4"),
            internal(3, 1, 2, "1"),
        ];
        execute(&store, &commands, NOW).unwrap();
        let mut stranger =
            SqliteConnection::establish(store.path().to_str().expect("a text")).unwrap();
        stranger.batch_execute(damage).unwrap();

        let id = transfer_id(number);
        let expected = format!(
            "transfer {} says something that a transfer of its type does not",
            id.as_uuid()
        );
        let read = store.transfer(id);
        let Err(StoreError::Refused(cause)) = read else {
            panic!("{damage}: {read:?}");
        };
        let causes = Causes(&*cause).to_string();
        assert!(causes.contains(&expected), "{damage}: {causes}");
        let error = verify(&store, &ChainHead::default(), &mut |_| {}).unwrap_err();
        let error = error.to_string();
        assert!(error.contains(&expected), "{damage}: {error}");
        // Other rows are read.
        assert!(store.account(account_id(1)).unwrap().is_some());
        assert!(store.transfer(transfer_id(1)).unwrap().is_some());
    }
}
