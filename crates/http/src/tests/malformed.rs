//! Bodies that cannot be read: each has an answer, and the next request is served.

use std::time::{Duration, Instant};

use wallet_domain::testing::fixtures::{deposit, open};

use super::client::{Connection, PATIENCE, transfer};
use super::support::TestServer;

fn server() -> TestServer {
    TestServer::with(&[open(1, "USD"), open(2, "USD"), deposit(100, 1, "1000")])
}

/// The transfer of 5 USD with one piece of its text replaced.
fn with(piece: &str, replacement: &str) -> Vec<u8> {
    let body = transfer(1, 1, 2, "5");
    assert!(body.contains(piece), "{piece} is not in {body}");
    body.replacen(piece, replacement, 1).into_bytes()
}

#[test]
fn what_cannot_be_read_is_malformed_and_the_next_request_is_served() {
    let server = server();
    for (number, (name, body)) in (1000..).zip([unreadable_bodies(), unreadable_fields()].concat())
    {
        println!("{name}");
        server.post(body).expect_error("malformed_request");
        server
            .post(transfer(number, 1, 2, "1"))
            .expect_body(r#"{"result":"OK"}"#);
    }
}

/// Bodies that cannot be read, by name.
fn unreadable_bodies() -> Vec<(&'static str, Vec<u8>)> {
    let id = r#""00000000-0000-0000-0000-000000000001""#;
    vec![
        ("an empty body", vec![]),
        ("spaces", b"  \n".to_vec()),
        ("null", b"null".to_vec()),
        (
            "a list",
            format!(r#"[{id},{id},{id},"1","USD"]"#).into_bytes(),
        ),
        ("text", br#""id""#.to_vec()),
        ("a broken object", br#"{"id":"#.to_vec()),
        (
            "something after the object",
            [with("", ""), b"x".to_vec()].concat(),
        ),
        (
            "a field twice",
            with(r#""amount""#, r#""amount":"1","amount""#),
        ),
        (
            "a byte order mark",
            [b"\xef\xbb\xbf".to_vec(), with("", "")].concat(),
        ),
        (
            "a field that is ignored and not UTF-8",
            replaced_by_ff(with("{", r#"{"x":"?","#)),
        ),
        ("a lone surrogate", with("5", r"\ud800")),
        ("a zero byte", with("5", "\0")),
        ("depth 100,000", b"[".repeat(100_000)),
        (
            "depth 60,000 in the amount",
            with(r#""5""#, &"[".repeat(60_000)),
        ),
        (
            "depth 60,000 in a field that is ignored",
            with("{", &nested(r#"{"x":"#, "[", 60_000)),
        ),
        (
            "objects to a depth of 10,000",
            with(r#""5""#, &nested("", r#"{"a":"#, 10_000)),
        ),
        ("depth 60,000 in an id", with(id, &"[".repeat(60_000))),
    ]
}

/// Bodies with one field that cannot be read, by name.
fn unreadable_fields() -> Vec<(&'static str, Vec<u8>)> {
    let id = r#""00000000-0000-0000-0000-000000000001""#;
    vec![
        ("an id that is empty text", with(id, r#""""#)),
        ("an id that is no UUID", with(id, r#""12345""#)),
        ("an id that is a number", with(id, "1")),
        ("an id that is a list", with(id, "[]")),
        ("a currency that is a number", with(r#""USD""#, "840")),
        ("a currency that is an object", with(r#""USD""#, "{}")),
        ("a large exponent as text", with("5", "1e10000000")),
        ("a large exponent as a number", with(r#""5""#, "1e10000000")),
        ("an exponent", with(r#""5""#, "5E0")),
        ("not a number, as text", with("5", "NaN")),
        ("not a number", with(r#""5""#, "NaN")),
        ("infinity", with(r#""5""#, "-Infinity")),
        ("hexadecimal", with("5", "0x5")),
        ("a plus sign on a number", with(r#""5""#, "+5")),
        ("a leading zero on a number", with(r#""5""#, "05")),
        ("a comma in the amount", with("5", "5,00")),
        ("spaces in the amount", with("5", " 5")),
        ("an amount that is empty text", with(r#""5""#, r#""""#)),
        ("an amount that is true", with(r#""5""#, "true")),
        ("an amount that is an object", with(r#""5""#, "{}")),
        ("an amount of 39 digits", with("5", &"5".repeat(39))),
        ("an amount of 60 kB", with("5", &"5".repeat(60_000))),
        (
            "an amount of 60 kB as a number",
            with(r#""5""#, &"5".repeat(60_000)),
        ),
        ("an amount of 100 kB", with("5", &"5".repeat(100_000))),
        (
            "an amount that is not UTF-8",
            replaced_by_ff(with("5", "?")),
        ),
    ]
}

/// Replaces the question mark by a byte that is never in UTF-8.
fn replaced_by_ff(mut body: Vec<u8>) -> Vec<u8> {
    let place = body.iter().position(|byte| *byte == b'?').unwrap();
    body[place] = 0xff;
    body
}

fn nested(before: &str, opening: &str, depth: usize) -> String {
    format!("{before}{}", opening.repeat(depth))
}

#[test]
fn deep_nesting_that_is_ignored_costs_no_stack() {
    let depth = 30_000;
    let field = format!(r#"{{"x":{}{},"#, "[".repeat(depth), "]".repeat(depth));
    let answer = server().post(with("{", &field));
    answer.expect_body(r#"{"result":"OK"}"#);
}

#[test]
fn a_negative_zero_is_not_positive() {
    let server = server();
    for amount in [r#""-0""#, "-0", "-0.00", r#""+0""#] {
        let answer = server.post(with(r#""5""#, amount));
        answer.expect_error("transfer_amount_must_be_positive");
    }
}

#[test]
fn a_body_of_64_kib_is_read_and_one_byte_more_is_not() {
    let server = server();
    let body = transfer(1, 1, 2, "5");
    let full = format!("{body}{}", " ".repeat(64 * 1024 - body.len()));
    server.post(&full).expect_body(r#"{"result":"OK"}"#);
    server.post(full + " ").expect_error("malformed_request");
}

#[test]
fn a_large_body_is_answered_unread_and_the_connection_is_closed() {
    let server = server();
    let mut connection = server.connect();
    connection.write(b"POST /transfers/ HTTP/1.1\r\nhost: test\r\ncontent-length: 3000000\r\n\r\n");
    let answer = connection.answer();
    answer.expect_error("malformed_request");
    assert_eq!(answer.header("connection"), Some("close"));
    connection.expect_close();
}

#[test]
fn a_client_that_sends_three_megabytes_first_gets_its_answer() {
    let server = server();
    server
        .post(vec![b' '; 3_000_000])
        .expect_error("malformed_request");
}

#[test]
fn a_client_that_asks_first_is_told_before_it_sends_a_large_body() {
    let server = server();
    let mut connection = server.connect();
    connection.write(
        b"POST /transfers/ HTTP/1.1\r\nhost: test\r\nexpect: 100-continue\r\ncontent-length: \
            3000000\r\n\r\n",
    );
    assert_eq!(connection.answer().status, 100);
    connection.answer().expect_error("malformed_request");
}

#[test]
fn a_chunked_body_is_read_to_its_end_and_not_beyond_the_limit() {
    let server = server();
    let mut connection = chunked(&server);
    let body = transfer(1, 1, 2, "5");
    let (first, second) = body.split_at(20);
    for piece in [first, second, ""] {
        connection.write(format!("{:x}\r\n{piece}\r\n", piece.len()).as_bytes());
        std::thread::sleep(Duration::from_millis(20));
    }
    connection.answer().expect_body(r#"{"result":"OK"}"#);

    let mut connection = chunked(&server);
    let piece = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
    // It may hang up while we write: that is the point.
    let begun = Instant::now();
    while connection.try_write(piece.as_bytes()).is_ok() {
        assert!(begun.elapsed() < PATIENCE, "it reads for ever");
    }
}

#[test]
fn a_chunked_body_that_is_not_read_does_not_keep_the_connection() {
    let server = server();
    for path in ["GET /accounts/", "POST /accounts/", "POST /nowhere"] {
        let mut connection = server.connect();
        let head = format!("{path} HTTP/1.1\r\nhost: test\r\ntransfer-encoding: chunked\r\n\r\n");
        connection.write(head.as_bytes());
        connection.write(b"1\r\n{\r\n");
        let answer = connection.answer();
        answer.expect_json();
        connection.expect_close();
    }
}

fn chunked(server: &TestServer) -> Connection {
    let mut connection = server.connect();
    let head = "POST /transfers/ HTTP/1.1\r\nhost: test\r\ntransfer-encoding: chunked\r\n\r\n";
    connection.write(head.as_bytes());
    connection
}
