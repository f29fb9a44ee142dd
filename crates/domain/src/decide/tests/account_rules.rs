//! The rules of accounts, as short stories.

use super::holds::{money, run, store};
use crate::testing::fixtures::{
    account_id, amount, capture, change_account, change_hold, deposit, hold, internal, transfer_id,
    withdraw,
};
use crate::{
    AccountChange, AccountStatus, ChangeAccount, Command, HoldAction, LedgerQueries, Precision,
    Terms, TransferDetails,
};

#[test]
fn a_freeze_stops_one_way_or_both_and_never_a_release() {
    let store = store();
    run(&store, &deposit(2, 2, "5"));
    let placed = hold(10, 1, 2, "10");
    run(&store, &placed);
    run(
        &store,
        &change_account(11, 1, None, Some(AccountStatus::OutgoingFrozen)),
    );
    for command in [
        internal(12, 1, 2, "1"),
        withdraw(12, 1, "1"),
        hold(12, 1, 2, "1"),
        capture(12, &placed, Some("1"), false),
    ] {
        assert_eq!(run(&store, &command), "sender_account_frozen");
    }
    assert_eq!(run(&store, &internal(12, 2, 1, "1")), "created");
    run(
        &store,
        &change_account(13, 1, None, Some(AccountStatus::Frozen)),
    );
    assert_eq!(run(&store, &deposit(14, 1, "1")), "receiver_account_frozen");
    assert_eq!(
        run(&store, &internal(14, 2, 1, "1")),
        "receiver_account_frozen"
    );
    assert_eq!(run(&store, &hold(14, 2, 1, "1")), "receiver_account_frozen");
    assert_eq!(
        run(&store, &change_hold(15, &placed, HoldAction::Void)),
        "created"
    );
    run(
        &store,
        &change_account(16, 1, None, Some(AccountStatus::Active)),
    );
    assert_eq!(run(&store, &internal(17, 1, 2, "1")), "created");
}

#[test]
fn only_an_empty_account_is_closed_and_permanently() {
    let store = store();
    let close = |id| change_account(id, 1, None, Some(AccountStatus::Closed));
    assert_eq!(run(&store, &close(10)), "account_not_empty");
    run(&store, &withdraw(11, 1, "100"));
    run(&store, &change_account(12, 1, Some("5"), None));
    let placed = hold(13, 1, 2, "5");
    run(&store, &placed);
    assert_eq!(
        run(&store, &close(14)),
        "account_not_empty",
        "it has a hold"
    );
    run(&store, &change_hold(15, &placed, HoldAction::Void));
    assert_eq!(run(&store, &close(16)), "created");
    assert_eq!(run(&store, &close(16)), "exists");
    assert_eq!(run(&store, &close(17)), "account_closed");
    let reopen = change_account(18, 1, None, Some(AccountStatus::Active));
    assert_eq!(run(&store, &reopen), "account_closed");
    assert_eq!(run(&store, &deposit(19, 1, "1")), "receiver_account_closed");
    assert_eq!(run(&store, &withdraw(19, 1, "1")), "sender_account_closed");
}

#[test]
fn credit_can_be_spent_held_and_removed() {
    let store = store();
    assert_eq!(
        run(&store, &change_account(10, 1, Some("50.005"), None)),
        "created"
    );
    assert_eq!(money(&store, 1), "100 0 150.01 v2");
    assert_eq!(
        run(&store, &withdraw(11, 1, "150.02")),
        "insufficient_funds"
    );
    assert_eq!(run(&store, &withdraw(11, 1, "120")), "created");
    assert_eq!(run(&store, &hold(12, 1, 2, "30.01")), "created");
    assert_eq!(money(&store, 1), "-20 30.01 0 v4");
    assert_eq!(
        run(&store, &change_account(13, 1, Some("0"), None)),
        "created"
    );
    assert_eq!(money(&store, 1), "-20 30.01 -50.01 v5");
    assert_eq!(
        run(&store, &internal(14, 1, 2, "0.01")),
        "insufficient_funds"
    );
    // Holds from before are kept.
    let placed = hold(12, 1, 2, "30.01");
    assert_eq!(
        run(&store, &capture(15, &placed, Some("10"), false)),
        "created"
    );
    assert_eq!(money(&store, 1), "-30 20.01 -50.01 v6");
    assert_eq!(run(&store, &deposit(16, 1, "50.01")), "created");
    assert_eq!(money(&store, 1), "20.01 20.01 0 v7");
}

#[test]
fn a_change_of_an_account_that_makes_no_sense_is_refused() {
    let store = store();
    let limit = |text: &str| change_account(10, 1, Some(text), None);
    assert_eq!(
        run(&store, &limit("-0.01")),
        "credit_limit_must_not_be_negative"
    );
    let most = format!("{}.99", "9".repeat(36));
    assert_eq!(
        run(&store, &limit(&most)),
        "credit_limit_too_large",
        "with the balance of 100"
    );
    assert_eq!(
        run(&store, &change_account(10, 9, Some("1"), None)),
        "account_not_exist"
    );
    let account = store.account(account_id(1)).unwrap().unwrap();
    let expecting = |version| {
        let details = TransferDetails::default();
        let change = AccountChange {
            credit_limit: Some(amount("7.001")),
            status: None,
            ..AccountChange::default()
        };
        let rounded = Precision::Rounded;
        let change = ChangeAccount::new(
            account.id,
            account.currency_code,
            transfer_id(10),
            change,
            rounded,
            details,
        );
        Command::ChangeAccount(change.expecting(version, 0))
    };
    assert_eq!(run(&store, &expecting(2)), "account_changed");
    assert_eq!(run(&store, &expecting(1)), "created");
    // The retry expects the version of the first time.
    assert_eq!(run(&store, &expecting(1)), "exists");
    assert_eq!(run(&store, &limit("7")), "exists", "rounded to the same");
    assert_eq!(run(&store, &limit("8")), "id_already_used");
}

#[test]
fn terms_apply_to_the_available_amount() {
    let store = store();
    run(&store, &hold(10, 1, 2, "80"));
    run(&store, &change_account(11, 1, Some("5"), None));
    let at_least = |text| {
        let Command::InternalTransfer(transfer) = internal(12, 1, 2, "1") else {
            unreachable!()
        };
        let terms = Terms {
            sender_available_at_least: Some(amount(text)),
            ..Terms::default()
        };
        Command::InternalTransfer(transfer.with(TransferDetails::default(), terms))
    };
    assert_eq!(run(&store, &at_least("25.01")), "sender_available_too_low");
    assert_eq!(run(&store, &at_least("25")), "created");
}

#[test]
fn an_overflowing_sum_is_never_available() {
    // 36 digits before the point and two behind it: the remaining amount has more digits than an
    // amount, if anything is held.
    let most = "999999999999999999999999999999999999.99";
    let store = store();
    run(&store, &change_account(5, 1, Some("5"), None));
    run(&store, &hold(10, 1, 2, "102.5"));
    assert_eq!(money(&store, 1), "100 102.5 2.5 v3");
    assert_eq!(run(&store, &withdraw(11, 1, most)), "insufficient_funds");
    assert_eq!(run(&store, &internal(11, 1, 2, most)), "insufficient_funds");
    assert_eq!(run(&store, &hold(11, 1, 2, most)), "insufficient_funds");
    assert_eq!(money(&store, 1), "100 102.5 2.5 v3");
}
