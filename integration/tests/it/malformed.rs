//! Malformed requests: each gets its documented answer, costs almost nothing, and affects no other
//! client.
//!
//! They are written directly to the socket, because no HTTP client would send them.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use uuid::Uuid;
use wallet_integration::client::{Answer, Payment, exchange};
use wallet_integration::history::Outcome;
use wallet_integration::service::Service;
use wallet_integration::store::TestStore;

use crate::demo::{self, POOR_USD, RICH_USD};
use crate::load::exclusive;

/// The processor time that one request may cost.
const CPU_MAX: Duration = Duration::from_millis(100);
/// Longer than the deadline for bodies.
const PATIENCE: Duration = Duration::from_secs(60);

each_store!(
    each_malformed_request_is_answered_cheaply,
    stalled_clients_are_answered_or_closed
);

/// `POST /transfers/` with a body and the length that it says to have.
fn post(body: &[u8], announced_length: usize) -> Vec<u8> {
    let head = format!(
        "POST /transfers/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {announced_length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// A transfer whose amount is this JSON text.
fn amount(json: &str) -> Vec<u8> {
    let id = Uuid::now_v7();
    let body = format!(
        "{{\"id\":\"{id}\",\"sender_account_id\":\"{RICH_USD}\",\
         \"receiver_account_id\":\"{POOR_USD}\",\"currency_code\":\"USD\",\"amount\":{json}}}"
    );
    post(body.as_bytes(), body.len())
}

fn whole(body: &[u8]) -> Vec<u8> {
    post(body, body.len())
}

/// Name, request, status and code of the answer.
type Case = (&'static str, Vec<u8>, u16, &'static str);

fn cases() -> Vec<Case> {
    let mut cases = amounts();
    cases.extend(bodies());
    cases.extend(targets());
    cases
}

const MALFORMED: &str = "malformed_request";

fn amounts() -> Vec<Case> {
    const NOT_POSITIVE: &str = "transfer_amount_must_be_positive";
    let digits = "9".repeat(100_000);
    vec![
        ("a huge exponent", amount("1e10000000"), 200, MALFORMED),
        (
            "a huge exponent as text",
            amount(r#""1e10000000""#),
            200,
            MALFORMED,
        ),
        ("a tiny exponent", amount("1e-10000000"), 200, MALFORMED),
        ("NaN", amount("NaN"), 200, MALFORMED),
        ("NaN as text", amount(r#""NaN""#), 200, MALFORMED),
        ("infinity as text", amount(r#""Infinity""#), 200, MALFORMED),
        ("minus zero", amount("-0"), 200, NOT_POSITIVE),
        ("minus zero as text", amount(r#""-0""#), 200, NOT_POSITIVE),
        ("39 digits", amount(&"9".repeat(39)), 200, MALFORMED),
        ("100 kB of digits", amount(&digits), 200, MALFORMED),
        ("60 kB of digits", amount(&digits[..60_000]), 200, MALFORMED),
        (
            "60 kB of digits as text",
            amount(&format!("\"{}\"", &digits[..60_000])),
            200,
            MALFORMED,
        ),
        (
            "60 kB of zeros",
            amount(&format!("0.{}1", "0".repeat(60_000))),
            200,
            MALFORMED,
        ),
        ("a leading zero", amount("01"), 200, MALFORMED),
        (
            "an amount 30,000 deep",
            amount(&nested(30_000)),
            200,
            MALFORMED,
        ),
    ]
}

/// JSON arrays, nested this deep.
fn nested(depth: usize) -> String {
    "[".repeat(depth) + &"]".repeat(depth)
}

fn bodies() -> Vec<Case> {
    let in_ignored_field = |json: &str| format!(r#"{{"ignored":{json}}}"#).into_bytes();
    let mut invalid_utf8 = br#"{"ignored":""#.to_vec();
    invalid_utf8.extend_from_slice(b"\xff\xfe\"}");
    let chunked_forever = [
        &b"POST /transfers/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"[..],
        &[b"10000\r\n", &[b' '; 0x10000][..], b"\r\n"]
            .concat()
            .repeat(3),
    ]
    .concat();
    vec![
        (
            "a body of 3 MB",
            whole(&vec![b' '; 3_000_000]),
            200,
            MALFORMED,
        ),
        (
            "a chunked body without end",
            chunked_forever,
            200,
            MALFORMED,
        ),
        (
            "JSON 100,000 deep",
            whole(nested(100_000).as_bytes()),
            200,
            MALFORMED,
        ),
        (
            "JSON 30,000 deep",
            whole(nested(30_000).as_bytes()),
            200,
            MALFORMED,
        ),
        (
            "an ignored field 30,000 deep",
            whole(&in_ignored_field(&nested(30_000))),
            200,
            "transfer_id_is_empty",
        ),
        (
            "invalid UTF-8 in an ignored field",
            whole(&invalid_utf8),
            200,
            MALFORMED,
        ),
        (
            "a NUL character",
            whole(b"{\"id\":\"\\u0000\"}"),
            200,
            MALFORMED,
        ),
        (
            "one field twice",
            whole(br#"{"amount":1,"amount":2}"#),
            200,
            MALFORMED,
        ),
        ("no body", whole(b""), 200, MALFORMED),
    ]
}

fn targets() -> Vec<Case> {
    vec![
        (
            "an unknown path",
            b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(),
            404,
            "not_found",
        ),
        (
            "another method",
            b"DELETE /accounts/ HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(),
            405,
            "method_not_allowed",
        ),
        (
            "a path that is no UUID",
            b"GET /accounts/%00/transfers/ HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(),
            200,
            MALFORMED,
        ),
    ]
}

fn each_malformed_request_is_answered_cheaply(store: &TestStore) {
    let service = demo::service(store);
    assert_serves(&service);
    for (name, request, status, code) in cases() {
        let before = cpu_time(&service);
        let answer = exchange(service.address(), &request, PATIENCE);
        let cost = cpu_time(&service) - before;
        let answer = answer.unwrap_or_else(|error| panic!("{name}: {error:#}"));
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{name}: {answer:?}"
        );
        assert!(cost < CPU_MAX, "{name} cost {cost:?} of processor time");
        assert_serves(&service);
    }
    // A request that is not HTTP gets no envelope, but the connection ends.
    for request in [
        &b"\x16\x03\x01\x02\x00garbage\r\n\r\n"[..],
        b"GET / HTTP/9.9\r\n\r\n",
    ] {
        let answer = exchange(service.address(), request, PATIENCE);
        assert!(
            !answer.is_ok_and(|answer| answer.status != 400),
            "{request:?}"
        );
        assert_serves(&service);
    }
}

fn stalled_clients_are_answered_or_closed(store: &TestStore) {
    let service = demo::service(store);
    let _turn = exclusive();
    let before = cpu_time(&service);
    let stalled_body = post(br#"{"id":"#, 100);
    let stalled_head = b"POST /transfers/ HTTP/1.1\r\nHost: loc".to_vec();
    let (body, head) = std::thread::scope(|scope| {
        let body = scope.spawn(|| timed(service.address(), &stalled_body));
        let head = scope.spawn(|| timed(service.address(), &stalled_head));
        assert_serves(&service);
        (body.join().unwrap(), head.join().unwrap())
    });
    assert_eq!(
        (body.status, body.code().as_str()),
        (200, "malformed_request"),
        "{body:?}"
    );
    assert_eq!(head.status, 408, "{head:?}");
    let cost = cpu_time(&service) - before;
    assert!(
        cost < 2 * CPU_MAX,
        "waiting for stalled clients cost {cost:?} of processor time"
    );
    assert_serves(&service);
}

fn timed(address: SocketAddr, request: &[u8]) -> Answer {
    let started = Instant::now();
    let answer = exchange(address, request, PATIENCE);
    answer.unwrap_or_else(|error| panic!("after {:?}: {error:#}", started.elapsed()))
}

/// The processor time of the service, from `/proc`. On other systems than Linux, only the answers
/// are checked.
fn cpu_time(service: &Service) -> Duration {
    if cfg!(target_os = "linux") {
        service.cpu_time().unwrap()
    } else {
        Duration::ZERO
    }
}

/// The next request is served.
#[track_caller]
fn assert_serves(service: &Service) {
    let payment = Payment::usd(RICH_USD.parse().unwrap(), POOR_USD.parse().unwrap(), 1);
    assert_eq!(service.client().try_pay(&payment), Outcome::Ok);
}
