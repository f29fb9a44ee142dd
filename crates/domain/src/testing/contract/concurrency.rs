//! Rules about concurrent writers and readers.

use std::sync::Barrier;
use std::thread;

use super::chain::proved;
use super::{Store, check_history, read_account, run, run_all};
use crate::testing::fixtures::{account_id, amount, deposit, internal, open};
use crate::{Amount, Command, Outcome};

/// Four writers move money in both directions between the same few accounts: no deadlock reaches a
/// caller, no money appears or disappears, versions have no gap.
pub fn concurrent_opposite_transfers_lose_nothing(store: &impl Store) {
    let accounts = 4;
    let openings: Vec<Command> = (1..=accounts).map(|number| open(number, "USD")).collect();
    run_all(store, &openings);
    let deposits: Vec<Command> = (1..=accounts)
        .map(|number| deposit(number, number, "1000"))
        .collect();
    run_all(store, &deposits);

    let (writers, batches, batch) = (4_u128, 25_u128, 8_u128);
    thread::scope(|scope| {
        for writer in 0..writers {
            scope.spawn(move || {
                for turn in 0..batches {
                    let commands: Vec<Command> = (0..batch)
                        .map(|item| {
                            let id = 1_000 + (writer * batches + turn) * batch + item;
                            let sender = 1 + (writer + turn + item) % accounts;
                            let receiver = 1 + (sender + writer % 3) % accounts;
                            internal(id, sender, receiver, "0.01")
                        })
                        .collect();
                    run_all(store, &commands);
                }
            });
        }
    });

    let all: Vec<_> = (1..=accounts)
        .map(|number| read_account(store, number))
        .collect();
    let parts: u64 = all
        .iter()
        .map(|account| check_history(store, account))
        .sum();
    assert_eq!(u128::from(parts), accounts + 2 * writers * batches * batch);
    let sum = all.iter().try_fold(Amount::zero(), |sum, account| {
        sum.checked_add(&account.balance)
    });
    assert_eq!(sum, Some(amount("4000")));
    proved(store);
}

/// Batches that share no account but an id: one of them creates, the others see that it exists.
pub fn one_new_id_in_concurrent_batches_is_applied_once(store: &impl Store) {
    let writers = 4_u128;
    let openings: Vec<Command> = (1..=writers).map(|number| open(number, "USD")).collect();
    run_all(store, &openings);
    for round in 1..=10_u128 {
        let start = Barrier::new(writers as usize);
        let outcomes: Vec<Outcome> = thread::scope(|scope| {
            let start = &start;
            let racers: Vec<_> = (1..=writers)
                .map(|writer| {
                    scope.spawn(move || {
                        start.wait();
                        run(store, &[deposit(round, writer, "1")]).remove(0)
                    })
                })
                .collect();
            racers
                .into_iter()
                .map(|racer| racer.join().expect("no panic"))
                .collect()
        });
        let created = outcomes
            .iter()
            .filter(|outcome| matches!(outcome, Outcome::Created(_)));
        assert_eq!(created.count(), 1, "{outcomes:?}");
        assert!(
            outcomes
                .iter()
                .all(|outcome| !matches!(outcome, Outcome::Rejected(_)))
        );
    }
    let applied: u64 = (1..=writers)
        .map(|number| check_history(store, &read_account(store, number)))
        .sum();
    assert_eq!(applied, 10);
}

/// There is no row to lock for an account that does not exist yet.
pub fn one_new_account_in_concurrent_batches_is_opened_once(store: &impl Store) {
    for round in 1..=10_u128 {
        let writers = 4;
        let start = Barrier::new(writers);
        let created = thread::scope(|scope| {
            let start = &start;
            let racers: Vec<_> = (0..writers as u128)
                .map(|writer| {
                    scope.spawn(move || {
                        start.wait();
                        let id = round * 100 + writer;
                        run(store, &[open(round, "USD"), deposit(id, round, "1")])
                    })
                })
                .collect();
            let outcomes = racers
                .into_iter()
                .map(|racer| racer.join().expect("no panic"));
            outcomes
                .filter(|outcomes| matches!(outcomes[0], Outcome::Created(_)))
                .count()
        });
        assert_eq!(created, 1);
        let account = read_account(store, round);
        assert_eq!(account.balance, amount("4"));
        check_history(store, &account);
    }
}

/// A list contains all of a batch or nothing of it.
pub fn no_reader_sees_half_a_batch(store: &impl Store) {
    run_all(
        store,
        &[
            open(1, "USD"),
            open(2, "USD"),
            deposit(1, 1, "50"),
            deposit(2, 2, "50"),
        ],
    );
    let ends = std::sync::atomic::AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut reads = 0;
            while !ends.load(std::sync::atomic::Ordering::Relaxed) || reads == 0 {
                let accounts = store.accounts_least_recently_updated(100).expect("lists");
                let sum = accounts[0].balance.checked_add(&accounts[1].balance);
                assert_eq!(sum, Some(amount("100")));
                let newest = store
                    .transfer_parts_newest(account_id(1), None, 1)
                    .expect("lists");
                assert_eq!(newest.len(), 1);
                reads += 1;
            }
        });
        for turn in 0..100_u128 {
            let (from, to) = if turn % 2 == 0 { (1, 2) } else { (2, 1) };
            run_all(store, &[internal(10 + turn, from, to, "7")]);
        }
        ends.store(true, std::sync::atomic::Ordering::Relaxed);
        reader.join().expect("the reader saw whole batches");
    });
}
