//! Holds and the rules of accounts, as short stories.

use crate::testing::InMemoryStore;
use crate::testing::fixtures::{
    NOW, account_id, amount, capture, change_account, change_hold, deposit, expire, hold,
    hold_until, internal, open, transfer_id, transfer_of, withdraw,
};
use crate::{
    AccountStatus, ChangeAccount, Command, Hold, HoldAction, HoldState, LedgerQueries, Outcome,
    Rejection, Reversal, Terms, Timestamp, TransferDetails, Unit, execute, execute_units,
};

fn at(second: i64) -> Timestamp {
    NOW.plus_micros(second * 1_000_000)
}

/// Account 1 with 100, account 2 with nothing.
pub(super) fn store() -> InMemoryStore {
    let store = InMemoryStore::new();
    run(&store, &open(1, "USD"));
    run(&store, &open(2, "USD"));
    run(&store, &deposit(1, 1, "100"));
    store
}

pub(super) fn run_at(store: &InMemoryStore, command: &Command, time: Timestamp) -> &'static str {
    let commands = std::slice::from_ref(command);
    match execute(store, commands, time).unwrap().remove(0) {
        Outcome::Created(_) => "created",
        Outcome::Exists(_) => "exists",
        Outcome::Rejected(rejection) => rejection.code(),
        Outcome::NotCarriedOut => "not carried out",
    }
}

pub(super) fn run(store: &InMemoryStore, command: &Command) -> &'static str {
    run_at(store, command, NOW)
}

/// Balance, held, available and version.
pub(super) fn money(store: &InMemoryStore, account: u128) -> String {
    let account = store.account(account_id(account)).unwrap().unwrap();
    let (available, version) = (account.available(), account.version);
    format!(
        "{} {} {available} v{version}",
        account.balance, account.held
    )
}

fn kept(store: &InMemoryStore, id: u128) -> Hold {
    store.hold(transfer_id(id)).unwrap().unwrap()
}

#[test]
fn what_is_held_cannot_be_spent_and_what_is_captured_was_held() {
    let store = store();
    let placed = hold(10, 1, 2, "80");
    assert_eq!(run(&store, &placed), "created");
    assert_eq!(money(&store, 1), "100 80 20 v2");
    assert_eq!(money(&store, 2), "0 0 0 v0");
    assert_eq!(
        run(&store, &internal(11, 1, 2, "20.01")),
        "insufficient_funds"
    );
    assert_eq!(run(&store, &withdraw(11, 1, "20.01")), "insufficient_funds");
    assert_eq!(run(&store, &hold(11, 1, 2, "20.01")), "insufficient_funds");
    assert_eq!(run(&store, &internal(11, 1, 2, "20")), "created");
    assert_eq!(money(&store, 1), "80 80 0 v3");

    assert_eq!(
        run(&store, &capture(12, &placed, Some("80.01"), false)),
        "capture_exceeds_hold"
    );
    assert_eq!(
        run(&store, &capture(12, &placed, Some("30"), false)),
        "created"
    );
    assert_eq!(money(&store, 1), "50 50 0 v4");
    assert_eq!(money(&store, 2), "50 0 50 v2");
    assert_eq!(
        run(&store, &capture(13, &placed, Some("10"), true)),
        "created"
    );
    assert_eq!(money(&store, 1), "40 0 40 v5");
    assert_eq!(kept(&store, 10).state, HoldState::Captured);
    assert_eq!(kept(&store, 10).captured, amount("40"));
}

#[test]
fn a_capture_without_an_amount_takes_all_that_is_left() {
    let store = store();
    let placed = hold(10, 1, 2, "80");
    run(&store, &placed);
    run(&store, &capture(11, &placed, Some("30"), false));
    let rest = capture(12, &placed, None, false);
    assert_eq!(run(&store, &rest), "created");
    assert_eq!(money(&store, 1), "20 0 20 v4");
    assert_eq!(kept(&store, 10).state, HoldState::Captured);
    // The same command with its amount is a retry; with another amount it is not.
    assert_eq!(run(&store, &rest), "exists");
    assert_eq!(
        run(&store, &capture(12, &placed, Some("50"), true)),
        "exists"
    );
    assert_eq!(
        run(&store, &capture(12, &placed, Some("49"), true)),
        "id_already_used"
    );
    assert_eq!(
        run(&store, &capture(11, &placed, None, false)),
        "id_already_used"
    );
    assert_eq!(
        run(&store, &capture(11, &placed, Some("30"), true)),
        "id_already_used"
    );
    assert_eq!(
        run(&store, &capture(11, &placed, Some("30"), false)),
        "exists"
    );
    assert_eq!(
        run(&store, &change_hold(11, &placed, HoldAction::Void)),
        "id_already_used"
    );
}

#[test]
fn a_hold_can_be_increased_by_what_is_available_and_voided() {
    let store = store();
    let placed = hold(10, 1, 2, "80");
    let increase = |id, text| {
        let amount = amount(text);
        change_hold(id, &placed, HoldAction::Increase { amount })
    };
    run(&store, &placed);
    assert_eq!(run(&store, &increase(11, "20.01")), "insufficient_funds");
    assert_eq!(
        run(&store, &increase(11, "0.004")),
        "transfer_amount_must_be_positive"
    );
    assert_eq!(run(&store, &increase(11, "20")), "created");
    assert_eq!(money(&store, 1), "100 100 0 v3");
    run(&store, &capture(12, &placed, Some("1"), false));
    assert_eq!(
        run(&store, &change_hold(13, &placed, HoldAction::Void)),
        "created"
    );
    assert_eq!(money(&store, 1), "99 0 99 v5");
    let recorded = store.transfer(transfer_id(13)).unwrap().unwrap().transfer;
    assert_eq!(recorded.amount, amount("99"), "what was let go");
    assert_eq!(recorded.parts[0].amount, amount("0"), "no money moved");
    assert_eq!(
        recorded.parts[0].corresponding_account_id,
        Some(account_id(2))
    );
}

#[test]
fn placing_is_refused_like_a_transfer_and_repeated_like_one() {
    let store = store();
    let placed = hold_until(10, 1, 2, "80", Some(at(9)));
    assert_eq!(
        run(&store, &hold(10, 3, 2, "1")),
        "sender_account_not_exist"
    );
    assert_eq!(
        run(&store, &hold(10, 1, 3, "1")),
        "receiver_account_not_exist"
    );
    assert_eq!(
        run(&store, &hold(10, 1, 2, "0")),
        "transfer_amount_must_be_positive"
    );
    assert_eq!(run_at(&store, &placed, at(9)), "hold_expired");
    assert_eq!(
        run(&store, &capture(11, &placed, None, false)),
        "hold_not_exist"
    );
    assert_eq!(run(&store, &placed), "created");
    assert_eq!(run_at(&store, &placed, at(20)), "exists");
    let Command::PlaceHold(other) = hold_until(10, 1, 2, "80", Some(at(8))) else {
        unreachable!()
    };
    let terms = Terms {
        replay: crate::Replay::SameContent,
        ..Terms::default()
    };
    let transfer = other
        .transfer
        .clone()
        .with(TransferDetails::default(), terms);
    let other = Command::PlaceHold(crate::PlaceHold::new(transfer, other.expires_at));
    assert_eq!(run(&store, &other), "id_already_used");
    // A transfer with the id of a hold is not the hold, and vice versa.
    assert_eq!(
        run(&store, &capture(1, &placed, None, false)),
        "id_already_used"
    );
}

#[test]
fn a_hold_is_over_at_its_time_whether_or_not_anybody_saw_to_it() {
    let store = store();
    let placed = hold_until(10, 1, 2, "80", Some(at(10)));
    run(&store, &placed);
    assert_eq!(run_at(&store, &expire(&placed), at(9)), "hold_not_due");
    let early = at(10).plus_micros(-1);
    assert_eq!(
        run_at(&store, &capture(11, &placed, Some("1"), false), early),
        "created"
    );
    assert_eq!(
        run_at(&store, &capture(12, &placed, Some("1"), false), at(10)),
        "hold_expired"
    );
    assert_eq!(
        money(&store, 1),
        "99 79 20 v3",
        "held until somebody sees to it"
    );
    assert_eq!(store.holds_due(early, 9).unwrap(), []);
    assert_eq!(store.holds_due(at(10), 9).unwrap().len(), 1);
    assert_eq!(run_at(&store, &expire(&placed), at(10)), "created");
    assert_eq!(run_at(&store, &expire(&placed), at(11)), "exists");
    assert_eq!(money(&store, 1), "99 0 99 v4");
    assert_eq!(store.holds_due(at(99), 9).unwrap(), []);
}

#[test]
fn a_hold_is_placed_and_captured_in_one_unit_or_not_at_all() {
    let store = store();
    let placed = hold(10, 1, 2, "80");
    let unit = |last: &str, dry_run| Unit {
        commands: vec![
            placed.clone(),
            capture(11, &placed, Some("50"), false),
            capture(12, &placed, Some(last), false),
        ],
        dry_run,
    };
    let outcomes = execute_units(&store, &[unit("31", false), unit("30", true)], NOW).unwrap();
    let refused = Outcome::Rejected(Rejection::CaptureExceedsHold);
    assert_eq!(
        outcomes[..3],
        [Outcome::NotCarriedOut, Outcome::NotCarriedOut, refused]
    );
    assert_eq!(
        transfer_of(&outcomes[5]).hold.as_ref().unwrap().state,
        HoldState::Captured
    );
    assert_eq!(money(&store, 1), "100 0 100 v1");
    assert_eq!(store.all_holds(), []);
    execute_units(&store, &[unit("30", false)], NOW).unwrap();
    assert_eq!(money(&store, 1), "20 0 20 v4");
}

#[test]
fn a_capture_may_be_taken_back_and_what_moved_no_money_may_not() {
    let store = store();
    let placed = hold(10, 1, 2, "80");
    run(&store, &placed);
    run(&store, &capture(11, &placed, Some("30"), true));
    let reverse = |id, of| {
        let original = store.transfer(transfer_id(of)).unwrap().unwrap().transfer;
        let details = TransferDetails::default();
        let reversal = Reversal::new(&original, transfer_id(id), None, details, Terms::default());
        Command::Reversal(reversal)
    };
    assert_eq!(run(&store, &reverse(12, 10)), "transfer_moves_no_money");
    assert_eq!(run(&store, &reverse(12, 11)), "created");
    assert_eq!(money(&store, 1), "100 0 100 v4");
    assert_eq!(
        kept(&store, 10).captured,
        amount("30"),
        "the hold is history"
    );
}

#[test]
fn a_freeze_stops_one_way_or_both_and_never_the_letting_go() {
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
fn only_an_empty_account_is_closed_and_for_ever() {
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
fn credit_can_be_spent_and_held_and_taken_away_again() {
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
fn a_change_of_an_account_is_refused_where_it_makes_no_sense() {
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
        let change = crate::AccountChange {
            credit_limit: Some(amount("7.001")),
            status: None,
            ..crate::AccountChange::default()
        };
        let rounded = crate::Precision::Rounded;
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
    // The retry expects the available amount of the first time.
    assert_eq!(run(&store, &expecting(1)), "exists");
    assert_eq!(run(&store, &limit("7")), "exists", "rounded to the same");
    assert_eq!(run(&store, &limit("8")), "id_already_used");
}

#[test]
fn terms_are_about_what_is_available() {
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
fn no_sum_is_so_large_that_it_passes_for_what_is_available() {
    // 36 digits before the point and two behind it: if anything is held, the available amount has
    // more digits than an amount.
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
