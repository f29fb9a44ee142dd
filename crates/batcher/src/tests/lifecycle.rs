//! Draining, callers that leave, and the end of the writers.

use super::*;

#[tokio::test]
async fn draining_answers_queued_commands_and_refuses_later_ones() {
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
    assert!(!draining.is_finished(), "a gate was not opened");
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
async fn a_command_is_executed_even_if_its_caller_leaves() {
    let store = Arc::new(TestStore::default());
    let batcher = start(&store, Limits::default());
    drop(submit(&batcher, pay(10)));
    batcher.drain();
    assert_eq!(store.sizes().iter().sum::<usize>(), 1);
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
