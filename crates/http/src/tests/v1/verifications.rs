//! Verifications: started, watched, remembered.

use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wallet_domain::testing::InMemoryStore;
use wallet_domain::testing::fixtures::{NOW, account_id, amount, deposit, open};
use wallet_domain::{
    LedgerSnapshots, Outcome, ReadSet, ReadsThrough, SnapshotUse, StoreError, WholeLedger,
    WriteSet, execute,
};

use super::{id, pointers};
use crate::HttpOptions;
use crate::tests::support::{QueriesOf, TestServer, ledger_over, log, options};

const PATIENCE: Duration = Duration::from_secs(30);

/// A ledger whose snapshots wait for the gate.
struct Gated {
    store: Arc<InMemoryStore>,
    gate: Mutex<mpsc::Receiver<()>>,
}

impl ReadsThrough for Gated {
    fn queries(&self) -> Result<&dyn WholeLedger, StoreError> {
        Ok(&*self.store)
    }
}

impl LedgerSnapshots for Gated {
    fn snapshot(&self, usage: SnapshotUse) -> Result<Box<dyn WholeLedger>, StoreError> {
        // Without its other side it is open.
        let _ = self.gate.lock().unwrap().recv();
        LedgerSnapshots::snapshot(&*self.store, usage)
    }
}

/// Two accounts and a deposit.
fn books() -> Arc<InMemoryStore> {
    let store = Arc::new(InMemoryStore::new());
    let commands = [open(1, "USD"), open(2, "USD"), deposit(100, 1, "1000")];
    for outcome in execute(&*store, &commands, NOW).unwrap() {
        assert!(matches!(outcome, Outcome::Created(_)), "{outcome:?}");
    }
    store
}

fn over(store: Arc<InMemoryStore>) -> TestServer {
    TestServer::start(options(), ledger_over(&store), store)
}

pub(in crate::tests) fn gated(options: HttpOptions) -> (TestServer, mpsc::Sender<()>) {
    let (gate, waits) = mpsc::channel();
    let store = books();
    let gated = Gated {
        store: store.clone(),
        gate: Mutex::new(waits),
    };
    let server = TestServer::start(options, ledger_over(&store), Arc::new(gated));
    (server, gate)
}

impl TestServer {
    fn verify(&self, number: u128) -> Value {
        let answer = self.post_v1("/v1/verifications", &json!({"id": id(number)}));
        answer.expect_status(201)
    }

    /// What became of a verification.
    fn verified(&self, number: u128) -> Value {
        let begun = Instant::now();
        loop {
            let path = format!("/v1/verifications/{}", id(number));
            let verification = self.get(&path).expect_status(200);
            if verification["status"] != "running" {
                assert!(verification["finished_at"].is_string(), "{verification}");
                return verification;
            }
            assert!(begun.elapsed() < PATIENCE, "{verification}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn metric(&self, sample: &str) -> f64 {
        let metrics = self.get("/metrics").body.clone();
        let mut lines = metrics.lines();
        let found = lines.find_map(|line| line.strip_prefix(sample)?.strip_prefix(' '));
        found.unwrap().parse().unwrap()
    }
}

fn result(word: &str) -> String {
    format!("wallet_verification_last_result{{result=\"{word}\"}}")
}

#[test]
fn a_verification_runs_while_everything_else_goes_on_and_is_the_only_one() {
    let (server, gate) = gated(options());
    let answer = server.post_v1("/v1/verifications", &json!({"id": id(1)}));
    let started = answer.expect_status(201);
    let location = format!("/v1/verifications/{}", id(1));
    assert_eq!(answer.header("location"), Some(&*location));
    assert_eq!(started["status"], "running");
    assert_eq!(started["finished_at"], Value::Null);
    assert_eq!(server.metric("wallet_verification_running"), 1.0);
    assert_eq!(server.get("/readyz").status, 200);

    let second = server.post_v1("/v1/verifications", &json!({"id": id(2)}));
    let problem = second.expect_problem(409, "verification_running");
    assert!(problem["detail"].as_str().unwrap().contains(&id(1)));
    let again = server.post_v1("/v1/verifications", &json!({"id": id(1)}));
    assert_eq!(again.expect_status(201), started);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));

    drop(gate);
    let passed = server.verified(1);
    assert_eq!(passed["status"], "passed");
    let progress = &passed["progress"];
    assert_eq!(
        (&progress["accounts"], &progress["parts"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(passed["contradiction"], Value::Null);
    assert_eq!(server.metric("wallet_verification_running"), 0.0);
    assert_eq!(server.metric(&result("passed")), 1.0);
    assert!(server.metric("wallet_verification_last_passed_timestamp_seconds") > 1e9);
    let again = server.post_v1("/v1/verifications", &json!({"id": id(1)}));
    assert_eq!(again.expect_status(201), passed);
}

#[test]
fn books_contain_those_whose_head_is_expected_or_the_verification_fails() {
    let store = books();
    let server = over(store.clone());
    server.verify(1);
    let head = server.verified(1)["head"].clone();
    execute(&*store, &[deposit(101, 2, "1")], NOW).unwrap();
    let expecting = |number: u128, head: &Value| {
        let body = json!({"id": id(number), "expected_head": head});
        let started = server
            .post_v1("/v1/verifications", &body)
            .expect_status(201);
        assert_eq!(&started["expected_head"], head);
        server.verified(number)
    };
    let passed = expecting(2, &head);
    assert_eq!(passed["status"], "passed");
    assert_ne!(passed["head"], head);
    let forged = head.as_str().unwrap().replace(":1:", ":9:");
    let failed = expecting(3, &json!(forged));
    assert_eq!(failed["status"], "failed", "{failed}");
    assert_eq!(server.metric(&result("failed")), 1.0);

    let all = server.get("/v1/verifications").expect_status(200);
    let all = all["data"].as_array().unwrap();
    let ids: Vec<&Value> = all.iter().map(|one| &one["id"]).collect();
    assert_eq!(ids, [&json!(id(3)), &json!(id(2)), &json!(id(1))]);
}

#[test]
fn a_contradiction_is_named() {
    let store = books();
    let reads = ReadSet {
        accounts: [account_id(1)].into(),
        ..ReadSet::default()
    };
    let mut account = store
        .snapshot(&reads)
        .accounts
        .remove(&account_id(1))
        .unwrap();
    account.balance = amount("1000000");
    store.apply(WriteSet {
        accounts_changed: vec![account],
        links: Some(Vec::new()),
        ..WriteSet::default()
    });
    let server = over(store);
    server.verify(1);
    let failed = server.verified(1);
    assert_eq!(failed["status"], "failed");
    assert_eq!(failed["head"], Value::Null);
    let place = failed["contradiction"]["place"].as_str().unwrap();
    assert!(place.contains(&id(1)), "{failed}");
    let finding = failed["contradiction"]["finding"].as_str().unwrap();
    assert!(finding.contains("1000000"), "{failed}");
    assert_eq!(
        server.metric("wallet_verification_last_passed_timestamp_seconds"),
        0.0
    );
}

#[test]
fn a_ledger_that_cannot_be_read_is_no_contradiction_and_what_it_says_stays_inside() {
    let away = || StoreError::Unavailable(Arc::new(std::io::Error::other("secret words")));
    let ledger = ledger_over(&books());
    let server = TestServer::start(options(), ledger, Arc::new(QueriesOf(away)));
    server.verify(1);
    let aborted = server.verified(1);
    assert_eq!(aborted["status"], "aborted");
    assert_eq!(aborted["contradiction"], Value::Null);
    assert!(!aborted.to_string().contains("secret"), "{aborted}");
    assert_eq!(server.metric(&result("aborted")), 1.0);
}

#[test]
fn a_service_that_stops_aborts_the_verification_and_waits_for_it() {
    let options = HttpOptions {
        drain_delay: Duration::from_millis(500),
        shutdown_timeout: PATIENCE,
        ..options()
    };
    let (mut server, gate) = gated(options);
    server.verify(4711);
    server.begin_stop();
    while server.get("/readyz").status == 200 {}
    drop(gate);
    server.join();
    let id = id(4711);
    let mut lines = log().into_iter().filter(|line| line["id"] == id.as_str());
    let aborted = lines.any(|line| line["message"].as_str().unwrap().contains("aborted"));
    assert!(aborted, "it was not aborted");
}

#[test]
fn what_cannot_be_started_is_said_and_a_dry_run_starts_nothing() {
    let server = over(books());
    let post = |body: Value| server.post_v1("/v1/verifications", &body);
    let problem = post(json!({"id": id(1), "expected_head": "x", "more": 1}))
        .expect_problem(400, "malformed_request");
    assert_eq!(pointers(&problem), ["/expected_head", "/more"]);
    for proves_nothing in ["", " ", ","] {
        let problem = post(json!({"id": id(1), "expected_head": proves_nothing}))
            .expect_problem(400, "malformed_request");
        assert_eq!(pointers(&problem), ["/expected_head"]);
    }
    server
        .call("POST", "/v1/verifications", &[], "")
        .expect_problem(400, "id_missing");
    let path = "/v1/verifications?dry_run=true";
    let dry = server.post_v1(path, &json!({"id": id(1)}));
    assert_eq!(dry.expect_status(200)["status"], "running");
    assert_eq!(dry.header("dry-run"), Some("true"));
    let path = format!("/v1/verifications/{}", id(1));
    server
        .get(&path)
        .expect_problem(404, "verification_not_found");

    // A key instead of an id, and no body.
    let key = ["idempotency-key: nightly"];
    let by_key = || server.call("POST", "/v1/verifications", &key, "");
    let first = by_key().expect_status(201);
    assert_eq!(by_key().expect_status(201)["id"], first["id"]);
    let head = format!("{}:1:{}", id(1), "0".repeat(64));
    let body = json!({"expected_head": head}).to_string();
    server
        .call("POST", "/v1/verifications", &key, &body)
        .expect_problem(422, "idempotency_key_reused");
    let body = json!({"id": first["id"], "expected_head": head});
    post(body).expect_problem(409, "id_already_used");
}

#[test]
fn the_last_twenty_are_remembered() {
    let server = over(books());
    for number in 1..=22 {
        server.verify(number);
        assert_eq!(server.verified(number)["status"], "passed");
    }
    let all = server.get("/v1/verifications").expect_status(200);
    let all = all["data"].as_array().unwrap();
    assert_eq!(all.len(), 20);
    assert_eq!(all[0]["id"], id(22));
    let path = format!("/v1/verifications/{}", id(2));
    server
        .get(&path)
        .expect_problem(404, "verification_not_found");
}
