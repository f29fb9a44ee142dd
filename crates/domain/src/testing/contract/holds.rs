//! Rules about holds, and about the rules of accounts.

use std::sync::Barrier;
use std::thread;

use super::{Store, check_history, read, read_account, run, run_all};
use crate::testing::InMemoryStore;
use crate::testing::fixtures::{
    NOW, account_id, amount, capture, change_account, change_hold, deposit, expire, hold,
    hold_until, internal, open, transfer_id, transfer_of, withdraw,
};
use crate::{
    AccountStatus, Command, HoldAction, HoldFilter, HoldState, LedgerQueries, Outcome, ReadSet,
    Recorded, Rejection, Timestamp, TransferFilter, execute,
};

fn at(second: i64) -> Timestamp {
    NOW.plus_micros(second * 1_000_000)
}

/// Everything that can happen to a hold and to the rules of an account; all of it is applied at
/// [`NOW`].
fn story() -> Vec<Command> {
    let first = hold_until(10, 1, 2, "40.5", Some(at(60)));
    let second = hold(11, 1, 2, "20");
    let third = hold_until(12, 2, 3, "3", Some(at(30)));
    let increase = HoldAction::Increase {
        amount: amount("5"),
    };
    vec![
        open(1, "USD"),
        open(2, "USD"),
        open(3, "USD"),
        deposit(1, 1, "50"),
        deposit(2, 2, "10"),
        change_account(3, 1, Some("100"), None),
        first.clone(),
        second.clone(),
        third,
        change_hold(20, &first, increase),
        capture(21, &first, Some("10.25"), false),
        capture(22, &second, Some("7"), true),
        internal(23, 2, 1, "1.5"),
        capture(24, &first, Some("20"), false),
        withdraw(25, 1, "60"),
        change_account(26, 1, Some("0"), Some(AccountStatus::IncomingFrozen)),
        change_account(27, 1, None, Some(AccountStatus::OutgoingFrozen)),
        deposit(28, 1, "4"),
        change_hold(29, &first, HoldAction::Void),
        change_account(30, 3, None, Some(AccountStatus::Closed)),
        change_account(31, 1, None, Some(AccountStatus::Active)),
        deposit(32, 1, "2"),
        deposit(33, 1, "100"),
        hold(34, 1, 2, "9"),
    ]
}

/// Accounts, transfers, parts and holds are read as the decision wrote them, in one batch or in
/// many.
pub fn holds_and_rules_are_kept_as_they_were_decided(store: &impl Store) {
    let model = InMemoryStore::new();
    let commands = story();
    let (early, late) = commands.split_at(9);
    let mut outcomes = run(store, early);
    assert_eq!(outcomes, run(&model, early));
    for (command, place) in late.iter().zip(9..) {
        let command = std::slice::from_ref(command);
        let time = NOW.plus_micros(place);
        let outcome = execute(store, command, time).expect("the store carries out the batch");
        assert_eq!(
            Ok(&outcome),
            execute(&model, command, time).as_ref().map_err(drop)
        );
        outcomes.extend(outcome);
    }
    let is_created = |outcome: &Outcome| matches!(outcome, Outcome::Created(_));
    assert!(outcomes.iter().all(is_created), "{outcomes:?}");

    for number in 1..=3 {
        let account = read_account(store, number);
        assert_eq!(account, read_account(&model, number));
        check_history(store, &account);
        let id = account_id(number);
        let history = |queries: &dyn LedgerQueries| {
            let all = queries.transfer_parts_oldest(id, 0, 100).expect("lists");
            let moving = queries.moving_parts_newest(id, None, 4).expect("lists");
            let older = queries.moving_parts_newest(id, Some(5), 100);
            (all, moving, older.expect("lists"))
        };
        assert_eq!(history(store), history(&model));
    }
    let listed = |queries: &dyn LedgerQueries| {
        let filter = TransferFilter::default();
        queries.transfers(&filter, None, 100).expect("lists")
    };
    assert_eq!(listed(store), listed(&model));
    let reads = ReadSet::from_commands(&commands);
    let (ours, theirs) = (read(store, &reads), read(&model, &reads));
    assert_eq!(ours.holds, theirs.holds);
    assert_eq!(
        ours.holds.len(),
        2,
        "those that are changed, not those that are placed"
    );
    assert_eq!(ours.transfers, theirs.transfers);

    // The same batch again is all retries, answered with what was recorded.
    for (before, again) in outcomes.iter().zip(run(store, &commands)).skip(3) {
        let recorded = Recorded::Transfer(transfer_of(before).clone());
        assert_eq!(again, Outcome::Exists(recorded));
    }
}

/// The store answers every query about holds like the in-memory store.
pub fn lists_of_holds_are_those_of_the_store_in_memory(store: &impl Store) {
    let model = InMemoryStore::new();
    let mut commands = story();
    commands.extend((0..12).map(|number| {
        let (from, to) = (1 + number % 2, 2 - number % 2);
        let expires_at = (number % 3 > 0).then(|| at(100 - i64::try_from(number / 2).unwrap_or(0)));
        hold_until(100 + number, from, to, "0.5", expires_at)
    }));
    assert_eq!(run(store, &commands), run(&model, &commands));

    let accounts = [None, Some(1), Some(2), Some(3), Some(9)];
    let states = [
        None,
        Some(HoldState::Open),
        Some(HoldState::Captured),
        Some(HoldState::Voided),
        Some(HoldState::Expired),
    ];
    let mut found = 0;
    for (account, state) in accounts
        .iter()
        .flat_map(|it| states.map(|state| (*it, state)))
    {
        let filter = HoldFilter {
            account_id: account.map(account_id),
            states: state.into_iter().collect(),
            ..HoldFilter::default()
        };
        let mut after = None;
        loop {
            let page = store.holds(&filter, after, 3).expect("the store lists");
            assert_eq!(
                page,
                model.holds(&filter, after, 3).expect("memory lists"),
                "{filter:?}"
            );
            found += page.len();
            match page.last() {
                Some(last) => after = Some((last.created_at, last.id)),
                None => break,
            }
        }
    }
    assert!(found > 60, "{found}");
    for second in [0, 29, 30, 60, 97, 98, 100, 1_000] {
        for limit in [0, 1, 5, 100] {
            let due = store.holds_due(at(second), limit).expect("the store lists");
            assert_eq!(
                due,
                model.holds_due(at(second), limit).expect("memory lists")
            );
        }
    }
    assert!(store.holds_due(at(1_000), 100).expect("lists").len() > 5);
    for id in [10, 11, 12, 13] {
        let hold = store.hold(transfer_id(id)).expect("the store reads");
        assert_eq!(hold, model.hold(transfer_id(id)).expect("memory reads"));
    }
}

/// However many concurrent captures there are, no more is captured than is held.
pub fn concurrent_captures_never_exceed_the_hold(store: &impl Store) {
    let placed = hold(1, 1, 2, "50.00");
    run_all(
        store,
        &[open(1, "USD"), open(2, "USD"), deposit(9, 1, "70")],
    );
    run_all(store, std::slice::from_ref(&placed));
    let (writers, captures) = (4_u128, 25_u128);
    let start = Barrier::new(writers as usize);
    let outcomes: Vec<Outcome> = thread::scope(|scope| {
        let (start, placed) = (&start, &placed);
        let racers: Vec<_> = (0..writers)
            .map(|writer| {
                scope.spawn(move || -> Vec<Outcome> {
                    start.wait();
                    let ids = (0..captures).map(|number| 100 + writer * captures + number);
                    let one = |id| run(store, &[capture(id, placed, Some("1.00"), false)]);
                    ids.flat_map(one).collect()
                })
            })
            .collect();
        let racers = racers.into_iter();
        racers
            .flat_map(|racer| racer.join().expect("no panic"))
            .collect()
    });
    let created = outcomes
        .iter()
        .filter(|it| matches!(it, Outcome::Created(_)));
    assert_eq!(created.count(), 50);
    let refused = Outcome::Rejected(Rejection::HoldAlreadyCaptured);
    assert_eq!(outcomes.iter().filter(|it| **it == refused).count(), 50);
    let (sender, receiver) = (read_account(store, 1), read_account(store, 2));
    assert_eq!(
        (&sender.balance, &sender.held),
        (&amount("20"), &amount("0"))
    );
    assert_eq!(receiver.balance, amount("50"));
    assert_eq!(check_history(store, &sender), 52);
    check_history(store, &receiver);
}

/// Several callers expire a hold while others capture, void and pay: it is released once, and the
/// sums are right.
pub fn holds_that_expire_while_in_use_are_released_once(store: &impl Store) {
    let rounds = 10_u128;
    let placed: Vec<Command> = (0..rounds)
        .map(|round| hold_until(100 + round, 1, 2, "5", Some(at(10))))
        .collect();
    run_all(
        store,
        &[open(1, "USD"), open(2, "USD"), deposit(9, 1, "60")],
    );
    run_all(store, &placed);
    let (start, placed) = (&Barrier::new(4), &placed);
    thread::scope(|scope| {
        for _sweeper in 0..2 {
            scope.spawn(move || {
                start.wait();
                loop {
                    let due = store.holds_due(at(10), 3).expect("the store lists");
                    if due.is_empty() {
                        return;
                    }
                    let expire = |hold| Command::ChangeHold(crate::ChangeHold::expire(hold));
                    let commands: Vec<Command> = due.iter().map(expire).collect();
                    execute(store, &commands, at(10)).expect("the store carries out the batch");
                }
            });
        }
        scope.spawn(move || {
            start.wait();
            for (hold, id) in placed.iter().rev().zip(200..) {
                let late = [
                    capture(id, hold, Some("1"), false),
                    internal(50 + id, 1, 2, "0.1"),
                ];
                execute(store, &late, at(9)).expect("the store carries out the batch");
            }
        });
        scope.spawn(move || {
            start.wait();
            for (hold, id) in placed.iter().step_by(3).zip(300..) {
                run(store, &[change_hold(id, hold, HoldAction::Void)]);
            }
        });
    });
    for hold in placed {
        let again = execute(store, &[expire(hold)], at(20)).expect("the store decides");
        let has_expired = matches!(
            again[..],
            [Outcome::Exists(_) | Outcome::Rejected(Rejection::HoldAlreadyVoided)]
        );
        assert!(has_expired, "{again:?}");
    }
    let (sender, receiver) = (read_account(store, 1), read_account(store, 2));
    assert_eq!(sender.held, amount("0"));
    assert_eq!(
        sender.balance.checked_add(&receiver.balance),
        Some(amount("60"))
    );
    check_history(store, &sender);
    check_history(store, &receiver);
    let every_hold = HoldFilter::default();
    let holds = store
        .holds(&every_hold, None, 100)
        .expect("the store lists");
    let captured = holds
        .iter()
        .try_fold(amount("1"), |sum, it| sum.checked_add(&it.captured));
    assert_eq!(
        captured,
        receiver.balance.clone().into(),
        "and ten payments of 0.1"
    );
}
