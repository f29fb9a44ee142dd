//! Stores that fail, refuse, or panic.

use super::*;

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
async fn a_partly_written_request_is_never_reported_as_not_written() {
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
async fn an_unavailable_store_fails_the_batch_and_a_retry_succeeds() {
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
async fn an_unknown_commit_is_unknown_to_every_caller_and_a_retry_finds_out() {
    let (gate, store) = TestStore::gated();
    let faults = Mutex::new([Fault::None, Fault::UnknownAfterCommit].into());
    let store = Arc::new(TestStore { faults, ..store });
    let batcher = start(&store, Limits::default());
    let first = submit(&batcher, pay(10));
    store.writer_is_held().await;
    let answers: Vec<_> = (11..20).map(|id| submit(&batcher, pay(id))).collect();
    for _ in 0..3 {
        gate.send(()).unwrap();
    }
    assert!(matches!(first.await, Ok(Outcome::Created(_))));
    for answer in answers {
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
async fn a_panic_in_the_writer_is_fatal_and_the_outcome_is_unknown() {
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
