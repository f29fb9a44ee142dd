//! Rules about what a store keeps.

use super::{Store, check_history, read, read_account, run, run_all};
use crate::testing::InMemoryStore;
use crate::testing::fixtures::{
    NOW, account_id, amount, deposit, deposit_in, internal, internal_in, open, transfer_id,
    transfer_of, withdraw,
};
use crate::{
    AccountStatus, Command, Direction, Outcome, ReadSet, Recorded, TransferPart, TransferType,
};

/// Accounts and transfers are read as the decision wrote them.
pub fn the_next_batch_reads_what_a_batch_wrote(store: &impl Store) {
    let commands = [
        open(1, "USD"),
        open(2, "USD"),
        deposit(1, 1, "10.50"),
        internal(2, 1, 2, "0.25"),
    ];
    let outcomes = run(store, &commands);
    let snapshot = read(store, &ReadSet::from_commands(&commands));
    for outcome in &outcomes[2..] {
        let written = transfer_of(outcome);
        assert_eq!(&snapshot.transfers[&written.id], written);
    }
    let sender = &snapshot.accounts[&account_id(1)];
    assert_eq!(
        (sender.balance.clone(), sender.version),
        (amount("10.25"), 2)
    );
    assert_eq!(
        (sender.created_at, sender.updated_at),
        (NOW, NOW.plus_micros(3))
    );

    // The same batch again is all retries, answered with what was recorded.
    for (before, again) in outcomes.iter().zip(run(store, &commands)).skip(2) {
        assert_eq!(
            again,
            Outcome::Exists(Recorded::Transfer(transfer_of(before).clone()))
        );
    }
}

/// Every field, for each type of transfer and each direction.
pub fn every_field_of_a_transfer_and_its_parts_is_kept(store: &impl Store) {
    run_all(
        store,
        &[
            open(1, "BTC"),
            open(2, "BTC"),
            open(3, "USD"),
            deposit(9, 3, "5"),
        ],
    );
    run_all(
        store,
        &[
            deposit_in("BTC", 1, 1, "1"),
            internal_in("BTC", 2, 1, 2, "0.00000001"),
        ],
    );
    run_all(store, &[withdraw(3, 3, "2.5")]);

    let newest = |number| {
        let parts = store
            .transfer_parts_newest(account_id(number), None, 1)
            .expect("lists");
        parts.into_iter().next().expect("the account has a history")
    };
    let outgoing = TransferPart {
        account_id: account_id(1),
        version: 2,
        transfer_id: transfer_id(2),
        transfer_type: TransferType::Internal,
        corresponding_account_id: Some(account_id(2)),
        direction: Direction::Outgoing,
        amount: amount("0.00000001"),
        currency_code: "BTC".parse().expect("a code"),
        balance: amount("0.99999999"),
        held: amount("0"),
        credit_limit: None,
        status: AccountStatus::Active,
        // Right after the deposit, which came right after the account was opened.
        created_at: NOW.plus_micros(2),
        effective_at: None,
    };
    assert_eq!(newest(1), outgoing);
    let incoming = TransferPart {
        account_id: account_id(2),
        version: 1,
        corresponding_account_id: Some(account_id(1)),
        direction: Direction::Incoming,
        balance: amount("0.00000001"),
        ..outgoing
    };
    assert_eq!(newest(2), incoming);
    let withdrawal = newest(3);
    assert_eq!(withdrawal.transfer_type, TransferType::Withdraw);
    assert_eq!(withdrawal.direction, Direction::Outgoing);
    assert_eq!(withdrawal.corresponding_account_id, None);
    let parts = store
        .transfer_parts_newest(account_id(1), None, 2)
        .expect("lists");
    assert_eq!(parts[1].transfer_type, TransferType::Deposit);
    assert_eq!(parts[1].direction, Direction::Incoming);
    assert_eq!(parts[1].corresponding_account_id, None);
}

/// A batch of refusals leaves no trace.
pub fn an_empty_write_set_changes_nothing(store: &impl Store) {
    run_all(store, &[open(1, "USD"), open(2, "USD"), deposit(1, 1, "1")]);
    let before = store.accounts_least_recently_updated(100).expect("lists");
    let outcomes = run(store, &[internal(2, 1, 2, "2"), internal(3, 2, 1, "1")]);
    assert!(
        outcomes
            .iter()
            .all(|outcome| matches!(outcome, Outcome::Rejected(_)))
    );
    assert_eq!(
        store.accounts_least_recently_updated(100).expect("lists"),
        before
    );
    assert_eq!(
        store
            .transfer_parts_newest(account_id(1), None, 100)
            .expect("lists")
            .len(),
        1
    );

    // The refused id is not remembered: it succeeds once there is money.
    run_all(store, &[deposit(4, 1, "1"), internal(2, 1, 2, "2")]);
}

/// New accounts may be funded in the batch that opens them.
pub fn an_account_opened_and_used_in_one_batch_is_stored_as_it_ends_up(store: &impl Store) {
    run_all(
        store,
        &[
            open(1, "USD"),
            deposit(1, 1, "8"),
            open(2, "USD"),
            internal(2, 1, 2, "3"),
        ],
    );
    let (ann, bob) = (read_account(store, 1), read_account(store, 2));
    assert_eq!((ann.balance.clone(), ann.version), (amount("5"), 2));
    assert_eq!((bob.balance.clone(), bob.version), (amount("3"), 1));
    assert_eq!(check_history(store, &ann) + check_history(store, &bob), 3);
}

/// Large batches work, and all of their commands are answered in order.
pub fn a_batch_of_four_thousand_is_one_transaction(store: &impl Store) {
    let openings: Vec<Command> = (1..=4_000).map(|number| open(number, "USD")).collect();
    run_all(store, &openings);
    let deposits: Vec<Command> = (1..=4_000)
        .map(|number| deposit(number, number, &number.to_string()))
        .collect();
    run_all(store, &deposits);
    let transfers: Vec<Command> = (1..=3_999)
        .map(|number| internal(4_000 + number, number, number + 1, "0.5"))
        .collect();
    for (outcome, number) in run(store, &transfers).iter().zip(4_001_u128..) {
        assert_eq!(transfer_of(outcome).id, transfer_id(number));
    }
    let last = read_account(store, 4_000);
    assert_eq!((last.balance.clone(), last.version), (amount("4000.5"), 2));
    check_history(store, &last);
    // Deposits may all have been applied before, and all in one batch.
    let replays = run(store, &deposits);
    assert!(
        replays
            .iter()
            .all(|outcome| matches!(outcome, Outcome::Exists(_)))
    );
}

/// However commands are grouped, the store has the same final state as the in-memory one.
pub fn a_batch_equals_its_commands_one_by_one(store: &impl Store) {
    let commands = [
        open(1, "USD"),
        open(2, "USD"),
        internal(1, 1, 2, "1"),
        deposit(2, 1, "10"),
        internal(1, 1, 2, "1"),
        internal(1, 1, 2, "7"),
        internal(3, 2, 1, "5"),
        withdraw(4, 1, "9"),
        open(2, "EUR"),
        withdraw(4, 1, "9"),
        internal(5, 1, 2, "0.001"),
    ];
    let model = InMemoryStore::new();
    let mut one_by_one = Vec::new();
    let mut at = NOW;
    for command in &commands {
        let outcome = crate::execute(&model, std::slice::from_ref(command), at);
        one_by_one.extend(outcome.expect("memory does not fail"));
        at = at.plus_micros(1);
    }
    assert_eq!(run(store, &commands), one_by_one);
    assert_eq!(
        store.accounts_least_recently_updated(100).expect("lists"),
        {
            use crate::LedgerQueries;
            model
                .accounts_least_recently_updated(100)
                .expect("memory does not fail")
        }
    );
}

/// A needless second decision would be waste, and a store that makes one hides a conflict with
/// itself.
pub fn a_decision_is_made_once_without_conflicts(store: &impl Store) {
    let calls = std::sync::atomic::AtomicU32::new(0);
    let commands = [open(1, "USD"), deposit(1, 1, "1")];
    let counted = |snapshot| {
        calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        crate::decide(&commands, snapshot, NOW)
    };
    store
        .transact(&ReadSet::from_commands(&commands), &counted)
        .expect("the store carries out the batch");
    assert_eq!(calls.into_inner(), 1);
}
