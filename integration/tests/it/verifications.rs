//! Proofs of a ledger in use, by the command and by the endpoint.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wallet_integration::client::Replicas;
use wallet_integration::service::{Launch, Service};
use wallet_integration::store::TestStore;

use crate::demo::{self, RICH_USD, new_id};
use crate::holds::post;
use crate::load::{Bank, exclusive};
use crate::verify::{RICH, head, verify_with, write_books};

const PATIENCE: Duration = Duration::from_secs(60);

/// How often a ledger is proved while clients write.
const PROOFS: usize = 3;

/// How many transfers are acknowledged between two proofs.
const STEP: usize = 100;

each_store!(
    what_sql_has_changed_is_found_through_the_endpoint,
    the_next_start_removes_what_a_killed_verification_left,
);

#[test]
fn a_sqlite_ledger_in_use_is_proved_again_and_again() {
    proved_while_clients_write(&TestStore::sqlite(), 1);
}

#[test]
fn a_postgresql_ledger_in_use_by_two_replicas_is_proved_again_and_again() {
    proved_while_clients_write(&TestStore::postgres(), 2);
}

/// Every proof passes and contains the one before, whether the command or the endpoint makes it.
fn proved_while_clients_write(store: &TestStore, replicas: usize) {
    let _turn = exclusive();
    let bank = Bank::open(store);
    let services: Vec<_> = (0..replicas)
        .map(|_| Service::start(store).unwrap())
        .collect();
    let addresses: Vec<_> = services.iter().map(Service::address).collect();
    let history = bank.run(&Replicas::new(&addresses), |progress| {
        let mut last = head(&verify_with(store, &[]));
        for _ in 0..PROOFS {
            progress.wait_for(progress.acknowledged() + STEP);
            let by_command = head(&verify_with(store, &["--expect-head", &last]));
            assert_ne!(by_command, last, "no client wrote between two proofs");
            last = by_command;
            for service in &services {
                let verified = verified(service, &json!({"id": new_id(), "expected_head": last}));
                assert_eq!(verified["status"], "passed", "{verified}");
                last = verified["head"].as_str().unwrap().to_owned();
            }
        }
    });
    for service in services {
        service.stop().unwrap();
    }
    bank.judge(store, &history);
    if let Some(file) = store.file() {
        assert!(!file.with_file_name("wallet.db.snapshot").exists());
    }
}

fn what_sql_has_changed_is_found_through_the_endpoint(store: &TestStore) {
    write_books(store);
    let service = demo::service(store);
    let passed = verified(&service, &json!({"id": new_id()}));
    assert_eq!(passed["status"], "passed", "{passed}");
    assert_eq!(passed["progress"]["accounts"], 6);
    let damage = format!("UPDATE transfer_parts SET amount = '21' WHERE {RICH} AND version = 2");
    store.run_sql(&damage).unwrap();
    let failed = verified(&service, &json!({"id": new_id()}));
    assert_eq!(failed["status"], "failed", "{failed}");
    let found = &failed["contradiction"];
    assert_eq!(found["place"], format!("account {RICH_USD}, version 2"));
    assert_eq!(found["finding"], "the balance is 980, it should be 979");
    let metrics = service.client().get("/metrics").unwrap().text;
    let failed = "wallet_verification_last_result{result=\"failed\"} 1";
    assert!(metrics.contains(failed), "{metrics}");
    // The books are wrong; the service still works.
    assert_eq!(service.client().get("/readyz").unwrap().status, 200);
}

fn the_next_start_removes_what_a_killed_verification_left(store: &TestStore) {
    write_books(store);
    // As a kill in the middle leaves it.
    let left = store
        .file()
        .map(|file| file.with_file_name("wallet.db.snapshot"));
    if let Some(left) = &left {
        std::fs::write(left, "half a copy").unwrap();
    }
    let mut service = demo::service(store);
    assert!(!left.as_ref().is_some_and(|left| left.exists()));
    let started = post(
        &mut service.client(),
        "/v1/verifications",
        &json!({"id": new_id()}),
    );
    assert_eq!(started.status, 201, "{started:?}");
    service.kill_9().unwrap();
    let service = Launch::on(store).start().unwrap();
    assert!(!left.as_ref().is_some_and(|left| left.exists()));
    let passed = verified(&service, &json!({"id": new_id()}));
    assert_eq!(passed["status"], "passed", "{passed}");
}

/// Starts a verification, and waits for what becomes of it.
fn verified(service: &Service, body: &Value) -> Value {
    let mut client = service.client();
    let started = post(&mut client, "/v1/verifications", body);
    assert_eq!(started.status, 201, "{started:?}");
    let path = format!("/v1/verifications/{}", body["id"].as_str().unwrap());
    let begun = Instant::now();
    loop {
        let verification = client.get(&path).unwrap().json();
        if verification["status"] != "running" {
            return verification;
        }
        assert!(begun.elapsed() < PATIENCE, "{verification}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
