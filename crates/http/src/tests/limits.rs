//! Limits of time and number, on real sockets.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use std::num::NonZeroUsize;

use wallet_domain::testing::InMemoryStore;
use wallet_domain::{Ledger, StoreError, Submission, SubmitError};

use super::client::transfer;
use super::support::{LedgerOf, QueriesOf, TestServer, failing_ledger, options};
use crate::HttpOptions;

/// Later than any test gives up: what happens before happens for another reason.
const NEVER: Duration = Duration::from_secs(3_600);

fn silent_ledger() -> Arc<dyn Ledger> {
    Arc::new(LedgerOf(|_| -> Submission {
        Box::pin(std::future::pending())
    }))
}

fn empty_store() -> Arc<InMemoryStore> {
    Arc::new(InMemoryStore::new())
}

#[test]
fn a_body_that_stalls_is_answered_in_time_and_the_connection_is_closed() {
    let options = HttpOptions {
        request_timeout: NEVER,
        body_timeout: Duration::from_millis(300),
        ..options()
    };
    let server = TestServer::start(options, silent_ledger(), empty_store());
    let heads = [
        "content-length: 100\r\n\r\n{",
        "transfer-encoding: chunked\r\n\r\n1\r\n{\r\n",
    ];
    for head in heads {
        let mut connection = server.connect();
        let begun = Instant::now();
        connection.write(b"POST /transfers/ HTTP/1.1\r\nhost: test\r\n");
        connection.write(head.as_bytes());
        let answer = connection.answer();
        assert!(begun.elapsed() >= Duration::from_millis(300));
        answer.expect_error("malformed_request");
        assert_eq!(answer.header("connection"), Some("close"));
        connection.expect_close();
    }
    server
        .get("/accounts/")
        .expect_body(r#"{"result":"OK","payload":[]}"#);
}

#[test]
fn a_body_that_trickles_has_no_more_time_than_one_that_stalls() {
    let options = HttpOptions {
        body_timeout: Duration::from_millis(300),
        ..options()
    };
    let server = TestServer::start(options, silent_ledger(), empty_store());
    let mut connection = server.connect();
    connection.write(b"POST /transfers/ HTTP/1.1\r\nhost: test\r\ncontent-length: 100\r\n\r\n");
    for _ in 0..6 {
        let _ = connection.try_write(b" ");
        std::thread::sleep(Duration::from_millis(70));
    }
    connection.answer().expect_error("malformed_request");
}

#[test]
fn a_head_that_stalls_is_answered_408() {
    let options = HttpOptions {
        head_timeout: Duration::from_millis(300),
        ..options()
    };
    let server = TestServer::start(options, silent_ledger(), empty_store());
    let mut connection = server.connect();
    connection.write(b"POST /transfers/ HTTP/1.1\r\nhost: te");
    assert_eq!(connection.answer().status, 408);
    connection.expect_close();
}

#[test]
fn a_ledger_that_does_not_answer_in_time_is_unavailable() {
    let options = HttpOptions {
        request_timeout: Duration::from_millis(300),
        ..options()
    };
    let server = TestServer::start(options, silent_ledger(), empty_store());
    let begun = Instant::now();
    server
        .post(transfer(1, 1, 2, "5"))
        .expect_error("service_unavailable");
    assert!(begun.elapsed() >= Duration::from_millis(300));
}

#[test]
fn the_time_for_a_request_includes_that_for_its_body() {
    let options = HttpOptions {
        request_timeout: Duration::from_millis(300),
        ..options()
    };
    let server = TestServer::start(options, silent_ledger(), empty_store());
    let mut connection = server.connect();
    connection.write(b"POST /transfers/ HTTP/1.1\r\nhost: test\r\ncontent-length: 100\r\n\r\n");
    connection.answer().expect_error("malformed_request");
}

/// Queries that wait for the gate to open.
pub(super) fn gated() -> (
    mpsc::Sender<()>,
    Arc<AtomicUsize>,
    Arc<dyn wallet_domain::LedgerSnapshots>,
) {
    let (open, gate) = mpsc::channel::<()>();
    let gate = Mutex::new(gate);
    let begun = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&begun);
    let queries = QueriesOf(move || {
        count.fetch_add(1, Ordering::SeqCst);
        let _ = gate.lock().unwrap().recv();
        StoreError::Refused(Arc::new(std::io::Error::other("the gate is open")))
    });
    (open, begun, Arc::new(queries))
}

#[test]
fn a_query_that_hangs_is_unavailable_and_those_behind_it_are_not_run_when_it_is_too_late() {
    let one = NonZeroUsize::MIN;
    let options = HttpOptions {
        request_timeout: Duration::from_millis(300),
        workers: one,
        read_threads: one,
        ..options()
    };
    let (gate, begun, queries) = gated();
    let server = TestServer::start(options, silent_ledger(), queries);
    for _ in 0..3 {
        server.get("/accounts/").expect_error("service_unavailable");
    }
    drop(gate);
    // A slow machine may need more than one attempt.
    let is_answered = |_: &usize| server.get("/accounts/").body.contains("internal_error");
    let attempts = (1..=100).find(is_answered).unwrap();
    // The first, and those that came after the gate was open.
    let begun = begun.load(Ordering::SeqCst);
    assert!((2..=1 + attempts).contains(&begun), "{begun} of {attempts}");
}

#[test]
fn reads_beyond_the_limit_are_turned_away_at_once() {
    let options = HttpOptions {
        reads_max: NonZeroUsize::MIN,
        ..options()
    };
    let (gate, begun, queries) = gated();
    let server = TestServer::start(options, silent_ledger(), queries);
    let mut first = server.connect();
    first.write(b"GET /accounts/ HTTP/1.1\r\nhost: test\r\n\r\n");
    while begun.load(Ordering::SeqCst) == 0 {
        std::thread::yield_now();
    }
    server.get("/accounts/").expect_error("service_unavailable");
    drop(gate);
    first.answer().expect_error("internal_error");
    server.get("/accounts/").expect_error("internal_error");
}

#[test]
fn connections_beyond_the_limit_wait_until_one_closes() {
    let one = NonZeroUsize::MIN;
    let options = HttpOptions {
        workers: one,
        connections_max: one,
        ..options()
    };
    let server = TestServer::start(options, silent_ledger(), empty_store());
    let get = b"GET /accounts/ HTTP/1.1\r\nhost: test\r\n\r\n";
    let mut first = server.connect();
    first.write(get);
    first.answer();
    let mut second = server.connect();
    second.write(get);
    assert!(!second.is_answered_within(Duration::from_millis(300)));
    drop(first);
    second
        .answer()
        .expect_body(r#"{"result":"OK","payload":[]}"#);
}

#[test]
fn a_server_that_stops_finishes_the_request_at_hand() {
    let options = HttpOptions {
        shutdown_timeout: NEVER,
        ..options()
    };
    let (answer_now, gate) = tokio::sync::oneshot::channel::<()>();
    let gate = Mutex::new(Some(gate));
    let (arrived, has_arrived) = mpsc::channel();
    let ledger = Arc::new(LedgerOf(move |_| -> Submission {
        let gate = gate.lock().unwrap().take().unwrap();
        arrived.send(()).unwrap();
        Box::pin(async {
            gate.await.unwrap();
            Err(SubmitError::Overloaded)
        })
    }));
    let mut server = TestServer::start(options, ledger, empty_store());
    let mut idle = server.connect();
    idle.write(b"GET /accounts/ HTTP/1.1\r\nhost: test\r\n\r\n");
    idle.answer();
    let mut connection = server.connect();
    connection.post(transfer(1, 1, 2, "5").as_bytes());
    has_arrived.recv().unwrap();
    server.begin_stop();
    // The idle connection is closed, which shows that the server has begun to stop.
    idle.expect_close();
    answer_now.send(()).unwrap();
    connection.answer().expect_error("service_unavailable");
    connection.expect_close();
    server.join();
}

#[test]
fn a_server_that_stops_cuts_off_what_does_not_end() {
    let options = HttpOptions {
        shutdown_timeout: Duration::from_millis(300),
        request_timeout: NEVER,
        ..options()
    };
    let (arrived, has_arrived) = mpsc::channel();
    let ledger = Arc::new(LedgerOf(move |_| -> Submission {
        arrived.send(()).unwrap();
        Box::pin(std::future::pending())
    }));
    let mut server = TestServer::start(options, ledger, empty_store());
    let mut connection = server.connect();
    connection.post(transfer(1, 1, 2, "5").as_bytes());
    has_arrived.recv().unwrap();
    server.begin_stop();
    server.join();
    connection.expect_close();
}

#[test]
fn an_address_in_use_is_an_error() {
    let server = TestServer::failing(SubmitError::Stopping);
    let ledger = failing_ledger(SubmitError::Stopping);
    let second = crate::HttpServer::bind(
        server.address,
        options(),
        ledger,
        empty_store(),
        crate::Access::Open,
        prometheus::Registry::new(),
    );
    assert_eq!(second.unwrap_err().kind(), std::io::ErrorKind::AddrInUse);
}
