//! Many clients, few accounts: whatever the interleaving, the answers agree with the books.

use wallet_integration::client::Replicas;
use wallet_integration::service::Service;
use wallet_integration::store::TestStore;

use crate::load::{Bank, exclusive, retried};

const ACKNOWLEDGED_MIN: usize = 5_000;

/// All writers lock accounts in one order, so PostgreSQL never has to break a deadlock.
pub(crate) const NO_DEADLOCKS: &str = "DO $$ BEGIN
    IF (SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()) > 0 THEN
        RAISE EXCEPTION 'there were deadlocks';
    END IF;
END $$";

#[test]
fn one_process_on_sqlite_is_consistent() {
    assert_consistent(&TestStore::sqlite(), 1);
}

#[test]
fn two_replicas_on_one_postgresql_database_are_consistent() {
    assert_consistent(&TestStore::postgres(), 2);
}

fn assert_consistent(store: &TestStore, replicas: usize) {
    let _turn = exclusive();
    let bank = Bank::open(store);
    let services: Vec<_> = (0..replicas)
        .map(|_| Service::start(store).unwrap())
        .collect();
    let addresses: Vec<_> = services.iter().map(Service::address).collect();
    let history = bank.run(&Replicas::new(&addresses), |progress| {
        progress.wait_for(ACKNOWLEDGED_MIN);
    });
    for service in services {
        service.stop().unwrap();
    }
    if store.file().is_none() {
        store.run_sql(NO_DEADLOCKS).unwrap();
    }
    bank.judge(store, &history);
    assert_eq!(
        retried(&history),
        0,
        "nothing was disturbed, and still some answers were unclear"
    );
    assert_eq!(
        history.reads_failed, 0,
        "nothing was disturbed, and still some lists failed"
    );
    assert!(
        history.transfers.len() > history.acknowledged(),
        "no payment was refused"
    );
}
