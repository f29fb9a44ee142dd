//! The answers to requests that are cut into slices.

use std::sync::Arc;

use wallet_domain::{StoreCause, StoreError};

use super::shares::{applied, large_slices, pay, pays};
use super::*;

#[test]
fn the_slices_of_a_request_are_answered_once_and_in_order() {
    let queue = Queue::new(&Limits::default());
    let mut answer = push(&queue, Bulk, pays(1_000..2_000));
    let mut taken = Vec::new();
    for id in 1.. {
        push_one(&queue, pay(id));
        let mut batch = take(&queue);
        for ticket in batch.tickets.drain(..) {
            if ticket.class == Bulk {
                assert!(answer.try_recv().is_err(), "answered before the last slice");
                taken.extend(ids_of(&ticket));
                let settlement = applied(&ticket);
                ticket.reply.send(settlement);
            }
        }
        drop(batch);
        if queue.waiting(Bulk) == 0 {
            break;
        }
    }
    assert!(taken.iter().copied().eq(1_000..2_000));
    assert_eq!(answer.try_recv().unwrap().unwrap().len(), 1_000);
}

/// Cuts a request of 300 into slices and settles them in turn. Returns the caller's answer and the
/// number of slices.
fn sliced(settle: &[fn(&Ticket) -> Settlement]) -> (Answer, usize) {
    let queue = Queue::new(&large_slices());
    let mut answer = push(&queue, Bulk, pays(1_000..1_300));
    let mut slices = 0;
    for id in 1..=6 {
        push_one(&queue, pay(id));
        let mut batch = take(&queue);
        let bulk = batch.tickets.drain(..).find(|ticket| ticket.class == Bulk);
        if let Some(slice) = bulk {
            let settlement = settle[slices](&slice);
            slice.reply.send(settlement);
            slices += 1;
        }
    }
    assert_eq!(
        queue.waiting(Bulk),
        0,
        "what no caller waits for is not kept"
    );
    (answer.try_recv().unwrap(), slices)
}

fn is_unknown(answer: &Answer) -> bool {
    matches!(
        answer,
        Err(SubmitError::Store(StoreError::OutcomeUnknown(_)))
    )
}

fn cause() -> StoreCause {
    Arc::new(std::io::Error::other("as ordered by the test"))
}

#[test]
fn a_failure_after_the_first_slice_does_not_claim_that_nothing_was_written() {
    let done = applied;
    let away = |_: &Ticket| Settlement::from_error(StoreError::Unavailable(cause()));
    let contended = |_: &Ticket| Settlement::from_error(StoreError::Contended(cause()));
    let refused = |_: &Ticket| Settlement::from_error(StoreError::Refused(cause()));
    // One unit of the slice failed, and the others were executed.
    let partly = |slice: &Ticket| {
        let mut settlement = applied(slice);
        settlement.merge(Settlement::from_error(StoreError::Refused(cause())));
        settlement
    };

    let (answer, slices) = sliced(&[done, away]);
    assert!(is_unknown(&answer), "{answer:?}");
    assert_eq!(slices, 2, "nothing is tried on a store that is away");

    let (answer, slices) = sliced(&[away]);
    assert!(
        matches!(answer, Err(SubmitError::Store(StoreError::Unavailable(_)))),
        "{answer:?}"
    );
    assert_eq!(slices, 1);

    // One unit's fault: the others are executed anyway.
    let (answer, slices) = sliced(&[contended, done, done]);
    assert!(is_unknown(&answer), "{answer:?}");
    assert_eq!(slices, 3);
    for settle in [[done, refused, done], [partly, refused, refused]] {
        let (answer, slices) = sliced(&settle);
        assert!(is_unknown(&answer), "{answer:?}");
        assert_eq!(slices, 3);
    }
    // The caller gets the worst of several failures: a retry can change this one.
    let (answer, slices) = sliced(&[refused, contended, refused]);
    assert!(
        matches!(answer, Err(SubmitError::Store(StoreError::Contended(_)))),
        "{answer:?}"
    );
    assert_eq!(slices, 3);
}
