//! What writers may take at the same time.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use tokio::sync::oneshot;
use wallet_domain::WorkClass::{Bulk, Housekeeping, Single};
use wallet_domain::testing::fixtures::{deposit, internal};
use wallet_domain::{Command, ReadSet, Unit};

use super::*;
use crate::settlement::Answer;
use crate::settlement::Settlement;

mod shares;
mod slices;

/// Ends the writers of a test in any case: a test that panics must not leave them asleep.
struct CloseOnDrop<'a>(&'a Queue);

impl Drop for CloseOnDrop<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Pushes commands, each as a unit, and returns the receiver of the answer.
fn try_push(
    queue: &Queue,
    class: WorkClass,
    commands: impl IntoIterator<Item = Command>,
) -> Result<oneshot::Receiver<Answer>, SubmitError> {
    let (reply, answer) = oneshot::channel();
    let units = commands.into_iter().map(Unit::from).collect();
    queue
        .push(Ticket::new(class, units, reply))
        .map(|()| answer)
}

/// Pushes commands that must not be refused.
#[track_caller]
fn push(
    queue: &Queue,
    class: WorkClass,
    commands: impl IntoIterator<Item = Command>,
) -> oneshot::Receiver<Answer> {
    try_push(queue, class, commands).unwrap()
}

fn push_one(queue: &Queue, command: Command) {
    drop(push(queue, Single, [command]));
}

/// Takes a batch that must be there: a test never waits for it.
#[track_caller]
fn take(queue: &Queue) -> Batch<'_> {
    let mut state = queue.lock();
    queue.try_take(&mut state).expect("something can be taken")
}

/// The ids of a ticket's transfers.
fn ids_of(ticket: &Ticket) -> impl Iterator<Item = u128> {
    ticket.units.iter().map(|unit| {
        let reads = ReadSet::from_commands(&unit.commands);
        reads.transfers.first().unwrap().as_uuid().as_u128()
    })
}

/// The ids of a batch's transfers.
fn ids(batch: &Batch<'_>) -> Vec<u128> {
    batch.tickets.iter().flat_map(ids_of).collect()
}

/// The weight of a class in a batch.
fn weight_of(batch: &Batch<'_>, class: WorkClass) -> usize {
    let tickets = batch.tickets.iter().filter(|ticket| ticket.class == class);
    tickets.map(|ticket| ticket.weight).sum()
}

#[test]
fn a_writer_skips_tickets_on_accounts_of_a_batch_in_flight() {
    let queue = Queue::new(&Limits::default());
    push_one(&queue, internal(1, 1, 2, "1"));
    let first = take(&queue);
    push_one(&queue, internal(2, 2, 3, "1"));
    push_one(&queue, internal(3, 4, 5, "1"));
    let second = take(&queue);
    assert_eq!((ids(&first), ids(&second)), (vec![1], vec![3]));
    drop(first);
    assert_eq!(ids(&take(&queue)), [2]);
}

#[test]
fn commands_on_one_account_keep_their_order() {
    let queue = Queue::new(&Limits::default());
    push_one(&queue, internal(1, 1, 2, "1"));
    let first = take(&queue);
    // 3 touches no account of a batch in flight; but 2, which came before it, touches the same
    // account.
    push_one(&queue, internal(2, 2, 3, "1"));
    push_one(&queue, internal(3, 3, 4, "1"));
    push_one(&queue, internal(4, 5, 6, "1"));
    let second = take(&queue);
    assert_eq!(ids(&second), [4]);
    drop(first);
    assert_eq!(ids(&take(&queue)), [2, 3]);
}

#[test]
fn a_writer_that_can_take_nothing_sleeps_until_the_accounts_are_free() {
    let queue = Queue::new(&Limits::default());
    push_one(&queue, deposit(1, 1, "1"));
    let first = take(&queue);
    push_one(&queue, deposit(2, 1, "1"));
    std::thread::scope(|scope| {
        let _close = CloseOnDrop(&queue);
        let second = scope.spawn(|| ids(&queue.take().unwrap()));
        while queue.lock().idle_writers == 0 {
            assert!(!second.is_finished(), "it took what is not free");
            std::thread::yield_now();
        }
        drop(first);
        assert_eq!(second.join().unwrap(), [2]);
    });
}

#[test]
fn a_closed_queue_is_emptied_and_ends_all_writers() {
    let queue = Queue::new(&Limits::default());
    push_one(&queue, deposit(1, 1, "1"));
    let first = take(&queue);
    push_one(&queue, deposit(2, 1, "1"));
    queue.close();
    std::thread::scope(|scope| {
        let drain = || std::iter::from_fn(|| queue.take().map(|batch| ids(&batch))).count();
        let others = [scope.spawn(drain), scope.spawn(drain)];
        drop(first);
        let taken: usize = others.into_iter().map(|other| other.join().unwrap()).sum();
        assert_eq!(taken, 1);
    });
}

/// What four writers observe while they empty a queue.
struct Watch {
    in_flight: Mutex<HashSet<AccountId>>,
    last_on: Mutex<HashMap<(WorkClass, AccountId), u128>>,
}

impl Watch {
    /// Empties the queue and returns how many units were taken.
    fn write(&self, queue: &Queue) -> usize {
        let _close = CloseOnDrop(queue);
        let mut taken = 0;
        while let Some(mut batch) = queue.take() {
            let accounts: HashSet<AccountId> = batch.accounts.iter().copied().collect();
            for id in &accounts {
                let is_alone = self.in_flight.lock().unwrap().insert(*id);
                assert!(is_alone, "{id:?} twice");
            }
            for ticket in &batch.tickets {
                self.in_order(ticket);
            }
            std::thread::yield_now();
            for id in &accounts {
                self.in_flight.lock().unwrap().remove(id);
            }
            for ticket in batch.tickets.drain(..) {
                taken += ticket.units.len();
                ticket.reply.send(Settlement::default());
            }
        }
        taken
    }

    fn in_order(&self, ticket: &Ticket) {
        for (unit, number) in ticket.units.iter().zip(ids_of(ticket)) {
            for id in unit.commands.iter().flat_map(Command::accounts) {
                let mut last_on = self.last_on.lock().unwrap();
                let before = last_on.insert((ticket.class, id), number);
                assert!(before < Some(number), "{number} after {before:?} on {id:?}");
            }
        }
    }
}

#[test]
fn no_two_batches_in_flight_share_an_account_and_each_class_keeps_its_order() {
    let commands = 2_000_u128;
    let queue = Queue::new(&Limits {
        batch_max: 16,
        slice_max: 4,
        writers: 4,
        ..Limits::default()
    });
    let watch = Watch {
        in_flight: Mutex::default(),
        last_on: Mutex::default(),
    };
    let taken: usize = std::thread::scope(|scope| {
        let _close = CloseOnDrop(&queue);
        let writers = [(); 4].map(|()| scope.spawn(|| watch.write(&queue)));
        let mut numbers = 1..=commands;
        while let Some(first) = numbers.next() {
            // A few accounts are hot; bulk comes in tickets that are cut.
            let pay =
                |number: u128| internal(number, number * 7 % 5 + 1, number * 31 % 40 + 10, "1");
            let (class, more) =
                [(Single, 0), (Bulk, 10), (Single, 0), (Housekeeping, 6)][(first % 4) as usize];
            let others: Vec<u128> = numbers.by_ref().take(more).collect();
            let ticket = || {
                std::iter::once(first)
                    .chain(others.iter().copied())
                    .map(pay)
            };
            // However slow the writers are here, the test retries until it is admitted.
            while let Err(refused) = try_push(&queue, class, ticket()) {
                assert!(matches!(refused, SubmitError::Overloaded), "{refused:?}");
                std::thread::yield_now();
            }
        }
        queue.close();
        let taken = writers.map(|writer| writer.join().unwrap());
        taken.into_iter().sum()
    });
    assert_eq!(taken as u128, commands);
    assert!(queue.lock().in_flight.is_empty());
    assert_eq!(queue.lock().background_in_flight, 0);
}
