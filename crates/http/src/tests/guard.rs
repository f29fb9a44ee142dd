//! The guard of a service without keys, over the wire and for every route. Which names and origins
//! pass is tested as a table in `access/guard/tests.rs`.

use std::sync::Arc;

use serde_json::Value;
use wallet_domain::testing::InMemoryStore;
use wallet_domain::testing::fixtures::{deposit, open};
use wallet_domain::{Submission, SubmitError};

use super::client::{Answer, transfer};
use super::support::{LedgerOf, TestServer, ledger_over, log_of, options};
use crate::server::docs;
use crate::{Access, HttpOptions};

/// Header lines of requests that are refused, and the code.
const BLOCKED: [(&str, &str, &str); 5] = [
    ("host: evil.test\r\n", "host_not_allowed", "--allow-host"),
    (
        "host: test@evil.test\r\n",
        "host_not_allowed",
        "--allow-host",
    ),
    (
        "host: test\r\nsec-fetch-site: cross-site\r\n",
        "origin_not_allowed",
        "--cors-origins",
    ),
    (
        "host: test\r\norigin: http://evil.example\r\n",
        "origin_not_allowed",
        "--allow-host",
    ),
    (
        "host: test\r\nx-forwarded-for: 192.0.2.60\r\n",
        "proxy_not_allowed",
        "--auth keys",
    ),
];

/// Every method and path that the service has, and some that it has not.
pub(super) fn routes() -> Vec<(String, String)> {
    let document: Value = serde_json::from_str(&docs::openapi()).unwrap();
    let mut routes = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        let path = path.replace("{id}", "00000000-0000-0000-0000-000000000001");
        let path = path
            .replace("{code}", "USD")
            .replace("{base}", "USD")
            .replace("{counter}", "EUR");
        assert!(!path.contains('{'), "{path}");
        let methods = operations.as_object().unwrap().keys();
        routes.extend(methods.map(|it| (it.to_ascii_uppercase(), path.clone())));
        routes.push(("PUT".to_owned(), path.clone()));
        routes.push(("HEAD".to_owned(), path));
    }
    let others = [
        "/",
        "/nothing",
        "/v1",
        "/v1/nothing",
        "/openapi.json",
        "/docs",
        "/docs/",
        "/docs/errors",
        "/docs/operations",
        "/docs/guides/",
        "/docs/guides/holds",
        "/docs/guides/nothing",
        "/docs/pages.css",
        "/docs/start.js",
        "/docs/swagger-ui.css",
        "/accounts",
        "/transfers",
    ];
    routes.extend(others.map(|path| ("GET".to_owned(), path.to_owned())));
    assert!(routes.len() > 60, "{routes:?}");
    routes
}

pub(super) fn ask(server: &TestServer, method: &str, path: &str, lines: &str) -> Answer {
    let body = transfer(7, 1, 2, "5");
    let (body, length) = match method {
        "GET" | "HEAD" => (String::new(), String::new()),
        _ => {
            let length = format!("content-length: {}\r\n", body.len());
            (body, length)
        }
    };
    let mut connection = server.connect();
    let request = format!("{method} {path} HTTP/1.1\r\n{lines}{length}\r\n{body}");
    connection.write(request.as_bytes());
    connection.answer()
}

#[test]
fn without_keys_no_route_answers_pages_other_names_and_proxies() {
    let ledger = Arc::new(LedgerOf(|_| -> Submission {
        panic!("a blocked request reached the ledger")
    }));
    let server = TestServer::start(options(), ledger, Arc::new(InMemoryStore::new()));
    for (method, path) in routes() {
        for (lines, code, setting) in BLOCKED {
            let answer = ask(&server, &method, &path, lines);
            assert_eq!(answer.status, 403, "{method} {path} {lines}");
            assert_eq!(answer.header("access-control-allow-origin"), None);
            if method == "HEAD" {
                continue;
            }
            if path.starts_with("/accounts") || path.starts_with("/transfers") {
                let envelope = format!(r#"{{"result":"ERROR","error":"{code}"}}"#);
                assert_eq!(answer.body, envelope, "{method} {path} {lines}");
                answer.expect_json();
            } else {
                let problem: Value = serde_json::from_str(&answer.body).unwrap();
                assert_eq!(problem["code"], code, "{method} {path} {lines}");
                let detail = problem["detail"].as_str().unwrap();
                assert!(detail.contains(setting), "{detail}");
                assert!(detail.contains("Nothing was done"), "{detail}");
            }
        }
    }
}

#[test]
fn a_refused_request_changes_nothing_and_an_allowed_one_does() {
    let store = Arc::new(InMemoryStore::new());
    let commands = [open(1, "USD"), open(2, "USD"), deposit(100, 1, "1000")];
    wallet_domain::execute(&*store, &commands, wallet_domain::testing::fixtures::NOW).unwrap();
    let server = TestServer::start(options(), ledger_over(&store), store);
    for (lines, ..) in BLOCKED {
        assert_eq!(ask(&server, "POST", "/transfers/", lines).status, 403);
    }
    let accounts = server.get("/accounts/").body.clone();
    assert!(accounts.contains(r#""balance":"1000""#), "{accounts}");
    let same = "host: test\r\norigin: http://test\r\nsec-fetch-site: same-origin\r\n";
    ask(&server, "POST", "/transfers/", same).expect_body(r#"{"result":"OK"}"#);
    let accounts = server.get("/accounts/").body.clone();
    assert!(accounts.contains(r#""balance":"995""#), "{accounts}");
}

#[test]
fn the_log_says_what_was_called_and_which_setting_it_is() {
    let server = TestServer::with(&[]);
    // Requests of other tests count in the same second, so this one may have to be repeated.
    let mut logged = std::iter::repeat_with(|| {
        let answer = ask(&server, "GET", "/accounts/", "host: evil.test\r\n");
        let log = log_of(answer.header("x-request-id").unwrap());
        std::thread::sleep(std::time::Duration::from_millis(20));
        log.into_iter().find(|line| line["level"] == "WARN")
    });
    let logged = logged.find_map(|line| line).unwrap();
    let message = logged["message"].as_str().unwrap();
    for part in [
        "--allow-host",
        "\"evil.test\"",
        "localhost, 127.0.0.1, [::1] and test",
    ] {
        assert!(message.contains(part), "{logged}");
    }
}

#[test]
fn old_and_odd_requests_are_judged_by_every_name_in_them() {
    let server = TestServer::with(&[]);
    for (request, status) in [
        ("GET /healthz HTTP/1.0\r\n\r\n", 403),
        ("GET /healthz HTTP/1.0\r\nhost: localhost\r\n\r\n", 403),
        ("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n", 200),
        (
            "GET http://localhost/healthz HTTP/1.1\r\nhost: localhost\r\n\r\n",
            200,
        ),
        (
            "GET http://evil.test/healthz HTTP/1.1\r\nhost: localhost\r\n\r\n",
            403,
        ),
        (
            "GET http://localhost/healthz HTTP/1.1\r\nhost: evil.test\r\n\r\n",
            403,
        ),
        (
            "GET http://localhost@evil.test/healthz HTTP/1.1\r\nhost: localhost\r\n\r\n",
            403,
        ),
        ("GET /healthz HTTP/1.1\r\nHOST: [::1]:8080\r\n\r\n", 200),
        // These are no HTTP/1.1, which wants one Host.
        (
            "GET /healthz HTTP/1.1\r\nHost:localhost\r\nHost:localhost\r\n\r\n",
            400,
        ),
        ("GET /healthz HTTP/1.1\r\n\r\n", 400),
    ] {
        let mut connection = server.connect();
        connection.write(request.as_bytes());
        let answer = connection.answer();
        assert_eq!(answer.status, status, "{request}");
        if status == 400 {
            // Nothing of ours sees these: there is neither a problem nor an id of the request.
            assert_eq!(answer.header("content-length"), Some("0"), "{request}");
            assert_eq!(answer.header("x-request-id"), None, "{request}");
        }
    }
}

#[test]
fn a_request_of_http_1_0_is_told_that_a_proxy_may_have_sent_it() {
    let server = TestServer::with(&[]);
    let mut connection = server.connect();
    // As nginx sends it where nothing but `proxy_pass` is set.
    let request = "GET /v1/accounts HTTP/1.0\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    connection.write(request.as_bytes());
    let answer = connection.answer();
    assert_eq!(answer.status, 403);
    let problem: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(problem["code"], "proxy_not_allowed");
    let detail = problem["detail"].as_str().unwrap();
    for part in ["HTTP/1.0", "HTTP/1.1", "--auth keys", "Nothing was done"] {
        assert!(detail.contains(part), "{detail}");
    }
}

#[test]
fn an_origin_of_the_cors_settings_may_write_and_read() {
    let shop = "https://shop.example";
    let options = HttpOptions {
        cors_origins: vec![shop.to_owned()],
        ..options()
    };
    let store = Arc::new(InMemoryStore::new());
    let server = TestServer::start(options, ledger_over(&store), store);
    let lines = format!("host: localhost\r\norigin: {shop}\r\nsec-fetch-site: cross-site\r\n");
    let answer = ask(&server, "GET", "/v1/currencies", &lines);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), Some(shop));
}

#[test]
fn with_keys_nothing_of_this_is_asked() {
    let store = Arc::new(InMemoryStore::new());
    let ledger = Arc::new(LedgerOf(|_| -> Submission {
        Box::pin(async { Err(SubmitError::Stopping) })
    }));
    let access = Access::Keys(store.clone());
    let server = TestServer::guarded(HttpOptions::default(), ledger, store, access);
    let mut connection = server.connect();
    connection.write(b"GET /healthz HTTP/1.0\r\n\r\n");
    assert_eq!(connection.answer().status, 200);
    for (lines, ..) in BLOCKED {
        assert_eq!(
            ask(&server, "GET", "/v1/accounts", lines).status,
            401,
            "{lines}"
        );
        assert_eq!(
            ask(&server, "GET", "/healthz", lines).status,
            200,
            "{lines}"
        );
    }
}
