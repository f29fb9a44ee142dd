//! The two lists, and what paths and methods that are not served get.

use std::sync::Arc;

use wallet_domain::testing::InMemoryStore;
use wallet_domain::testing::fixtures::{NOW, account_id, deposit, internal, open, withdraw};
use wallet_domain::{Command, execute};

use super::support::{TestServer, ledger_over, options};

/// One command a second, the first at half a second past.
fn server_of(commands: &[Command]) -> TestServer {
    let store = Arc::new(InMemoryStore::new());
    for (second, command) in (0..).zip(commands) {
        let now = NOW.plus_micros(second * 1_000_000 + 500_000);
        execute(&*store, std::slice::from_ref(command), now).unwrap();
    }
    TestServer::start(options(), ledger_over(&store), store)
}

#[test]
fn accounts_are_listed_least_recently_updated_first() {
    let server = server_of(&[
        open(0xa, "USD"),
        open(0xb, "btc"),
        deposit(1, 0xa, "899.890"),
    ]);
    let expected = concat!(
        r#"{"result":"OK","payload":["#,
        r#"{"id":"00000000-0000-0000-0000-00000000000b","currency_code":"BTC","balance":"0","#,
        r#""created_at":"2026-01-01T00:00:01.5Z","updated_at":"2026-01-01T00:00:01.5Z"},"#,
        r#"{"id":"00000000-0000-0000-0000-00000000000a","currency_code":"USD","balance":"899.89","#,
        r#""created_at":"2026-01-01T00:00:00.5Z","updated_at":"2026-01-01T00:00:02.5Z"}]}"#,
    );
    server.get("/accounts/").expect_body(expected);
    server.get("/accounts").expect_body(expected);
}

#[test]
fn transfers_are_listed_newest_first_as_their_account_sees_them() {
    let server = server_of(&[
        open(1, "USD"),
        open(2, "USD"),
        deposit(0xa, 1, "1000"),
        internal(0xb, 1, 2, "100.10"),
        withdraw(0xc, 1, "0.5"),
    ]);
    let expected = concat!(
        r#"{"result":"OK","payload":["#,
        r#"{"id":"00000000-0000-0000-0000-00000000000c","#,
        r#""account_id":"00000000-0000-0000-0000-000000000001","#,
        r#""corresponding_account_id":null,"#,
        r#""type":"WITHDRAW","direction":"OUTGOING","amount":"0.5","#,
        r#""currency_code":"USD","created_at":"2026-01-01T00:00:04.5Z"},"#,
        r#"{"id":"00000000-0000-0000-0000-00000000000b","#,
        r#""account_id":"00000000-0000-0000-0000-000000000001","#,
        r#""corresponding_account_id":"00000000-0000-0000-0000-000000000002","#,
        r#""type":"INTERNAL","direction":"OUTGOING","amount":"100.1","#,
        r#""currency_code":"USD","created_at":"2026-01-01T00:00:03.5Z"},"#,
        r#"{"id":"00000000-0000-0000-0000-00000000000a","#,
        r#""account_id":"00000000-0000-0000-0000-000000000001","#,
        r#""corresponding_account_id":null,"#,
        r#""type":"DEPOSIT","direction":"INCOMING","amount":"1000","#,
        r#""currency_code":"USD","created_at":"2026-01-01T00:00:02.5Z"}]}"#,
    );
    let id = account_id(1).as_uuid();
    server
        .get(&format!("/accounts/{id}/transfers/"))
        .expect_body(expected);
    server
        .get(&format!("/accounts/{id}/transfers"))
        .expect_body(expected);
    let answer = server.get("/accounts/00000000-0000-0000-0000-000000000002/transfers/");
    assert!(
        answer.body.contains(r#""direction":"INCOMING""#),
        "{answer:?}"
    );
}

#[test]
fn an_empty_list_is_a_list() {
    let server = server_of(&[]);
    let empty = r#"{"result":"OK","payload":[]}"#;
    server.get("/accounts/").expect_body(empty);
    for id in [
        "00000000-0000-0000-0000-000000000000",
        "00000000-0000-0000-0000-0000000000AB",
    ] {
        server
            .get(&format!("/accounts/{id}/transfers/"))
            .expect_body(empty);
    }
}

#[test]
fn lists_end_at_a_hundred() {
    let mut commands = Vec::new();
    for number in 1..=101 {
        commands.push(open(number, "USD"));
        commands.push(deposit(1000 + number, 1, "1"));
    }
    let server = server_of(&commands);
    for path in [
        "/accounts/",
        "/accounts/00000000-0000-0000-0000-000000000001/transfers/",
    ] {
        let list: serde_json::Value = serde_json::from_str(&server.get(path).body).unwrap();
        assert_eq!(list["payload"].as_array().unwrap().len(), 100, "{path}");
    }
}

#[test]
fn an_account_id_that_is_no_uuid_is_malformed() {
    let server = server_of(&[]);
    for id in [
        "1",
        "%ff",
        "%00",
        "x".repeat(2000).as_str(),
        "00000000-0000-0000-0000-00000000000g",
    ] {
        server
            .get(&format!("/accounts/{id}/transfers/"))
            .expect_error("malformed_request");
    }
}

#[test]
fn unknown_paths_are_not_found() {
    let server = server_of(&[]);
    for path in [
        "/",
        "/transfer",
        "/transfers//",
        "/accounts//transfers/",
        "/accounts/1",
        "/v10/x",
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.body, r#"{"result":"ERROR","error":"not_found"}"#);
        answer.expect_json();
    }
}

#[test]
fn method_not_allowed_lists_the_allowed_methods() {
    let server = server_of(&[]);
    let cases = [
        ("GET", "/transfers/", "POST"),
        ("DELETE", "/transfers", "POST"),
        ("POST", "/accounts/", "GET, HEAD"),
        ("PUT", "/accounts", "GET, HEAD"),
        ("PATCH", "/accounts/1/transfers/", "GET, HEAD"),
    ];
    for (method, path, allowed) in cases {
        let answer = server.send(&format!(
            "{method} {path} HTTP/1.1\r\nhost: test\r\ncontent-length: 2\r\n\r\n{{}}"
        ));
        assert_eq!(answer.status, 405, "{method} {path}");
        assert_eq!(answer.header("allow"), Some(allowed), "{method} {path}");
        assert_eq!(
            answer.body,
            r#"{"result":"ERROR","error":"method_not_allowed"}"#
        );
        answer.expect_json();
    }
}

#[test]
fn head_gives_the_headers_of_get() {
    let server = server_of(&[open(1, "USD")]);
    let length = server.get("/accounts/").body.len().to_string();
    let mut connection = server.connect();
    for _ in 0..2 {
        connection.write(b"HEAD /accounts/ HTTP/1.1\r\nhost: test\r\n\r\n");
        let answer = connection.answer();
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-length"), Some(length.as_str()));
        answer.expect_json();
    }
}
