//! PostgreSQL is down for ten seconds, as in a failover, while clients pay: the service reports it,
//! resumes by itself when the database is back, and has lost nothing that it acknowledged.

use std::thread;
use std::time::{Duration, Instant};

use wallet_integration::client::{Client, Replicas};
use wallet_integration::service::{Launch, Service};
use wallet_integration::store::TestStore;

use crate::load::{Bank, exclusive, retried};

/// How long the database is away.
const OUTAGE: Duration = Duration::from_secs(10);

/// How often it is asked.
const PAUSE: Duration = Duration::from_millis(50);

const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn the_service_survives_ten_seconds_without_postgresql_and_reports_it() {
    let _turn = exclusive();
    let store = TestStore::dedicated_postgres();
    let bank = Bank::open(&store);
    let service = Service::start(&store).unwrap();
    let mut probe = service.client();
    assert_eq!(probe.get("/readyz").unwrap().status, 200);
    let replicas = Replicas::new(&[service.address()]);
    let history = bank.run(&replicas, |progress| {
        progress.wait_for(progress.acknowledged() + 300);
        let server = store.server().unwrap();
        let stopped = Instant::now();
        server.stop();
        let noticed = wait_for(&mut probe, 503, stopped);
        let at_the_stop = progress.acknowledged();
        while stopped.elapsed() < OUTAGE {
            let answer = probe.get("/readyz").unwrap();
            assert_eq!(answer.status, 503, "{answer:?}");
            assert_eq!(answer.json()["reasons"][0], "database", "{answer:?}");
            // An outage is no reason to restart the service.
            assert_eq!(probe.get("/healthz").unwrap().status, 200);
            thread::sleep(PAUSE);
        }
        assert_eq!(progress.acknowledged(), at_the_stop, "without a database");

        server.restart().unwrap();
        let back = Instant::now();
        let ready = wait_for(&mut probe, 200, back);
        progress.wait_for(progress.acknowledged() + 1);
        let paid = back.elapsed();
        println!(
            "not ready {noticed:?} after the database began to stop; ready {ready:?} after it was \
             back, first payment after {paid:?}"
        );
        progress.wait_for(progress.acknowledged() + 300);
    });
    // Still the same process: it was not restarted.
    service.stop().unwrap();
    // Every acknowledged payment is in the books, once, and nothing that was refused.
    bank.judge(&store, &history);
    assert!(retried(&history) > 0, "no client noticed the outage");
    let verify = store.flags_without_migration().into_iter();
    let verify = verify.fold(Launch::new(["verify"]), Launch::arg);
    let ended = verify.run_to_end(PATIENCE).unwrap();
    assert!(ended.status.success(), "{ended:?}");
}

/// Asks until the probe is answered with this status; how long after `since` that was.
fn wait_for(probe: &mut Client, status: u16, since: Instant) -> Duration {
    loop {
        let answer = probe.get("/readyz").unwrap();
        if answer.status == status {
            return since.elapsed();
        }
        assert!(since.elapsed() < PATIENCE, "{answer:?}");
        thread::sleep(PAUSE);
    }
}
