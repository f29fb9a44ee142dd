//! The answers that every operation can give: to callers without permission, to malformed requests,
//! and while the service fails.

use std::sync::Arc;

use serde_json::Value;
use wallet_domain::testing::InMemoryStore;
use wallet_domain::testing::fixtures::{access_key, token};
use wallet_domain::{
    AccessKey, AccessKeys, Actor, OperatorAction, StoreError, Submission, SubmitError, Timestamp,
};

use super::{CONTRACT, id};
use crate::server::docs;
use crate::tests::client::transfer;
use crate::tests::support::{
    LedgerOf, QueriesOf, TestServer, failing_ledger, ledger_over, options,
};
use crate::tests::v1::verifications::gated;
use crate::{Access, Allowance, HttpOptions};

/// An operation, and what matters here of its description.
struct Operation {
    method: String,
    path: String,
    has_body: bool,
    /// Whether it may walk over many rows.
    may_be_slow: bool,
}

impl Operation {
    /// All of the document; the ids in their paths exist nowhere.
    fn all() -> Vec<Self> {
        let document: Value = serde_json::from_str(&docs::openapi()).unwrap();
        let mut all = Vec::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            let path = path.replace("{id}", &id(77_777)).replace("{code}", "QQQ");
            let path = path.replace("{base}", "USD").replace("{counter}", "EUR");
            let operations = operations.as_object().unwrap();
            all.extend(operations.iter().map(|(method, operation)| Self {
                method: method.to_uppercase(),
                path: path.clone(),
                has_body: operation["requestBody"].is_object(),
                may_be_slow: operation.to_string().contains("query_too_slow"),
            }));
        }
        all
    }

    fn send(&self, server: &TestServer, query: &str, lines: &str, body: &str) -> u16 {
        let Self { method, path, .. } = self;
        let length = match self.has_body {
            true => format!(
                "content-type: application/json\r\ncontent-length: {}\r\n",
                body.len()
            ),
            false => String::new(),
        };
        let body = if self.has_body { body } else { "" };
        let head = format!("{method} {path}{query} HTTP/1.1\r\n{length}{lines}\r\n{body}");
        server.send(&head).status
    }
}

const HOST: &str = "host: test\r\n";

/// Asks every operation.
pub(super) fn ask(store: &Arc<InMemoryStore>) {
    let all = Operation::all();
    wrongly(&all, store);
    without_right(&all, store);
    while_it_fails(&all);
    read(store);
    verify();
}

/// Requests that are not let in, or cannot be read.
fn wrongly(all: &[Operation], store: &Arc<InMemoryStore>) {
    let server = TestServer::start(options(), ledger_over(store), store.clone());
    let server = server.judged_by(&CONTRACT);
    for operation in all {
        for lines in [
            "host: evil.test\r\n",
            "host: test\r\nsec-fetch-site: cross-site\r\n",
            "host: test\r\nvia: 1.1 proxy\r\n",
        ] {
            assert_eq!(operation.send(&server, "", lines, "{"), 403);
        }
        // What is not there, for the operations that name something in their path.
        operation.send(&server, "", HOST, "{");
        operation.send(&server, "?unknown=1", HOST, "{");
        operation.send(&server, "?cursor=wrong", HOST, "{");
        if operation.has_body && operation.path.starts_with("/v1") {
            let (method, path) = (&operation.method, &operation.path);
            let head = format!("{method} {path} HTTP/1.1\r\n{HOST}");
            let large =
                format!("{head}content-type: application/json\r\ncontent-length: 9999999\r\n\r\n");
            assert_eq!(server.send(&large).status, 413, "{path}");
            let text = format!("{head}content-type: text/plain\r\ncontent-length: 2\r\n\r\n{{}}");
            assert_eq!(server.send(&text).status, 415, "{path}");
        }
    }
}

/// Callers that are unknown, may not do it, or ask too often.
fn without_right(all: &[Operation], store: &Arc<InMemoryStore>) {
    let key = |byte: u8, scopes: &[wallet_domain::Scope]| {
        let key = AccessKey {
            actor: Actor::new(&format!("promised-{byte}")).unwrap(),
            scopes: scopes.iter().copied().collect(),
            ..access_key(byte)
        };
        store.add_access_key(&key, None).unwrap();
        format!("{HOST}authorization: Bearer {}\r\n", token(byte).expose())
    };
    let (able, unable) = (key(101, &wallet_domain::Scope::ALL), key(102, &[]));
    let scarce = HttpOptions {
        allowance: Some(Allowance {
            per_second: 1,
            burst: 1,
        }),
        ..options()
    };
    let guarded = |options| {
        let access = Access::Keys(store.clone());
        let server = TestServer::guarded(options, ledger_over(store), store.clone(), access);
        server.judged_by(&CONTRACT)
    };
    let (free, scarce) = (guarded(options()), guarded(scarce));
    for operation in all {
        if operation.path.ends_with('z') {
            continue;
        }
        assert_eq!(
            operation.send(&free, "", HOST, "{"),
            401,
            "{}",
            operation.path
        );
        assert_eq!(
            operation.send(&free, "", &unable, "{"),
            403,
            "{}",
            operation.path
        );
        // On a slow machine there may be an allowance again.
        let mut statuses = (0..1_000).map(|_| operation.send(&scarce, "", &able, "{"));
        assert!(statuses.any(|status| status == 429), "{}", operation.path);
    }
}

/// Keys that cannot be read.
struct FailingKeys(StoreError);

impl AccessKeys for FailingKeys {
    fn access_key(&self, _: &str) -> Result<Option<AccessKey>, StoreError> {
        Err(self.0.clone())
    }

    fn access_keys(&self) -> Result<Vec<AccessKey>, StoreError> {
        Err(self.0.clone())
    }

    fn add_access_key(&self, _: &AccessKey, _: Option<&Actor>) -> Result<(), StoreError> {
        Err(self.0.clone())
    }

    fn revoke_access_key(
        &self,
        _: &str,
        _: Timestamp,
        _: Option<&Actor>,
    ) -> Result<bool, StoreError> {
        Err(self.0.clone())
    }

    fn copy_access_key(&self, _: &AccessKey) -> Result<(), StoreError> {
        Err(self.0.clone())
    }

    fn record_adopted(&self, _: &[AccessKey], _: &[OperatorAction]) -> Result<(), StoreError> {
        Err(self.0.clone())
    }
}

/// Stores that fail, and a ledger that panics.
fn while_it_fails(all: &[Operation]) {
    let cause = || Arc::new(std::io::Error::other("as planned"));
    let bearer = format!("{HOST}authorization: Bearer {}\r\n", token(1).expose());
    for (error, status) in [
        (StoreError::Refused(cause()), 500),
        (StoreError::Unavailable(cause()), 503),
    ] {
        let access = Access::Keys(Arc::new(FailingKeys(error.clone())));
        let queries = Arc::new(QueriesOf(move || error.clone()));
        let ledger = failing_ledger(SubmitError::Stopping);
        let server = TestServer::guarded(options(), ledger, queries, access);
        let server = server.judged_by(&CONTRACT);
        for operation in all {
            let answered = operation.send(&server, "", &bearer, "{");
            let is_v1 = operation.path.starts_with("/v1");
            assert!(
                !is_v1 || answered == status,
                "{}: {answered}",
                operation.path
            );
        }
    }
    let queries = Arc::new(QueriesOf(move || StoreError::TooSlow(cause())));
    let ledger = Arc::new(LedgerOf(|_| -> Submission {
        panic!("a ledger panics, as planned")
    }));
    let server = TestServer::start(options(), ledger, queries).judged_by(&CONTRACT);
    for operation in all.iter().filter(|it| it.may_be_slow) {
        assert_eq!(operation.send(&server, "", HOST, "{"), 503);
    }
    assert_eq!(server.post(transfer(1, 1, 2, "5")).status, 500);
}

/// Reads of what is there.
fn read(store: &Arc<InMemoryStore>) {
    let server = TestServer::start(options(), ledger_over(store), store.clone());
    let server = server.judged_by(&CONTRACT);
    let first = |list: &str| -> String {
        let page: Value = serde_json::from_str(&server.get(list).body).unwrap();
        page["data"][0]["id"].as_str().unwrap().to_owned()
    };
    let account = format!("/v1/accounts/{}", id(1));
    let mut paths = vec![
        account.clone(),
        "/v1/currencies/USD".to_owned(),
        format!("/accounts/{}/transfers/", id(1)),
    ];
    paths.extend(["balance", "parts", "statement"].map(|it| format!("{account}/{it}")));
    for list in ["/v1/holds", "/v1/quotes", "/v1/transfers"] {
        paths.push(format!("{list}/{}", first(list)));
    }
    for path in paths {
        assert_eq!(server.get(&path).status, 200, "{path}");
    }
}

/// One verification at a time.
fn verify() {
    let (server, gate) = gated(options());
    let server = server.judged_by(&CONTRACT);
    let start = |number: u128| {
        let body = serde_json::json!({"id": id(number)});
        server.post_v1("/v1/verifications", &body).status
    };
    assert_eq!((start(1), start(2)), (201, 409));
    let path = format!("/v1/verifications/{}", id(1));
    assert_eq!(server.get(&path).status, 200);
    drop(gate);
}
