//! What an orchestrator and a load balancer ask.

use std::sync::Arc;

use wallet_domain::{StoreError, SubmitError};

use super::support::{QueriesOf, TestServer, failing_ledger, options};

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
