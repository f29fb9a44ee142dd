//! Rows whose columns contradict each other: none of them is read as something that it is not.

use wallet_domain::testing::fixtures::{
    NOW, account_id, deposit, hold, internal, open, transfer_id,
};
use wallet_domain::{Causes, ChainHead, LedgerQueries, StoreError, execute, verify};

use crate::new_store;

/// The transfer whose row is damaged, how, and how it is repaired.
const DAMAGE: [(u128, &str, &str); 6] = [
    (2, "reverses = id WHERE type = 4", "reverses = NULL"),
    (2, "type = 3 WHERE type = 4", "type = 4 WHERE hold_id = id"),
    (
        3,
        "type = 4 WHERE type = 3",
        "type = 3 WHERE hold_id IS NULL AND type = 4",
    ),
    (2, "quote_id = id WHERE type = 4", "quote_id = NULL"),
    (2, "credit_limit = 1 WHERE type = 4", "credit_limit = NULL"),
    (
        2,
        "leader_id = id, followers = 1 WHERE type = 4",
        "leader_id = NULL, followers = NULL",
    ),
];

#[test]
fn a_transfer_whose_columns_contradict_each_other_is_refused_and_named() {
    let (store, database) = new_store();
    let commands = [
        open(1, "USD"),
        open(2, "USD"),
        deposit(1, 1, "10"),
        hold(2, 1, 2, "4"),
        internal(3, 1, 2, "1"),
    ];
    execute(&store, &commands, NOW).unwrap();
    for (number, damage, repair) in DAMAGE {
        let change = |sql: &str| database.psql(&format!("UPDATE transfers SET {sql}"));
        change(damage).unwrap();
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
        change(repair).unwrap();
        verify(&store, &ChainHead::default(), &mut |_| {}).unwrap();
    }
}
