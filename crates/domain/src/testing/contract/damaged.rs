//! Rows that someone has changed behind the ledger's back.
//!
//! Only a store's own tests can damage its rows, so this rule takes the damage as an argument and
//! is not one of the tests that `store_contract!` makes.

use crate::testing::fixtures::{NOW, account_id, deposit, hold, internal, open, transfer_id};
use crate::{Causes, ChainHead, LedgerStore, StoreError, WholeLedger, execute, verify};

/// A transfer whose columns contradict each other is refused and named, and not read as something
/// that it is not. Other rows are read.
///
/// `damage` changes the row of the transfer with this number: of a deposit (1), a hold (2), or an
/// internal transfer (3).
pub fn a_transfer_with_contradicting_columns_is_refused_and_named<S: LedgerStore + WholeLedger>(
    store: &S,
    number: u128,
    damage: &dyn Fn(),
) {
    let commands = [
        open(1, "USD"),
        open(2, "USD"),
        deposit(1, 1, "10"),
        hold(2, 1, 2, "4"),
        internal(3, 1, 2, "1"),
    ];
    execute(store, &commands, NOW).expect("the store works");
    damage();
    let id = transfer_id(number);
    let expected = format!("transfer {id} has columns that contradict its type");
    let read = store.transfer(id);
    let Err(StoreError::Refused(cause)) = read else {
        panic!("{read:?}");
    };
    let causes = Causes(&*cause).to_string();
    assert!(causes.contains(&expected), "{causes}");
    let error = verify(store, &ChainHead::default(), &mut |_| {});
    let error = error.expect_err("a damaged row is no proof");
    let error = error.to_string();
    assert!(error.contains(&expected), "{error}");
    let account = store.account(account_id(1));
    assert!(matches!(account, Ok(Some(_))), "{account:?}");
    let transfer = store.transfer(transfer_id(1));
    assert!(matches!(transfer, Ok(Some(_))), "{transfer:?}");
}
