//! The document promises nothing that cannot happen: requests that a client can send provoke each
//! status and code of each operation.

mod everywhere;
mod refusals;
mod writes;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use conformance::{Contract, Promise};
use serde_json::{Value, json};
use wallet_domain::testing::InMemoryStore;

use super::client::Answer;
use super::support::{TestServer, ledger_over, options};
use super::v1::id;
use crate::server::docs;

/// The document, with the answers that this test alone has seen.
static CONTRACT: LazyLock<Contract> = LazyLock::new(|| Contract::new(&docs::openapi()).unwrap());

/// Operations whose 500 only a defect can cause: their handlers would have to panic.
const DEFECTS: [&str; 2] = ["GET /accounts/", "GET /accounts/{id}/transfers/"];

#[test]
fn every_answer_that_the_document_promises_can_be_given() {
    let store = Arc::new(InMemoryStore::new());
    let server = TestServer::start(options(), ledger_over(&store), store.clone());
    let asker = Asker::new(server);
    refusals::ask(&asker, &store);
    writes::ask(&asker, &store);
    everywhere::ask(&store);
    assert_eq!(asker.wrong.take(), Vec::<String>::new());
    let is_expected = |promise: &Promise| {
        promise.status != "500" || !DEFECTS.contains(&promise.operation.as_str())
    };
    let unseen = CONTRACT.unseen().into_iter().filter(is_expected);
    let unseen: Vec<String> = unseen.map(|it| it.to_string()).collect();
    assert_eq!(unseen, Vec::<String>::new(), "nothing gives these answers");
}

/// A client whose writes have new ids.
struct Asker {
    server: TestServer,
    next: Cell<u128>,
    /// Answers that differ from the expected ones.
    wrong: RefCell<Vec<String>>,
    document: Value,
}

impl Asker {
    fn new(server: TestServer) -> Self {
        Self {
            server: server.judged_by(&CONTRACT),
            next: Cell::new(1_000_000),
            wrong: RefCell::default(),
            document: serde_json::from_str(&docs::openapi()).unwrap(),
        }
    }

    fn new_id(&self) -> String {
        self.next.set(self.next.get() + 1);
        id(self.next.get())
    }

    /// The same body with a new id, if it has none.
    fn identified(&self, body: &Value) -> Value {
        let mut body = body.clone();
        if body["id"].is_null() {
            body["id"] = json!(self.new_id());
        }
        body
    }

    fn post(&self, path: &str, body: &Value) -> Answer {
        self.server.post_v1(path, &self.identified(body))
    }

    /// Applies a write, and returns what it made.
    #[track_caller]
    fn apply(&self, path: &str, body: &Value) -> Value {
        let answer = self.post(path, body);
        assert_eq!(answer.status, 201, "{path} {body}: {}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    /// A write with `Prefer: handling=strict` has to be refused with this code.
    fn refuse(&self, path: &str, body: &Value, code: &str) {
        let body = self.identified(body).to_string();
        let strict = "prefer: handling=strict";
        let answer = self.server.call("POST", path, &[strict], &body);
        let problem: Value = serde_json::from_str(&answer.body).unwrap();
        if problem["code"] != code {
            self.complain(path, code, &body, &answer);
        }
    }

    /// An answer has to have this status.
    fn expect(&self, answer: &Answer, status: u16, path: &str) {
        if answer.status != status {
            self.complain(path, &status.to_string(), "", answer);
        }
    }

    fn complain(&self, path: &str, expected: &str, body: &str, answer: &Answer) {
        let wrong = format!("{path} {body}: not {expected}, but {}", answer.body);
        self.wrong.borrow_mut().push(wrong);
    }

    /// The codes of an operation.
    fn codes(&self, method: &str, path: &str) -> BTreeSet<String> {
        let responses = &self.document["paths"][path][method]["responses"];
        let responses = responses.as_object().unwrap().values();
        let codes = responses
            .filter_map(|it| it["x-codes"].as_array())
            .flatten();
        codes
            .map(|code| code.as_str().unwrap().to_owned())
            .collect()
    }
}
