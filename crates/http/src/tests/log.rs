//! The request id and the request's line in the log.

use wallet_domain::testing::fixtures::open;

use super::client::Answer;
use super::support::{TestServer, log_of};

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
