//! The v1 API over a ledger in memory: status, headers and bodies as a client sees them.

mod access;
mod accounts;
mod batches;
mod exchange;
mod filters;
mod holds;
mod keys;
mod lists;
mod problems;
mod statements;
mod transfers;
pub(super) mod verifications;

use serde_json::{Value, json};
use uuid::Uuid;
use wallet_domain::testing::fixtures::{deposit, open};

use super::client::Answer;
use super::support::TestServer;

/// ANN has 1000.00 USD, BOB nothing, CAT an empty account in EUR.
fn server() -> TestServer {
    TestServer::with(&[
        open(1, "USD"),
        open(2, "USD"),
        open(3, "EUR"),
        deposit(100, 1, "1000"),
    ])
}

const ANN: u128 = 1;
const BOB: u128 = 2;
const CAT: u128 = 3;

pub(super) fn id(number: u128) -> String {
    Uuid::from_u128(number).to_string()
}

impl TestServer {
    /// Sends a request with a JSON body and these header lines.
    #[track_caller]
    pub(super) fn call(&self, method: &str, path: &str, headers: &[&str], body: &str) -> Answer {
        let length = body.len();
        let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
        self.send(&format!(
            "{method} {path} HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n{headers}\r\n{body}"
        ))
    }

    #[track_caller]
    pub(super) fn post_v1(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path, &[], &body.to_string())
    }
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    #[track_caller]
    fn expect_status(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("content-type"), Some("application/json"));
        self.json()
    }

    /// A problem in full form.
    #[track_caller]
    fn expect_problem(&self, status: u16, code: &str) -> Value {
        let problem = self.json();
        assert_eq!((self.status, &problem["code"]), (status, &json!(code)));
        let content_type = self.header("content-type");
        assert_eq!(content_type, Some("application/problem+json"));
        assert_eq!(problem["status"], status);
        assert_eq!(problem["type"], format!("/docs/errors#{code}"));
        assert!(problem["title"].is_string() && problem["detail"].is_string());
        assert_eq!(problem["request_id"].as_str(), self.header("x-request-id"));
        problem
    }
}

/// A transfer of US dollars from ANN to BOB.
fn transfer(number: u128, amount: &str) -> Value {
    json!({
        "id": id(number), "sender_account_id": id(ANN), "receiver_account_id": id(BOB),
        "amount": amount, "currency_code": "USD",
    })
}

/// Where the faults of a problem are.
fn pointers(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"].as_array().unwrap().iter();
    errors
        .map(|error| error["pointer"].as_str().unwrap())
        .collect()
}
