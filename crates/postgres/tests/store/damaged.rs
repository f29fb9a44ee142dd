//! Rows whose columns contradict each other: none of them is read as something that it is not.

use wallet_domain::testing::contract::a_transfer_with_contradicting_columns_is_refused_and_named;
use wallet_domain::{ChainHead, verify};

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
    for (number, damage, repair) in DAMAGE {
        println!("{damage}");
        let change = |sql: &str| database.psql(&format!("UPDATE transfers SET {sql}"));
        a_transfer_with_contradicting_columns_is_refused_and_named(&store, number, &|| {
            change(damage).unwrap();
        });
        change(repair).unwrap();
        verify(&store, &ChainHead::default(), &mut |_| {}).unwrap();
    }
}
