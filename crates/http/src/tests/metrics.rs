//! What is counted about requests, and under which labels.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use wallet_domain::testing::InMemoryStore;
use wallet_domain::testing::fixtures::{NOW, deposit, open};
use wallet_domain::{
    AccessKey, AccessKeys, Actor, OperatorAction, Scope, StoreError, TOKEN_BYTES, Timestamp, Token,
};

use super::client::Answer;
use super::support::{TestServer, ledger_over, options};
use crate::Access;

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
    for code in crate::v1::protocol::codes::all() {
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
    assert_eq!(connection.answer().status, 200);
}

/// Keys that can be away.
struct Keys {
    store: InMemoryStore,
    is_away: AtomicBool,
}

impl AccessKeys for Keys {
    fn access_key(&self, prefix: &str) -> Result<Option<AccessKey>, StoreError> {
        match self.is_away.load(Ordering::SeqCst) {
            true => Err(StoreError::Unavailable(Arc::new(std::io::Error::other(
                "away",
            )))),
            false => self.store.access_key(prefix),
        }
    }

    fn access_keys(&self) -> Result<Vec<AccessKey>, StoreError> {
        self.store.access_keys()
    }

    fn add_access_key(&self, key: &AccessKey, by: Option<&Actor>) -> Result<(), StoreError> {
        self.store.add_access_key(key, by)
    }

    fn revoke_access_key(
        &self,
        prefix: &str,
        at: Timestamp,
        by: Option<&Actor>,
    ) -> Result<bool, StoreError> {
        self.store.revoke_access_key(prefix, at, by)
    }

    fn copy_access_key(&self, key: &AccessKey) -> Result<(), StoreError> {
        self.store.copy_access_key(key)
    }

    fn record_adopted(
        &self,
        keys: &[AccessKey],
        actions: &[OperatorAction],
    ) -> Result<(), StoreError> {
        self.store.record_adopted(keys, actions)
    }
}

#[test]
fn a_known_key_reads_the_metrics_while_keys_cannot_be_read_and_no_other_route() {
    let token = Token::from_random([1; TOKEN_BYTES]);
    let key = AccessKey {
        prefix: token.prefix().to_owned(),
        actor: Actor::new("prometheus").unwrap(),
        secret_hash: token.secret_hash(),
        scopes: [Scope::Read].into(),
        accounts: None,
        created_at: NOW,
        expires_at: None,
        revoked_at: None,
    };
    let keys = Arc::new(Keys {
        store: InMemoryStore::new(),
        is_away: AtomicBool::new(false),
    });
    keys.add_access_key(&key, None).unwrap();
    let store = Arc::new(InMemoryStore::new());
    let access = Access::Keys(keys.clone());
    let server = TestServer::guarded(options(), ledger_over(&store), store, access);
    let get = |path: &str, token: &str| {
        let bearer = format!("authorization: Bearer {token}");
        let head = format!("GET {path} HTTP/1.1\r\nhost: test\r\n{bearer}\r\n\r\n");
        server.send(&head).status
    };
    let (known, unknown) = (
        token.expose(),
        Token::from_random([2; TOKEN_BYTES]).expose(),
    );
    assert_eq!(get("/metrics", &known), 200);
    keys.is_away.store(true, Ordering::SeqCst);
    // Until it does not count as read any more.
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    assert_eq!(get("/metrics", &known), 200);
    assert_eq!(get("/v1/currencies", &known), 503);
    assert_eq!(get("/metrics", &unknown), 503);
    // The secret is looked at all the same.
    let forged = format!(
        "{}{}",
        &known[..known.len() - 1],
        if known.ends_with('0') { '1' } else { '0' }
    );
    assert_eq!(get("/metrics", &forged), 401);
}
