//! What writers may take beside each other.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::time::Duration;

use wallet_domain::testing::fixtures::{deposit, internal};
use wallet_domain::{AccountId, Command, ReadSet};

use super::{Batch, Queue, Ticket};
use crate::limits::Limits;

fn push(queue: &Queue, command: Command) {
    let (reply, _) = tokio::sync::oneshot::channel();
    let units = vec![command.into()];
    queue.push(Ticket::new(units, reply)).unwrap();
}

/// The ids of a batch's transfers.
fn ids(batch: &Batch<'_>) -> Vec<u128> {
    let id = |ticket: &Ticket| {
        let reads = ReadSet::of(ticket.commands());
        reads.transfers.first().unwrap().as_uuid().as_u128()
    };
    batch.tickets.iter().map(id).collect()
}

#[test]
fn a_writer_passes_over_what_touches_an_account_of_a_batch_under_way() {
    let queue = Queue::new(&Limits::default());
    push(&queue, internal(1, 1, 2, "1"));
    let first = queue.take(10).unwrap();
    push(&queue, internal(2, 2, 3, "1"));
    push(&queue, internal(3, 4, 5, "1"));
    let second = queue.take(10).unwrap();
    assert_eq!((ids(&first), ids(&second)), (vec![1], vec![3]));
    drop(first);
    assert_eq!(ids(&queue.take(10).unwrap()), [2]);
}

#[test]
fn commands_on_one_account_keep_their_order() {
    let queue = Queue::new(&Limits::default());
    push(&queue, internal(1, 1, 2, "1"));
    let first = queue.take(10).unwrap();
    // 3 touches no account of a batch under way; but 2, which came before it, touches the same account.
    push(&queue, internal(2, 2, 3, "1"));
    push(&queue, internal(3, 3, 4, "1"));
    push(&queue, internal(4, 5, 6, "1"));
    let second = queue.take(10).unwrap();
    assert_eq!(ids(&second), [4]);
    drop(first);
    assert_eq!(ids(&queue.take(10).unwrap()), [2, 3]);
}

#[test]
fn a_writer_that_can_take_nothing_sleeps_until_the_accounts_are_free() {
    let queue = Queue::new(&Limits::default());
    push(&queue, deposit(1, 1, "1"));
    let first = queue.take(10).unwrap();
    push(&queue, deposit(2, 1, "1"));
    std::thread::scope(|scope| {
        let second = scope.spawn(|| ids(&queue.take(10).unwrap()));
        std::thread::sleep(Duration::from_millis(30));
        assert!(!second.is_finished());
        drop(first);
        assert_eq!(second.join().unwrap(), [2]);
    });
}

#[test]
fn a_closed_queue_is_emptied_by_whoever_can_and_ends_everybody() {
    let queue = Queue::new(&Limits::default());
    push(&queue, deposit(1, 1, "1"));
    let first = queue.take(10).unwrap();
    push(&queue, deposit(2, 1, "1"));
    queue.close();
    std::thread::scope(|scope| {
        let drain = || std::iter::from_fn(|| queue.take(10).map(|batch| ids(&batch))).count();
        let others = [scope.spawn(drain), scope.spawn(drain)];
        drop(first);
        let taken: usize = others.into_iter().map(|other| other.join().unwrap()).sum();
        assert_eq!(taken, 1);
    });
}

#[test]
fn no_two_batches_under_way_share_an_account_and_none_is_overtaken() {
    let (queue, commands) = (Queue::new(&Limits::default()), 4_000_u128);
    // A pace at which all of it may wait.
    queue
        .lock()
        .room
        .carried_out(1_000_000, Duration::from_millis(1), 100);
    let under_way: Mutex<HashSet<AccountId>> = Mutex::default();
    let last_on: Mutex<HashMap<AccountId, u128>> = Mutex::default();
    let writer = || {
        let mut taken = 0;
        while let Some(batch) = queue.take(7) {
            let accounts: HashSet<AccountId> = batch.accounts.iter().copied().collect();
            for id in &accounts {
                assert!(under_way.lock().unwrap().insert(*id), "{id:?} twice");
            }
            for (ticket, number) in batch.tickets.iter().zip(ids(&batch)) {
                for id in ticket.accounts() {
                    let before = last_on.lock().unwrap().insert(id, number);
                    assert!(before < Some(number), "{number} after {before:?} on {id:?}");
                }
            }
            std::thread::yield_now();
            for id in &accounts {
                under_way.lock().unwrap().remove(id);
            }
            taken += batch.tickets.len();
        }
        taken
    };
    let taken: usize = std::thread::scope(|scope| {
        let writers = [(); 4].map(|()| scope.spawn(writer));
        for number in 1..=commands {
            // A few accounts are hot.
            let sender = number * 7 % 5;
            push(
                &queue,
                internal(number, sender + 1, number * 31 % 40 + 10, "1"),
            );
        }
        queue.close();
        writers
            .into_iter()
            .map(|writer| writer.join().unwrap())
            .sum()
    });
    assert_eq!(taken as u128, commands);
    assert!(queue.lock().under_way.is_empty());
}
