//! Failures of the ledger, of the store and of our own code, as a client sees them.

use std::sync::Arc;
use std::time::Instant;

use wallet_domain::testing::InMemoryStore;
use wallet_domain::{StoreCause, StoreError, Submission, SubmitError};

use super::client::transfer;
use super::support::{LedgerOf, QueriesOf, TestServer, failing_ledger, log, log_of, options};

const SECRET: &str = "relation \"accounts\" does not exist";

fn cause() -> StoreCause {
    Arc::new(std::io::Error::other(SECRET))
}

fn unavailable() -> StoreError {
    StoreError::Unavailable(cause())
}

#[test]
fn failures_are_told_by_what_the_client_is_to_do() {
    let cases = [
        (SubmitError::Overloaded, "service_unavailable"),
        (SubmitError::Stopping, "service_unavailable"),
        (unavailable().into(), "service_unavailable"),
        (StoreError::Contended(cause()).into(), "service_unavailable"),
        (
            StoreError::OutcomeUnknown(cause()).into(),
            "service_unavailable",
        ),
        (StoreError::Refused(cause()).into(), "internal_error"),
    ];
    for (error, code) in cases {
        println!("{error:?}");
        TestServer::failing(error)
            .post(transfer(1, 1, 2, "5"))
            .expect_error(code);
    }
}

#[test]
fn a_failure_of_the_store_is_logged_once_with_its_causes() {
    let cases = [
        (unavailable(), "WARN"),
        (StoreError::Contended(cause()), "WARN"),
        (StoreError::OutcomeUnknown(cause()), "ERROR"),
        (StoreError::Refused(cause()), "ERROR"),
    ];
    for (error, level) in cases {
        let text = error.to_string();
        let answer = TestServer::failing(error.into()).post(transfer(1, 1, 2, "5"));
        let log = log_of(answer.header("x-request-id").unwrap());
        let logged: Vec<_> = log.iter().filter(|line| line["level"] != "DEBUG").collect();
        assert_eq!(logged.len(), 1, "{log:?}");
        assert_eq!(logged[0]["level"], level);
        let message = logged[0]["message"].as_str().unwrap();
        let expected = format!("POST /transfers/: {text}: {SECRET}");
        assert!(message.starts_with(&expected), "{message}");
    }
}

#[test]
fn overload_is_told_but_not_for_each_request() {
    let server = TestServer::failing(SubmitError::Overloaded);
    let is_logged = |line: &serde_json::Value| {
        let message = line["message"].as_str().unwrap_or_default();
        line["level"] == "WARN" && message.starts_with("requests are turned away")
    };
    let begun = Instant::now();
    let mut logged = 0;
    for _ in 0..50 {
        let answer = server.post(transfer(1, 1, 2, "5"));
        let log = log_of(answer.header("x-request-id").unwrap());
        logged += log.iter().filter(|line| is_logged(line)).count();
        let rest = log.iter().filter(|line| !is_logged(line));
        assert!(rest.clone().all(|line| line["level"] == "DEBUG"), "{log:?}");
    }
    // One line a second for all requests of the process, with the id of the latest.
    assert!(logged as u64 <= begun.elapsed().as_secs() + 1, "{logged}");
    assert!(log().iter().any(is_logged));
}

#[test]
fn lists_fail_as_transfers_do() {
    let cases: [(fn() -> StoreError, _); 2] = [
        (unavailable, "service_unavailable"),
        (|| StoreError::Refused(cause()), "internal_error"),
    ];
    for (error, code) in cases {
        let ledger = failing_ledger(SubmitError::Stopping);
        let server = TestServer::start(options(), ledger, Arc::new(QueriesOf(error)));
        server.get("/accounts/").expect_error(code);
        let path = "/accounts/00000000-0000-0000-0000-000000000001/transfers/";
        server.get(path).expect_error(code);
    }
}

#[test]
fn a_query_that_panics_is_an_internal_error() {
    let queries = Arc::new(QueriesOf(|| panic!("a query panics, as planned")));
    let server = TestServer::start(options(), failing_ledger(SubmitError::Stopping), queries);
    for _ in 0..20 {
        server.get("/accounts/").expect_error("internal_error");
    }
}

#[test]
fn a_handler_that_panics_is_answered_and_logged_and_the_server_goes_on() {
    let ledger = Arc::new(LedgerOf(|_| -> Submission {
        panic!("a ledger panics, as planned")
    }));
    let server = TestServer::start(options(), ledger, Arc::new(InMemoryStore::new()));
    let mut connection = server.connect();
    for _ in 0..20 {
        connection.post(transfer(1, 1, 2, "5").as_bytes());
        let answer = connection.answer();
        assert_eq!(answer.status, 500);
        assert_eq!(
            answer.body,
            r#"{"result":"ERROR","error":"internal_error"}"#
        );
        answer.expect_json();
        let log = log_of(answer.header("x-request-id").unwrap());
        let logged = log.iter().find(|line| line["level"] == "ERROR").unwrap();
        let message = logged["message"].as_str().unwrap();
        assert!(message.contains("POST /transfers/"), "{message}");
        assert!(message.contains("a ledger panics, as planned"), "{message}");
    }
    server
        .get("/accounts/")
        .expect_body(r#"{"result":"OK","payload":[]}"#);
}
