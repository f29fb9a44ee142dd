//! The batcher over stores that wait at a gate, fail on demand, or panic.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::JoinSet;
use wallet_domain::testing::InMemoryStore;
use wallet_domain::testing::fixtures::{NOW, deposit, internal, open, transfer_of};
use wallet_domain::{
    Command, Decision, Ledger, LedgerStore, Outcome, ReadSet, Rejection, Snapshot, StoreCause,
    StoreError, SubmitError, execute,
};

use crate::{Batcher, Limits};

/// What a [`TestStore`] does with a transaction instead of executing it, or after it.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    None,
    Unavailable,
    UnknownThoughDone,
    Panic,
}

/// An in-memory store that records the size of each transaction, waits at a gate, and fails on
/// demand.
#[derive(Default)]
struct TestStore {
    memory: InMemoryStore,
    sizes: Mutex<Vec<usize>>,
    entered: AtomicUsize,
    gate: Option<Mutex<mpsc::Receiver<()>>>,
    faults: Mutex<VecDeque<Fault>>,
    /// A batch with this transfer is refused.
    poison: Option<wallet_domain::TransferId>,
}

impl TestStore {
    fn gated() -> (mpsc::Sender<()>, Self) {
        let (open, gate) = mpsc::channel();
        (
            open,
            Self {
                gate: Some(Mutex::new(gate)),
                ..Self::default()
            },
        )
    }

    fn failing(faults: impl Into<VecDeque<Fault>>) -> Self {
        Self {
            faults: Mutex::new(faults.into()),
            ..Self::default()
        }
    }

    /// Waits until the writer is at the gate with a batch.
    async fn writer_is_held(&self) {
        while self.entered.load(Ordering::SeqCst) == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    fn sizes(&self) -> Vec<usize> {
        self.sizes.lock().unwrap().clone()
    }
}

impl LedgerStore for TestStore {
    fn transact(
        &self,
        reads: &ReadSet,
        decide: &dyn Fn(Snapshot) -> Decision,
    ) -> Result<Vec<Outcome>, StoreError> {
        self.entered.fetch_add(1, Ordering::SeqCst);
        if let Some(gate) = &self.gate {
            gate.lock()
                .unwrap()
                .recv()
                .expect("the test opens the gate");
        }
        if self
            .poison
            .is_some_and(|poison| reads.transfers.contains(&poison))
        {
            return Err(StoreError::Refused(cause("numeric field overflow")));
        }
        let fault = self.faults.lock().unwrap().pop_front();
        match fault {
            Some(Fault::Panic) => panic!("as ordered by the test"),
            Some(Fault::Unavailable) => {
                return Err(StoreError::Unavailable(cause("no connection")));
            }
            Some(Fault::UnknownThoughDone | Fault::None) | None => {}
        }
        let outcomes = self.memory.transact(reads, decide)?;
        self.sizes.lock().unwrap().push(outcomes.len());
        match fault {
            Some(Fault::UnknownThoughDone) => {
                Err(StoreError::OutcomeUnknown(cause("no answer to COMMIT")))
            }
            _ => Ok(outcomes),
        }
    }
}

fn cause(text: &str) -> StoreCause {
    Arc::new(std::io::Error::other(text.to_owned()))
}

fn start(store: &Arc<TestStore>, limits: Limits) -> Batcher {
    execute(
        &store.memory,
        &[open(1, "USD"), open(2, "USD"), deposit(1, 1, "1000")],
        NOW,
    )
    .unwrap();
    Batcher::start(store.clone(), limits).unwrap()
}

/// Submits one command.
fn submit(
    batcher: &Batcher,
    command: Command,
) -> impl Future<Output = Result<Outcome, SubmitError>> + use<> {
    let submission = batcher.submit(vec![command.into()]);
    async { submission.await.map(|mut outcomes| outcomes.remove(0)) }
}

fn pay(id: u128) -> Command {
    internal(id, 1, 2, "1")
}

/// Submits from many tasks and returns every answer.
async fn submit_all(
    batcher: &Batcher,
    commands: impl IntoIterator<Item = Command>,
) -> Vec<Result<Outcome, SubmitError>> {
    let mut callers = JoinSet::new();
    for command in commands {
        callers.spawn(submit(batcher, command));
    }
    callers.join_all().await
}

#[tokio::test]
async fn a_lone_command_is_carried_out_at_once() {
    let store = Arc::new(TestStore::default());
    let batcher = start(&store, Limits::default());
    for id in 10..13 {
        let outcome = submit(&batcher, pay(id)).await.unwrap();
        assert!(matches!(outcome, Outcome::Created(_)));
    }
    assert_eq!(store.sizes(), [1, 1, 1]);
}

#[tokio::test]
async fn while_one_commit_runs_the_next_batch_gathers() {
    let (gate, store) = TestStore::gated();
    let store = Arc::new(store);
    let batcher = start(
        &store,
        Limits {
            batch_max: 40,
            ..Limits::default()
        },
    );

    let first = submit(&batcher, pay(10));
    store.writer_is_held().await;
    let rest: Vec<_> = (11..111)
        .map(|id| (id, submit(&batcher, pay(id))))
        .collect();
    for _ in 0..4 {
        gate.send(()).unwrap();
    }
    assert!(first.await.is_ok());
    for (id, answer) in rest {
        let outcome = answer.await.unwrap();
        assert_eq!(
            transfer_of(&outcome).id.as_uuid().as_u128(),
            id,
            "answers go to their callers"
        );
    }
    assert_eq!(store.sizes(), [1, 40, 40, 20]);
}

#[tokio::test]
async fn a_full_queue_answers_overloaded_without_waiting() {
    let (gate, store) = TestStore::gated();
    let store = Arc::new(store);
    let batcher = start(
        &store,
        Limits {
            queue_max: 2,
            ..Limits::default()
        },
    );

    let with_the_writer = submit(&batcher, pay(10));
    store.writer_is_held().await;
    let waiting = [submit(&batcher, pay(11)), submit(&batcher, pay(12))];
    // The gate is closed: an answer now did not wait for a transaction.
    let refused = submit(&batcher, pay(13)).await;
    assert!(
        matches!(refused, Err(SubmitError::Overloaded)),
        "{refused:?}"
    );

    gate.send(()).unwrap();
    gate.send(()).unwrap();
    assert!(with_the_writer.await.is_ok());
    for answer in waiting {
        assert!(answer.await.is_ok());
    }
    assert_eq!(store.sizes(), [1, 2]);
}

#[tokio::test]
async fn a_refused_command_does_not_stop_its_neighbours() {
    let store = Arc::new(TestStore::default());
    let batcher = start(&store, Limits::default());
    let answers = submit_all(&batcher, [pay(10), internal(11, 1, 2, "5000"), pay(12)]).await;
    let refused = answers
        .iter()
        .filter(|answer| matches!(answer, Ok(Outcome::Rejected(Rejection::InsufficientFunds))));
    assert_eq!(refused.count(), 1);
    assert_eq!(
        answers
            .iter()
            .filter(|answer| matches!(answer, Ok(Outcome::Created(_))))
            .count(),
        2
    );
}

#[tokio::test]
async fn a_batch_that_the_store_refuses_is_split_until_the_culprit_stands_alone() {
    let poison = wallet_domain::testing::fixtures::transfer_id(42);
    let (gate, store) = TestStore::gated();
    let store = Arc::new(TestStore {
        poison: Some(poison),
        ..store
    });
    let batcher = start(&store, Limits::default());
    let first = submit(&batcher, pay(10));
    store.writer_is_held().await;
    let answers: Vec<_> = (11..111)
        .map(|id| (id, submit(&batcher, pay(id))))
        .collect();
    for _ in 0..20 {
        gate.send(()).unwrap();
    }
    assert!(first.await.is_ok());
    for (id, answer) in answers {
        match answer.await {
            Ok(outcome) => assert!(id != 42 && matches!(outcome, Outcome::Created(_))),
            Err(SubmitError::Store(StoreError::Refused(_))) => assert_eq!(id, 42),
            Err(other) => panic!("{id}: {other}"),
        }
    }
    assert_eq!(store.sizes().iter().sum::<usize>(), 100);
    // Halving a hundred finds the one in seven steps; the cut-off halves do all the others.
    assert!(store.sizes().len() <= 1 + 7, "{:?}", store.sizes());
}

#[tokio::test]
async fn that_nothing_was_written_is_said_only_where_no_half_of_a_request_was() {
    let poison = wallet_domain::testing::fixtures::transfer_id(42);
    let of = |faults: &[Fault]| {
        Arc::new(TestStore {
            poison: Some(poison),
            ..TestStore::failing(faults.to_vec())
        })
    };
    // 10 and 11 are written, 42 is refused, and the store is unavailable for 12.
    let units = || [10, 11, 42, 12].map(|id| pay(id).into()).to_vec();
    let batcher = start(&of(&[Fault::None, Fault::Unavailable]), Limits::default());
    let answer = batcher.submit(units()).await;
    assert!(
        matches!(
            answer,
            Err(SubmitError::Store(StoreError::OutcomeUnknown(_)))
        ),
        "{answer:?}"
    );
    let batcher = start(&of(&[Fault::Unavailable]), Limits::default());
    let answer = batcher.submit(units()[..2].to_vec()).await;
    assert!(
        matches!(answer, Err(SubmitError::Store(StoreError::Unavailable(_)))),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_store_that_wrote_nothing_is_answered_unavailable_and_can_be_asked_again() {
    let store = Arc::new(TestStore::failing([Fault::Unavailable]));
    let batcher = start(&store, Limits::default());
    let answer = submit(&batcher, pay(10)).await;
    assert!(
        matches!(answer, Err(SubmitError::Store(StoreError::Unavailable(_)))),
        "{answer:?}"
    );
    let again = submit(&batcher, pay(10)).await.unwrap();
    assert!(matches!(again, Outcome::Created(_)));
}

#[tokio::test]
async fn an_unknown_commit_is_answered_unknown_to_every_caller_and_the_same_id_finds_out() {
    let (gate, store) = TestStore::gated();
    let faults = Mutex::new([Fault::None, Fault::UnknownThoughDone].into());
    let store = Arc::new(TestStore { faults, ..store });
    let batcher = start(&store, Limits::default());
    let first = submit(&batcher, pay(10));
    store.writer_is_held().await;
    let together: Vec<_> = (11..20).map(|id| submit(&batcher, pay(id))).collect();
    for _ in 0..3 {
        gate.send(()).unwrap();
    }
    assert!(matches!(first.await, Ok(Outcome::Created(_))));
    for answer in together {
        let answer = answer.await;
        let unknown = matches!(
            answer,
            Err(SubmitError::Store(StoreError::OutcomeUnknown(_)))
        );
        assert!(unknown, "{answer:?}");
    }
    let again = submit(&batcher, pay(15)).await.unwrap();
    assert!(matches!(again, Outcome::Exists(_)), "{again:?}");
}

#[tokio::test]
async fn draining_answers_what_was_queued_and_refuses_what_comes_later() {
    let (gate, store) = TestStore::gated();
    let store = Arc::new(store);
    let batcher = start(
        &store,
        Limits {
            batch_max: 10,
            ..Limits::default()
        },
    );
    let first = submit(&batcher, pay(9));
    store.writer_is_held().await;
    let queued: Vec<_> = (10..60).map(|id| submit(&batcher, pay(id))).collect();

    let draining = tokio::task::spawn_blocking({
        let batcher = batcher.clone();
        move || batcher.drain()
    });
    loop {
        // As soon as the queue is closed, new commands get this error.
        let late = submit(&batcher, pay(1_000));
        match tokio::time::timeout(Duration::from_millis(5), late).await {
            Ok(Err(SubmitError::Stopping)) => break,
            Ok(other) => panic!("{other:?}"),
            Err(_queued_before_the_close) => {}
        }
    }
    assert!(
        !draining.is_finished(),
        "there is a gate that nobody opened"
    );
    for _ in 0..100 {
        gate.send(()).unwrap();
    }
    draining.await.unwrap();
    assert!(first.await.is_ok());
    for answer in queued {
        assert!(matches!(answer.await, Ok(Outcome::Created(_))));
    }
    batcher.drain();
}

#[tokio::test]
async fn a_command_is_carried_out_even_if_its_caller_leaves() {
    let store = Arc::new(TestStore::default());
    let batcher = start(&store, Limits::default());
    drop(submit(&batcher, pay(10)));
    batcher.drain();
    assert_eq!(store.sizes().iter().sum::<usize>(), 1);
}

#[tokio::test]
async fn a_panic_in_the_writer_is_fatal_and_its_caller_is_not_told_a_lie() {
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    let store = Arc::new(TestStore::failing([Fault::Panic]));
    let on_panic = || {
        PANICS.fetch_add(1, Ordering::SeqCst);
    };
    let batcher = Batcher::start_with(
        store.clone(),
        Limits::default(),
        Arc::new(()),
        || NOW,
        on_panic,
    )
    .unwrap();
    let answer = submit(&batcher, pay(10)).await;
    assert!(
        matches!(
            answer,
            Err(SubmitError::Store(StoreError::OutcomeUnknown(_)))
        ),
        "{answer:?}"
    );
    batcher.drain();
    assert_eq!(PANICS.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn several_writers_lose_nothing() {
    let store = Arc::new(TestStore::default());
    let batcher = start(
        &store,
        Limits {
            writers: 3,
            batch_max: 7,
            // Admits everything, however slow the writers are here.
            wait_max: Duration::from_secs(3_600),
            ..Limits::default()
        },
    );
    let answers = submit_all(&batcher, (10..510).map(pay)).await;
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, Ok(Outcome::Created(_))))
    );
    batcher.drain();
    let balances: Vec<String> = store
        .memory
        .accounts()
        .iter()
        .map(|account| account.balance.to_string())
        .collect();
    assert_eq!(balances, ["500", "500"]);
}

#[tokio::test]
async fn the_last_handle_ends_the_writers() {
    struct Dropped(Arc<AtomicBool>, InMemoryStore);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }
    impl LedgerStore for Dropped {
        fn transact(
            &self,
            reads: &ReadSet,
            decide: &dyn Fn(Snapshot) -> Decision,
        ) -> Result<Vec<Outcome>, StoreError> {
            self.1.transact(reads, decide)
        }
    }
    let dropped = Arc::new(AtomicBool::new(false));
    let store = Arc::new(Dropped(dropped.clone(), InMemoryStore::new()));
    let batcher = Batcher::start(store, Limits::default()).unwrap();
    let second = batcher.clone();
    drop(batcher);
    assert!(submit(&second, open(1, "USD")).await.is_ok());
    drop(second);
    for _ in 0..500 {
        if dropped.load(Ordering::SeqCst) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the writer still holds the store");
}
