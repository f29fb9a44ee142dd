//! The request id and the request's line in the log.

use std::sync::Arc;

use serde_json::Value;
use wallet_domain::testing::InMemoryStore;
use wallet_domain::testing::fixtures::open;

use super::client::Answer;
use super::guard::{ask, routes};
use super::support::{TestServer, ledger_over, log_of, options};
use crate::Access;

fn get_with_id(server: &TestServer, path: &str, id: &str) -> Answer {
    server.send(&format!(
        "GET {path} HTTP/1.1\r\nhost: test\r\nx-request-id: {id}\r\n\r\n"
    ))
}

#[test]
fn a_sane_request_id_comes_back() {
    let server = TestServer::with(&[]);
    let longest = "a".repeat(64);
    for id in [
        "7",
        "01890a5d-ac96-774b-bcce-b302099a8057",
        "a.b_c:d",
        longest.as_str(),
    ] {
        let answer = get_with_id(&server, "/accounts/", id);
        assert_eq!(answer.header("x-request-id"), Some(id));
    }
}

#[test]
fn a_request_without_a_sane_id_gets_one_of_its_own() {
    let server = TestServer::with(&[]);
    let too_long = "a".repeat(65);
    let mut seen = std::collections::HashSet::new();
    for id in ["", "a b", "\"x\"", "ä", "{}", "a\tb", too_long.as_str()] {
        let answer = get_with_id(&server, "/nowhere", id);
        let given = answer.header("x-request-id").unwrap();
        assert_eq!(given.len(), 33, "{given}");
        assert!(seen.insert(given.to_owned()), "{given} came twice");
    }
}

#[test]
fn each_request_has_one_line_at_debug() {
    let server = TestServer::with(&[open(1, "USD")]);
    let answer = get_with_id(
        &server,
        "/accounts/xyz/transfers/?secret=1",
        "line-of-a-request",
    );
    answer.expect_error("malformed_request");
    let log = log_of("line-of-a-request");
    assert_eq!(log.len(), 1, "{log:?}");
    let line = &log[0];
    let expected = [
        ("level", "DEBUG"),
        ("message", "request"),
        ("method", "GET"),
        ("path", "/accounts/xyz/transfers/"),
        ("route", "/accounts/{id}/transfers/"),
        ("code", "malformed_request"),
        ("reason", "malformed request: the account id is not a UUID"),
    ];
    for (field, value) in expected {
        assert_eq!(line[field], value, "{line}");
    }
    assert_eq!(line["status"], 200);
    assert!(line["duration_us"].is_u64(), "{line}");
    assert!(
        line["peer"].as_str().unwrap().starts_with("127.0.0.1:"),
        "{line}"
    );
}

#[test]
fn a_token_in_a_wrong_place_is_not_in_the_log() {
    let server = TestServer::with(&[]);
    let token = format!("wallet_0123456789ab_{}", "5ec7e7".repeat(11));
    for (number, path) in [
        format!("/{token}"),
        format!("/v1/accounts/{token}"),
        format!("/v1/accounts?{token}=1"),
        format!("/v1/accounts?{token}=1&{token}=2"),
        format!("/accounts/{token}/transfers/?{token}"),
    ]
    .iter()
    .enumerate()
    {
        let id = format!("a-token-in-place-{number}");
        let answer = get_with_id(&server, path, &id);
        assert!(!answer.body.contains("5ec7e7"), "{}", answer.body);
        let log = log_of(&id);
        assert_eq!(log.len(), 1, "{log:?}");
        assert!(!log[0].to_string().contains("5ec7e7"), "{log:?}");
    }
}

#[test]
fn every_problem_has_the_id_of_its_request_on_every_route() {
    let store = Arc::new(InMemoryStore::new());
    let access = Access::Keys(store.clone());
    let server = TestServer::guarded(options(), ledger_over(&store), store, access);
    let mut of_metrics = 0;
    // Without a body, or with one that is a packed file.
    let is_text = |(method, path): &(String, String)| method != "HEAD" && !path.contains("/docs/s");
    for (method, path) in routes().into_iter().filter(is_text) {
        let answer = ask(&server, &method, &path, "host: test\r\n");
        let id = answer.header("x-request-id").unwrap();
        let line = log_of(id).into_iter().find(|it| it["message"] == "request");
        assert_eq!(line.unwrap()["request_id"], id, "{method} {path}");
        if answer.header("content-type") == Some("application/problem+json") {
            let problem: Value = serde_json::from_str(&answer.body).unwrap();
            assert_eq!(problem["request_id"], id, "{method} {path}");
            of_metrics += usize::from(path == "/metrics");
        }
    }
    assert_eq!(of_metrics, 1);
}
