//! The batcher over stores that wait at a gate, fail on demand, or panic.

mod failures;
mod lifecycle;

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
    UnknownAfterCommit,
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
            Some(Fault::UnknownAfterCommit | Fault::None) | None => {}
        }
        let outcomes = self.memory.transact(reads, decide)?;
        self.sizes.lock().unwrap().push(outcomes.len());
        match fault {
            Some(Fault::UnknownAfterCommit) => {
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
async fn a_lone_command_is_executed_immediately() {
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
