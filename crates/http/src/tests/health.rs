//! What an orchestrator and a load balancer ask.

use std::sync::Arc;
use std::time::{Duration, Instant};

use wallet_domain::testing::InMemoryStore;
use wallet_domain::{StoreError, SubmitError};

use super::client::PATIENCE;
use super::support::{QueriesOf, TestServer, failing_ledger, ledger_over, options};
use crate::HttpOptions;

#[test]
fn a_process_that_serves_is_alive_and_ready() {
    let server = TestServer::with(&[]);
    let alive = server.get("/healthz");
    assert_eq!((alive.status, &*alive.body), (200, r#"{"status":"alive"}"#));
    assert_eq!(alive.header("cache-control"), Some("no-store"));
    let ready = server.get("/readyz");
    assert_eq!((ready.status, &*ready.body), (200, r#"{"status":"ready"}"#));
    let wrong = server.send("POST /readyz HTTP/1.1\r\nhost: test\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(
        (wrong.status, wrong.header("allow")),
        (405, Some("GET, HEAD"))
    );
}

#[test]
fn a_process_that_is_to_stop_serves_for_the_drain_delay_and_says_that_it_stops() {
    let start = |drain_delay| {
        let options = HttpOptions {
            drain_delay,
            ..options()
        };
        let store = Arc::new(InMemoryStore::new());
        TestServer::start(options, ledger_over(&store), store)
    };
    let mut server = start(Duration::from_secs(3_600));
    assert_eq!(server.get("/readyz").status, 200);
    let asked = Instant::now();
    server.begin_stop();
    while server.get("/readyz").status == 200 {
        assert!(asked.elapsed() < PATIENCE, "it does not say that it stops");
    }
    let ready = server.get("/readyz");
    let expected = r#"{"reasons":["stopping"],"status":"not_ready"}"#;
    assert_eq!((ready.status, &*ready.body), (503, expected));
    assert_eq!(server.get("/healthz").status, 200);
    assert_eq!(server.get("/accounts/").status, 200);
    // It ends with the process.
    std::mem::forget(server);

    let drain_delay = Duration::from_millis(300);
    let mut server = start(drain_delay);
    let asked = Instant::now();
    server.begin_stop();
    server.join();
    assert!(asked.elapsed() >= drain_delay);
}

#[test]
fn a_process_whose_database_is_away_is_alive_and_not_ready() {
    let away = || StoreError::Unavailable(Arc::new(std::io::Error::other("gone")));
    let ledger = failing_ledger(SubmitError::Stopping);
    let server = TestServer::start(options(), ledger, Arc::new(QueriesOf(away)));
    assert_eq!(server.get("/healthz").status, 200);
    let ready = server.get("/readyz");
    let expected = r#"{"reasons":["database"],"status":"not_ready"}"#;
    assert_eq!((ready.status, &*ready.body), (503, expected));
    assert_eq!(ready.header("retry-after"), Some("1"));
}
