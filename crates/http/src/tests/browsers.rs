//! The answers to browsers, and to callers that send too many requests.

use std::sync::Arc;

use wallet_domain::testing::InMemoryStore;
use wallet_domain::testing::fixtures::{access_key, token};
use wallet_domain::{AccessKey, AccessKeys as _, Actor};

use super::support::{TestServer, ledger_over, options};
use crate::{Access, Allowance, HttpOptions};

#[test]
fn every_response_has_security_headers() {
    let server = TestServer::with(&[]);
    for path in [
        "/v1/currencies",
        "/accounts/",
        "/v1/nothing",
        "/metrics",
        "/readyz",
    ] {
        let answer = server.get(path);
        assert_eq!(
            answer.header("x-content-type-options"),
            Some("nosniff"),
            "{path}"
        );
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(
            answer.header("referrer-policy"),
            Some("no-referrer"),
            "{path}"
        );
        let policy = answer.header("content-security-policy").unwrap();
        assert_eq!(
            policy, "default-src 'none'; frame-ancestors 'none'",
            "{path}"
        );
        assert_eq!(answer.header("strict-transport-security"), None, "{path}");
    }
    let page = server.get("/docs");
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'self'"), "{policy}");
}

fn preflight(server: &TestServer, origin: &str) -> super::client::Answer {
    server.send(&format!(
        "OPTIONS /v1/transfers HTTP/1.1\r\nhost: test\r\norigin: {origin}\r\n\
         access-control-request-method: POST\r\n\
         access-control-request-headers: authorization, content-type, idempotency-key, \
         prefer\r\n\r\n"
    ))
}

#[test]
fn pages_of_other_origins_are_let_in_only_where_they_are_named() {
    let shop = "https://shop.example";
    let closed = TestServer::with(&[]);
    let answer = preflight(&closed, shop);
    assert_eq!(answer.header("access-control-allow-origin"), None);

    let store = Arc::new(InMemoryStore::new());
    let options = HttpOptions {
        cors_origins: vec![shop.to_owned()],
        ..options()
    };
    // A preflight has no key.
    let access = Access::Keys(store.clone());
    let open = TestServer::guarded(options, ledger_over(&store), store, access);
    let answer = preflight(&open, shop);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), Some(shop));
    let answer = preflight(&open, "https://thief.example");
    assert_eq!(answer.header("access-control-allow-origin"), None);
    // Also what is refused can be read by the page.
    let get = format!("GET /v1/currencies HTTP/1.1\r\nhost: test\r\norigin: {shop}\r\n\r\n");
    let answer = open.send(&get);
    assert_eq!(answer.status, 401);
    assert_eq!(answer.header("access-control-allow-origin"), Some(shop));
}

#[test]
fn a_caller_that_asks_too_often_learns_when_to_ask_again_and_no_other_waits() {
    let store = Arc::new(InMemoryStore::new());
    let key = |byte: u8| {
        let key = AccessKey {
            actor: Actor::new(&format!("caller-{byte}")).unwrap(),
            ..access_key(byte)
        };
        store.add_access_key(&key, None).unwrap();
        token(byte).expose()
    };
    let (one, other) = (key(1), key(2));
    let options = HttpOptions {
        allowance: Some(Allowance {
            per_second: 1,
            burst: 3,
        }),
        ..options()
    };
    let access = Access::Keys(store.clone());
    let server = TestServer::guarded(options, ledger_over(&store), store.clone(), access);
    let get = |path: &str, token: &str| {
        server.send(&format!(
            "GET {path} HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\n\r\n"
        ))
    };
    let first = get("/v1/currencies", &one);
    assert_eq!(
        (first.status, first.header("ratelimit")),
        (200, Some("\"default\";r=2;t=1"))
    );
    assert_eq!(
        first.header("ratelimit-policy"),
        Some("\"default\";q=3;w=3")
    );
    for path in ["/v1/currencies", "/accounts/", "/metrics"] {
        // On a slow machine there may be a token again.
        let mut answers = std::iter::repeat_with(|| get(path, &one)).take(1_000);
        let refused = answers.find(|answer| answer.status != 200).unwrap();
        assert_eq!(refused.status, 429, "{path}");
        assert!(
            refused.body.contains("too_many_requests"),
            "{}",
            refused.body
        );
        assert_eq!(refused.header("retry-after"), Some("1"), "{path}");
        assert!(refused.header("ratelimit").unwrap().contains("r=0"));
    }
    assert_eq!(get("/v1/currencies", &other).status, 200);
    // A caller without a key has no allowance.
    let unknown = server.get("/v1/currencies");
    assert_eq!((unknown.status, unknown.header("ratelimit")), (401, None));
}
