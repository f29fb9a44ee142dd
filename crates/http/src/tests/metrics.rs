//! What is counted about requests, and under which labels.

use wallet_domain::testing::fixtures::{deposit, open};

use super::client::Answer;
use super::support::TestServer;

/// The value of a sample, by name and labels as they are written.
fn value(metrics: &Answer, sample: &str) -> f64 {
    let found = metrics
        .body
        .lines()
        .find_map(|line| line.strip_prefix(sample)?.strip_prefix(' '));
    let found = found.unwrap_or_else(|| panic!("{sample} is not in\n{}", metrics.body));
    found.parse().unwrap()
}

#[test]
fn requests_are_counted_by_template_and_not_by_path() {
    let server = TestServer::with(&[open(1, "USD"), open(2, "USD"), deposit(1, 1, "5")]);
    let account = uuid::Uuid::from_u128(1);
    for id in [account, uuid::Uuid::from_u128(77)] {
        server.get(&format!("/v1/accounts/{id}"));
        server.get(&format!("/accounts/{id}/transfers"));
    }
    server.get("/v1/no/such/path");
    server.get("/nor/this?one=1");
    server.send("BREW /readyz HTTP/1.1\r\nhost: test\r\ncontent-length: 0\r\n\r\n");
    server.send("DELETE /v1/accounts HTTP/1.1\r\nhost: test\r\ncontent-length: 0\r\n\r\n");

    let metrics = server.get("/metrics");
    assert_eq!(metrics.status, 200);
    let text = "text/plain; version=0.0.4";
    assert_eq!(metrics.header("content-type"), Some(text));
    let requests = |method: &str, route: &str, status: u16| {
        let labels = format!(r#"{{method="{method}",route="{route}",status="{status}"}}"#);
        value(&metrics, &format!("wallet_http_requests_total{labels}"))
    };
    assert_eq!(requests("GET", "/v1/accounts/{id}", 200), 1.0);
    assert_eq!(requests("GET", "/v1/accounts/{id}", 404), 1.0);
    assert_eq!(requests("GET", "/accounts/{id}/transfers", 200), 2.0);
    assert_eq!(requests("GET", "unknown", 404), 2.0);
    assert_eq!(requests("other", "/readyz", 405), 1.0);
    assert_eq!(requests("DELETE", "/v1/accounts", 405), 1.0);
    let seconds = r#"wallet_http_request_seconds_count{method="GET",route="/v1/accounts/{id}"}"#;
    assert_eq!(value(&metrics, seconds), 2.0);
    let took =
        r#"wallet_http_request_seconds_bucket{method="GET",route="/v1/accounts/{id}",le="+Inf"}"#;
    assert_eq!(value(&metrics, took), 2.0);
    assert!(
        !metrics.body.contains(&account.to_string()),
        "{}",
        metrics.body
    );
}

#[test]
fn refusals_are_counted_by_code_and_every_code_is_there_from_the_start() {
    let server = TestServer::with(&[]);
    let refusals = |code: &str| {
        let sample = format!(r#"wallet_http_refusals_total{{code="{code}"}}"#);
        value(&server.get("/metrics"), &sample)
    };
    assert_eq!(refusals("malformed_request"), 0.0);
    assert_eq!(refusals("transfer_id_is_empty"), 0.0);
    server.post("{").expect_error("malformed_request");
    server.post("{}").expect_error("transfer_id_is_empty");
    server.get("/v1/accounts?limit=many");
    assert_eq!(refusals("malformed_request"), 2.0);
    assert_eq!(refusals("transfer_id_is_empty"), 1.0);
    for code in crate::v1::codes() {
        refusals(code.code);
    }
}

#[test]
fn other_methods_are_not_metrics_and_head_has_no_body() {
    let server = TestServer::with(&[]);
    let wrong = server.send("POST /metrics HTTP/1.1\r\nhost: test\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(
        (wrong.status, wrong.header("allow")),
        (405, Some("GET, HEAD"))
    );
    let mut connection = server.connect();
    connection.write(b"HEAD /metrics HTTP/1.1\r\nhost: test\r\n\r\n");
    assert_eq!(connection.head().status, 200);
}
