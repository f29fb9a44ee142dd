//! The share of each class in the transactions, over a queue with the test as its one writer. So
//! time is counted in weight.

use std::time::Duration;

use wallet_domain::testing::fixtures::{account_id, amount, transfer_id};
use wallet_domain::{CurrencyCode, Split, SplitFields, SplitParts, Terms, TransferDetails};

use super::*;
use crate::settlement::testing::created;

/// Limits with slices large enough for a test to count.
pub(super) fn large_slices() -> Limits {
    Limits {
        slice_max: 128,
        ..Limits::default()
    }
}

/// A transfer between two accounts of its own.
pub(super) fn pay(id: u128) -> Command {
    internal(id, 2 * id, 2 * id + 1, "1")
}

pub(super) fn pays(ids: std::ops::Range<u128>) -> impl Iterator<Item = Command> {
    ids.map(pay)
}

fn split_of_100(id: u128) -> Command {
    let receivers = (2..=101).map(|receiver| (account_id(receiver), amount("1")));
    let split = Split::new(SplitFields {
        transfer_id: transfer_id(id),
        sender_account_id: account_id(1),
        currency_code: "USD".parse::<CurrencyCode>().unwrap(),
        parts: SplitParts::Amounts(receivers.collect()),
        details: TransferDetails::default(),
        terms: Terms::default(),
    });
    Command::Split(split.unwrap())
}

/// Ends a batch as if all of it had been committed.
fn settle(mut batch: Batch<'_>) {
    for ticket in batch.tickets.drain(..) {
        let settlement = applied(&ticket);
        ticket.reply.send(settlement);
    }
}

/// The settlement of a ticket with all units recorded.
pub(super) fn applied(ticket: &Ticket) -> Settlement {
    let outcome = created();
    let mut settlement = Settlement::default();
    for unit in &ticket.units {
        settlement.push(unit, unit.commands.iter().map(|_| outcome.clone()));
    }
    settlement
}

/// A queue with sixteen requests of the largest size.
fn with_bulk() -> Queue {
    let queue = Queue::new(&Limits::default());
    for request in 0..16 {
        let first = 1_000_000 + request * 1_000;
        drop(push(&queue, Bulk, pays(first..first + 1_000)));
    }
    queue
}

#[test]
fn a_single_write_waits_for_two_short_transactions_next_to_sixteen_bulk_requests() {
    let queue = with_bulk();
    let slice = Limits::default().slice_max;
    let mut waits = Vec::new();
    for id in 1..=50 {
        // However slow this machine is, the last single write came a moment ago.
        queue.lock().last_single_at = Some(Instant::now() + Duration::from_secs(3_600));
        let before = take(&queue);
        push_one(&queue, pay(id));
        let waited_for = before.weight;
        settle(before);
        let own = take(&queue);
        assert!(ids(&own).contains(&id));
        waits.push(waited_for + own.weight);
        settle(own);
    }
    waits.sort_unstable();
    assert!(waits[49] <= 2 * (slice + 1), "{waits:?}");
    // Bulk used what single writes left free.
    assert_eq!(queue.waiting(Bulk), 16_000 - 100 * slice);
}

#[test]
fn bulk_alone_has_whole_transactions() {
    let queue = with_bulk();
    let batch = take(&queue);
    assert_eq!(weight_of(&batch, Bulk), 1_000 + 1_000);
    assert_eq!(batch.tickets.len(), 2, "no request is cut for nothing");
}

#[test]
fn bulk_has_its_share_where_single_writes_fill_every_transaction() {
    let queue = Queue::new(&Limits::default());
    drop(push(&queue, Bulk, pays(1_000_000..1_001_000)));
    let mut next = 1;
    for turns in 1.. {
        while queue.waiting(Single) < 1_000 {
            push_one(&queue, pay(next));
            next += 1;
        }
        let batch = take(&queue);
        assert!(weight_of(&batch, Single) >= 750, "{turns}");
        settle(batch);
        if queue.waiting(Bulk) == 0 {
            assert!(turns <= 5, "{turns}");
            return;
        }
    }
}

#[test]
fn a_thousand_pieces_of_housekeeping_refuse_no_client_and_do_not_starve() {
    let limits = large_slices();
    let queue = Queue::new(&limits);
    let untouched = [Single, Bulk].map(|class| queue.limit(class));
    for round in [0, 500] {
        drop(push(
            &queue,
            Housekeeping,
            pays(2_000_000 + round..2_000_500 + round),
        ));
    }
    assert_eq!([Single, Bulk].map(|class| queue.limit(class)), untouched);
    let mut next = 1;
    while queue.waiting(Housekeeping) > 0 {
        // One client, one write at a time.
        push_one(&queue, pay(next));
        let batch = take(&queue);
        assert!(ids(&batch).contains(&next), "it waited for housekeeping");
        let share = weight_of(&batch, Housekeeping);
        assert_eq!(share, (limits.slice_max / 8).min(share.max(1)), "{next}");
        settle(batch);
        next += 1;
    }
    assert!(next <= 70, "{next} transactions");
    assert_eq!([Single, Bulk].map(|class| queue.refused(class)), [0, 0]);
}

#[test]
fn housekeeping_continues_next_to_bulk_and_has_everything_without_clients() {
    let queue = with_bulk();
    drop(push(&queue, Housekeeping, pays(2_000_000..2_000_500)));
    for _ in 0..2 {
        let batch = take(&queue);
        assert_eq!(weight_of(&batch, Housekeeping), 250);
        settle(batch);
    }
    let queue = Queue::new(&Limits::default());
    drop(push(&queue, Housekeeping, pays(2_000_000..2_001_000)));
    assert_eq!(take(&queue).weight, 1_000);
}

#[test]
fn a_split_of_100_weighs_100_in_the_queue_and_in_a_batch() {
    let queue = Queue::new(&Limits {
        queue_max: 256,
        batch_max: 200,
        ..Limits::default()
    });
    for id in 1..=3 {
        push_one(&queue, split_of_100(id));
        assert_eq!(queue.waiting(Single) as u128, id * 100);
    }
    let refused = try_push(&queue, Single, [pay(4)]);
    assert!(matches!(refused, Err(SubmitError::Overloaded)));
    assert_eq!(queue.refused(Single), 1);
    assert_eq!(ids(&take(&queue)), [1, 2]);
}

#[test]
fn sixteen_requests_are_admitted_on_an_idle_service_whatever_they_weigh() {
    let queue = Queue::new(&Limits::default());
    let splits = vec![split_of_100(1); 100];
    for request in 1..=16 {
        drop(push(&queue, Bulk, splits.iter().cloned()));
        assert_eq!(queue.waiting(Bulk), request * 10_000);
    }
    let one_more = try_push(&queue, Bulk, [pay(2), pay(3)]);
    let is_refused = matches!(one_more, Err(SubmitError::Overloaded));
    assert!(is_refused, "there is a limit");
}

#[test]
fn a_unit_too_large_for_a_slice_is_executed_next_to_single_writes() {
    let queue = Queue::new(&large_slices());
    let (reply, _answer) = oneshot::channel();
    let atomic = Unit {
        commands: pays(1_000_000..1_001_000).collect(),
        dry_run: false,
    };
    queue.push(Ticket::new(Bulk, vec![atomic], reply)).unwrap();
    drop(push(&queue, Bulk, pays(1_001_000..1_001_010)));
    let mut weights = Vec::new();
    for id in 1..=10 {
        push_one(&queue, pay(id));
        let batch = take(&queue);
        weights.push(weight_of(&batch, Bulk));
        settle(batch);
    }
    // It saves eight slices, so in the long run bulk has no more than its share.
    assert_eq!(weights, [0, 0, 0, 0, 0, 0, 0, 1_010, 0, 0]);
}

#[test]
fn a_ticket_that_is_skipped_again_and_again_is_executed() {
    let queue = Queue::new(&Limits {
        writers: 2,
        ..Limits::default()
    });
    // The two writers are never idle at the same time: one of them always has account 1, or account
    // 2.
    let single = |id: u128| deposit(id, id % 2 + 1, "1");
    push_one(&queue, single(1));
    let mut in_flight = Some(take(&queue));
    let commands = [internal(1_000, 1, 2, "1"), internal(1_001, 1, 2, "1")];
    drop(push(&queue, Bulk, commands));
    for id in 2..20 {
        push_one(&queue, single(id));
        let next = queue.try_take(&mut queue.lock());
        if next.as_ref().is_some_and(|next| weight_of(next, Bulk) > 0) {
            return;
        }
        // The earlier writer ends, and takes next.
        in_flight = next;
    }
    drop(in_flight);
    panic!("bulk starves");
}

#[test]
fn weight_saved_for_the_first_unit_is_not_spent_by_later_ones() {
    let queue = Queue::new(&Limits {
        writers: 4,
        ..large_slices()
    });
    let (reply, _answer) = oneshot::channel();
    let atomic = Unit {
        commands: pays(1_000_000..1_001_900).collect(),
        dry_run: false,
    };
    queue.push(Ticket::new(Bulk, vec![atomic], reply)).unwrap();
    drop(push(&queue, Bulk, pays(1_002_000..1_003_000)));
    for id in 1..=13 {
        push_one(&queue, pay(id));
        let batch = take(&queue);
        assert_eq!(weight_of(&batch, Bulk), 0, "it saves");
        settle(batch);
    }
    // Another batch has one of its accounts now.
    push_one(&queue, deposit(99, 2 * 1_000_500, "1"));
    let in_flight = take(&queue);
    push_one(&queue, pay(100));
    let batch = take(&queue);
    assert!(weight_of(&batch, Bulk) <= large_slices().slice_max);
    settle(batch);
    drop(in_flight);
}
