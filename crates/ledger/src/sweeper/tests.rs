//! What a round expires, what it leaves, and how it reports trouble.

use std::sync::Mutex;
use std::time::Instant;

use tokio::time::timeout;
use wallet_batcher::{Batcher, Limits};
use wallet_domain::testing::InMemoryStore;
use wallet_domain::testing::fixtures::{
    account_id, amount, capture, deposit, expire, hold, hold_until, internal, open, transfer_id,
    transfer_of,
};
use wallet_domain::{HoldState, LedgerStore, Submission, Timestamp, execute};
use wallet_sqlite::{SqliteOptions, SqliteStore};

use super::*;
use crate::stop::Stopper;

/// Both ports of a store.
trait Store: LedgerStore + LedgerQueries + 'static {}
impl<S: LedgerStore + LedgerQueries + 'static> Store for S {}

fn in_millis(millis: i64) -> Timestamp {
    now().plus_micros(millis * 1_000)
}

/// Executes what must not be refused.
fn run(store: &dyn LedgerStore, commands: &[Command]) -> Vec<Outcome> {
    let outcomes = execute(store, commands, now()).unwrap();
    let is_created = |outcome: &Outcome| matches!(outcome, Outcome::Created(_));
    assert!(outcomes.iter().all(is_created), "{outcomes:?}");
    outcomes
}

/// Two accounts; the first one has 1000 USD.
fn funded<S: Store>(store: S) -> Arc<S> {
    run(
        &store,
        &[open(1, "USD"), open(2, "USD"), deposit(1, 1, "1000")],
    );
    Arc::new(store)
}

fn sweeper<S: Store>(store: &Arc<S>) -> Sweeper {
    let batcher = Batcher::start(store.clone(), Limits::default()).unwrap();
    Sweeper::new(Arc::new(batcher), store.clone())
}

fn available(store: &impl Store) -> wallet_domain::Amount {
    store.account(account_id(1)).unwrap().unwrap().available()
}

fn state(store: &impl Store, id: u128) -> HoldState {
    store.hold(transfer_id(id)).unwrap().unwrap().state
}

/// Places holds of 0.50 that are over after a moment, and waits for that.
fn place_due(store: &impl Store, ids: std::ops::Range<u128>) -> Vec<Command> {
    let over = in_millis(200);
    let holds: Vec<Command> = ids
        .map(|id| hold_until(id, 1, 2, "0.5", Some(over)))
        .collect();
    run(store, &holds);
    while now() < over {
        std::thread::sleep(Duration::from_millis(5));
    }
    holds
}

#[tokio::test]
async fn what_is_due_is_let_go_and_nothing_else_on_sqlite_too() {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteOptions::new(folder.path().join("wallet.db"));
    lets_go_what_is_due_and_nothing_else(funded(SqliteStore::open(&options).unwrap())).await;
    lets_go_what_is_due_and_nothing_else(funded(InMemoryStore::new())).await;
}

async fn lets_go_what_is_due_and_nothing_else<S: Store>(store: Arc<S>) {
    let sweeper = sweeper(&store);
    assert_eq!(sweeper.round().await.unwrap(), Next::AfterPause);
    let later = hold_until(11, 1, 2, "20", Some(in_millis(60_000)));
    run(&*store, &[hold(10, 1, 2, "10"), later]);
    place_due(&*store, 12..13);
    assert_eq!(available(&*store), amount("969.5"));

    assert_eq!(sweeper.round().await.unwrap(), Next::AfterPause);
    assert_eq!(available(&*store), amount("970"));
    let states = [10, 11, 12].map(|id| state(&*store, id));
    assert_eq!(
        states,
        [HoldState::Open, HoldState::Open, HoldState::Expired]
    );
}

#[tokio::test]
async fn more_than_one_round_holds_is_let_go_in_rounds_that_follow_at_once() {
    let store = funded(InMemoryStore::new());
    place_due(&*store, 10..1_011);
    let sweeper = sweeper(&store);
    let mut paces = Vec::new();
    for _ in 0..3 {
        paces.push(sweeper.round().await.unwrap());
    }
    assert_eq!(paces, [Next::AtOnce, Next::AtOnce, Next::AfterPause]);
    assert_eq!(available(&*store), amount("1000"));
}

/// Answers the reads with what was due before the other replica came by.
#[tokio::test]
async fn a_hold_that_another_replica_released_is_no_error() {
    let store = funded(InMemoryStore::new());
    let holds = place_due(&*store, 10..13);
    let due = store.holds_due(now(), 10).unwrap();
    let sweeper = sweeper(&store);
    // One by another replica, one by a client's own command, one is still there.
    let void = wallet_domain::testing::fixtures::change_hold(90, &holds[1], HoldAction::Void);
    run(&*store, &[expire(&holds[0]), void]);

    let swept = sweeper.submit(&due, ChangeHold::expire).await.unwrap();
    let swept = swept.unwrap();
    assert_eq!((swept.expired, swept.gone), (1, 2));
    assert!(swept.id_taken.is_empty() && swept.refused.is_empty());
    assert_eq!(available(&*store), amount("1000"));
}

#[tokio::test]
async fn a_hold_whose_id_for_being_let_go_is_taken_is_let_go_all_the_same() {
    let store = funded(InMemoryStore::new());
    // The id that expiring the hold would have, learned from a ledger where that has happened.
    let elsewhere = funded(InMemoryStore::new());
    let expired = run(&*elsewhere, &[expire(&place_due(&*elsewhere, 10..11)[0])]);
    let taken = transfer_of(&expired[0]).id.as_uuid().as_u128();
    run(&*store, &[internal(taken, 1, 2, "1")]);
    place_due(&*store, 10..11);

    let sweeper = sweeper(&store);
    assert_eq!(sweeper.round().await.unwrap(), Next::AfterPause);
    assert_eq!(state(&*store, 10), HoldState::Expired);
    assert_eq!(available(&*store), amount("999"));
}

#[tokio::test]
async fn a_capture_after_the_end_is_refused_before_the_sweep() {
    let store = funded(InMemoryStore::new());
    let holds = place_due(&*store, 10..11);
    let outcome = execute(&*store, &[capture(20, &holds[0], None, true)], now()).unwrap();
    assert_eq!(outcome, [Outcome::Rejected(Rejection::HoldExpired)]);
}

/// A ledger that is too busy, away, or well, in turn.
struct Moody(Mutex<Vec<SubmitError>>, Batcher);

impl Ledger for Moody {
    fn submit_as(&self, class: WorkClass, units: Vec<Unit>) -> Submission {
        assert_eq!(class, WorkClass::Housekeeping);
        match self.0.lock().unwrap().pop() {
            Some(error) => Box::pin(async { Err(error) }),
            None => self.1.submit_as(class, units),
        }
    }
}

#[tokio::test]
async fn a_ledger_that_is_busy_or_away_is_tried_again() {
    let store = funded(InMemoryStore::new());
    place_due(&*store, 10..11);
    let away = wallet_domain::StoreError::Unavailable(Arc::new(std::io::Error::other("away")));
    let moods = vec![away.into(), SubmitError::Overloaded];
    let batcher = Batcher::start(store.clone(), Limits::default()).unwrap();
    let ledger = Arc::new(Moody(Mutex::new(moods), batcher));
    let mut sweeper = Sweeper::new(ledger, store.clone());

    assert_eq!(sweeper.round().await.unwrap(), Next::AfterPause);
    let error = sweeper.round().await.unwrap_err();
    assert_eq!(
        Causes(&error).to_string(),
        "expired holds cannot be released: the store is not available: away"
    );
    sweeper.log(Some(error));
    assert!(sweeper.is_in_trouble);
    assert_eq!(state(&*store, 10), HoldState::Open);

    sweeper.log(sweeper.round().await.err());
    assert!(!sweeper.is_in_trouble);
    assert_eq!(state(&*store, 10), HoldState::Expired);
}

#[tokio::test]
async fn the_loop_is_in_time_and_ends_when_it_is_asked_to() {
    let store = funded(InMemoryStore::new());
    let (stopper, stop) = Stopper::new();
    let sweeping = tokio::spawn(sweeper(&store).run(stop));
    let over = Instant::now() + Duration::from_millis(300);
    let late = hold_until(10, 1, 2, "1", Some(in_millis(300)));
    run(&*store, &[late]);
    while state(&*store, 10) == HoldState::Open {
        sleep(Duration::from_millis(5)).await;
    }
    let lateness = over.elapsed();
    assert!(lateness < Duration::from_secs(1), "{lateness:?} late");

    stopper.stop();
    let ended = timeout(Duration::from_secs(5), sweeping).await;
    ended.expect("it ends").unwrap();
}
