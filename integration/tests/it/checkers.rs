//! The checker of the books, on real stores: it proves sound books, and finds manual changes.

use uuid::Uuid;
use wallet_integration::books::{Ledger, prove};
use wallet_integration::fund::{Funded, fund};
use wallet_integration::store::TestStore;

each_store!(sound_books_are_proved, manually_changed_books_are_refuted);

/// Two accounts with money and one without.
fn accounts(store: &TestStore) {
    let account = |number: u128, currency_code, balance: i64| Funded {
        id: Uuid::from_u128(number),
        currency_code,
        balance: balance.into(),
    };
    fund(
        store,
        [
            account(1, "USD", 100),
            account(2, "USD", 0),
            account(3, "BTC", 7),
        ],
    )
    .unwrap();
}

fn sound_books_are_proved(store: &TestStore) {
    accounts(store);
    let proved = prove(store).unwrap();
    assert_eq!((proved.accounts.len(), proved.transfer_ids.len()), (3, 2));
    let ledger = Ledger::load(store).unwrap();
    let account = |number| ledger.account(Uuid::from_u128(number)).unwrap();
    assert_eq!(
        (account(1).balance.clone(), account(1).version),
        (100.into(), 1)
    );
    assert_eq!(
        (account(2).balance.clone(), account(2).version),
        (0.into(), 0)
    );
    assert_eq!(account(3).currency_code, "BTC");
    assert_eq!(ledger.transfer_ids(), proved.transfer_ids);
}

fn manually_changed_books_are_refuted(store: &TestStore) {
    accounts(store);
    // An account in SQLite has no balance column; its last part has the balance.
    let account_says_otherwise = store.file().is_none().then_some((
        "UPDATE accounts SET balance = '101' WHERE balance = '100'",
        "UPDATE accounts SET balance = '100' WHERE balance = '101'",
        "has 101, its parts make 100",
    ));
    let changes = account_says_otherwise.into_iter().chain([
        (
            "UPDATE transfer_parts SET balance = '101' WHERE balance = '100'",
            "UPDATE transfer_parts SET balance = '100' WHERE balance = '101'",
            "the balance is 101, it should be 100",
        ),
        (
            "UPDATE transfer_parts SET version = 2 WHERE amount = '7'",
            "UPDATE transfer_parts SET version = 1 WHERE amount = '7'",
            "the version after the last one is 1",
        ),
        (
            "UPDATE transfers SET amount = '8' WHERE amount = '7'",
            "UPDATE transfers SET amount = '7' WHERE amount = '8'",
            "of 8 has parts of 7",
        ),
        (
            "DELETE FROM transfers WHERE amount = '7'",
            "",
            "is not among the transfers",
        ),
        (
            "DELETE FROM transfer_parts WHERE amount = '100'",
            "",
            "has no parts, or is there twice",
        ),
    ]);
    for (change, undo, finding) in changes {
        store.run_sql(change).unwrap();
        let refutation = prove(store).expect_err(change).to_string();
        assert!(refutation.contains(finding), "{change}: {refutation}");
        store.run_sql(undo).unwrap();
    }
}
