//! The calls that an observer receives.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use wallet_domain::testing::InMemoryStore;
use wallet_domain::testing::fixtures::{deposit, open};
use wallet_domain::{Ledger, Outcome, StoreError, Unit, WorkClass};

use super::Observer;
use crate::{Batcher, Limits};

#[derive(Default)]
struct Heard {
    waits: Mutex<Vec<Duration>>,
    transactions: Mutex<Vec<(usize, usize)>>,
}

impl Observer for Heard {
    fn left_queue(&self, _: WorkClass, waited: Duration) {
        self.waits.lock().unwrap().push(waited);
    }

    fn transacted(&self, units: &[Unit], result: &Result<Vec<Outcome>, StoreError>, _: Duration) {
        let outcomes = result.as_ref().unwrap().len();
        self.transactions
            .lock()
            .unwrap()
            .push((units.len(), outcomes));
    }
}

#[tokio::test]
async fn every_wait_and_every_transaction_is_observed_before_the_answer() {
    let heard = Arc::new(Heard::default());
    let store = Arc::new(InMemoryStore::new());
    let batcher = Batcher::start_observed(store, Limits::default(), heard.clone()).unwrap();
    let atomic = Unit {
        commands: vec![open(1, "USD"), deposit(1, 1, "5")],
        dry_run: false,
    };
    for units in [
        vec![atomic],
        vec![open(2, "USD").into(), open(3, "USD").into()],
    ] {
        batcher.submit(units).await.unwrap();
    }
    assert_eq!(*heard.transactions.lock().unwrap(), [(1, 2), (2, 2)]);
    let waits = heard.waits.lock().unwrap();
    assert_eq!(waits.len(), 2);
    assert!(
        waits.iter().all(|wait| *wait < Duration::from_secs(10)),
        "{waits:?}"
    );
    for class in WorkClass::ALL {
        assert_eq!(batcher.waiting(class), 0);
    }
}
