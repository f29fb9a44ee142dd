//! Holds, as short stories.

use crate::testing::InMemoryStore;
use crate::testing::fixtures::{
    NOW, account_id, amount, capture, change_hold, deposit, expire, hold, hold_until, internal,
    open, transfer_id, transfer_of, withdraw,
};
use crate::{
    Command, Hold, HoldAction, HoldState, LedgerQueries, Outcome, Rejection, Reversal, Terms,
    Timestamp, TransferDetails, Unit, execute, execute_units,
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
        Outcome::NotApplied => "not applied",
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

fn stored(store: &InMemoryStore, id: u128) -> Hold {
    store.hold(transfer_id(id)).unwrap().unwrap()
}

#[test]
fn held_money_cannot_be_spent_and_captured_money_was_held() {
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
    assert_eq!(stored(&store, 10).state, HoldState::Captured);
    assert_eq!(stored(&store, 10).captured, amount("40"));
}

#[test]
fn a_capture_without_an_amount_takes_the_rest() {
    let store = store();
    let placed = hold(10, 1, 2, "80");
    run(&store, &placed);
    run(&store, &capture(11, &placed, Some("30"), false));
    let rest = capture(12, &placed, None, false);
    assert_eq!(run(&store, &rest), "created");
    assert_eq!(money(&store, 1), "20 0 20 v4");
    assert_eq!(stored(&store, 10).state, HoldState::Captured);
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
    assert_eq!(recorded.amount, amount("99"), "what was released");
    assert_eq!(recorded.parts[0].amount, amount("0"), "no money moved");
    assert_eq!(
        recorded.parts[0].corresponding_account_id,
        Some(account_id(2))
    );
}

#[test]
fn placing_is_refused_and_retried_like_a_transfer() {
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
fn a_hold_expires_at_its_time_even_before_it_is_released() {
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
    assert_eq!(money(&store, 1), "99 79 20 v3", "held until it is settled");
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
        [Outcome::NotApplied, Outcome::NotApplied, refused]
    );
    assert_eq!(
        transfer_of(&outcomes[5]).hold().unwrap().state,
        HoldState::Captured
    );
    assert_eq!(money(&store, 1), "100 0 100 v1");
    assert_eq!(store.all_holds(), []);
    execute_units(&store, &[unit("30", false)], NOW).unwrap();
    assert_eq!(money(&store, 1), "20 0 20 v4");
}

#[test]
fn only_holds_that_moved_money_can_be_reversed() {
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
        stored(&store, 10).captured,
        amount("30"),
        "the hold is history"
    );
}
