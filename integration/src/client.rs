//! A minimal client of the classic API. It keeps connections open, distinguishes definite answers
//! from unclear ones, and repeats a transfer with the same id until the answer is definite.

mod answer;
mod raw;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bigdecimal::BigDecimal;
use serde_json::{Value, json};
use uuid::Uuid;

pub use answer::Answer;
pub use raw::exchange;

use answer::judged;

use crate::history::{Clock, Outcome, ReadOperation, TransferOperation};

/// Longer than the service may take for any answer, so that a timeout is a finding.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// The pause before a transfer is sent again.
const RETRY_PAUSE: Duration = Duration::from_millis(20);

/// The addresses of the replicas of a service. Clones share them, so that clients find a restarted
/// replica.
#[derive(Clone, Debug)]
pub struct Replicas(Arc<RwLock<Vec<SocketAddr>>>);

impl Replicas {
    /// Replicas at these addresses.
    ///
    /// # Panics
    /// If there are none.
    #[must_use]
    pub fn new(addresses: &[SocketAddr]) -> Self {
        assert!(!addresses.is_empty(), "a client needs at least one address");
        Self(Arc::new(RwLock::new(addresses.to_vec())))
    }

    /// The replica with this number, counted from 0, now listens there.
    ///
    /// # Panics
    /// If there is no such replica.
    pub fn set_address(&self, number: usize, address: SocketAddr) {
        self.0.write().unwrap_or_else(PoisonError::into_inner)[number] = address;
    }

    fn for_turn(&self, turn: usize) -> SocketAddr {
        let addresses = self.0.read().unwrap_or_else(PoisonError::into_inner);
        addresses[turn % addresses.len()]
    }
}

/// A client with keep-alive connections to one or more replicas, used in turn.
#[derive(Clone, Debug)]
pub struct Client {
    agent: ureq::Agent,
    replicas: Replicas,
    turn: usize,
    token: Option<String>,
}

/// A payment to request: money from one account to another.
#[derive(Clone, Debug)]
pub struct Payment {
    /// The idempotency key.
    pub id: Uuid,
    /// Who pays.
    pub sender: Uuid,
    /// Who receives.
    pub receiver: Uuid,
    /// How much, at the currency's precision.
    pub amount: BigDecimal,
    /// In which currency.
    pub currency_code: &'static str,
}

impl Payment {
    /// A payment in US dollars under a new id.
    #[must_use]
    pub fn usd(sender: Uuid, receiver: Uuid, amount: impl Into<BigDecimal>) -> Self {
        let (id, amount) = (Uuid::now_v7(), amount.into());
        Self {
            id,
            sender,
            receiver,
            amount,
            currency_code: "USD",
        }
    }

    /// The body of the request.
    #[must_use]
    pub fn body(&self) -> Value {
        let Self {
            id,
            sender,
            receiver,
            amount,
            currency_code,
        } = self;
        json!({
            "id": id.to_string(), "sender_account_id": sender.to_string(),
            "receiver_account_id": receiver.to_string(),
            "amount": amount.to_plain_string(), "currency_code": currency_code,
        })
    }
}

impl Client {
    /// A client of these replicas.
    #[must_use]
    pub fn new(replicas: &Replicas) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(ANSWER_TIMEOUT))
            .proxy(None);
        let agent = config.build().new_agent();
        Self {
            agent,
            replicas: replicas.clone(),
            turn: 0,
            token: None,
        }
    }

    /// The same client, sending a token with every request.
    #[must_use]
    pub fn with_token(mut self, token: &str) -> Self {
        self.token = Some(format!("Bearer {token}"));
        self
    }

    fn url(&mut self, path: &str) -> String {
        let address = self.replicas.for_turn(self.turn);
        self.turn = self.turn.wrapping_add(1);
        format!("http://{address}{path}")
    }

    /// `GET path`.
    ///
    /// # Errors
    /// If no whole answer came.
    pub fn get(&mut self, path: &str) -> Result<Answer> {
        let url = self.url(path);
        let request = authorized(self.agent.get(url), self.token.as_deref());
        let response = request.call().with_context(|| format!("GET {path}"))?;
        judged("GET", path, response)
    }

    /// `POST path` with a body that is sent as it is.
    ///
    /// # Errors
    /// If no whole answer came.
    pub fn post(&mut self, path: &str, content_type: &str, body: &str) -> Result<Answer> {
        let url = self.url(path);
        let request = authorized(self.agent.post(url), self.token.as_deref());
        let request = request.header("content-type", content_type);
        let response = request.send(body).with_context(|| format!("POST {path}"))?;
        judged("POST", path, response)
    }

    /// `PATCH path` with a JSON body.
    ///
    /// # Errors
    /// If no whole answer came.
    pub fn patch(&mut self, path: &str, body: &Value) -> Result<Answer> {
        let url = self.url(path);
        let request = authorized(self.agent.patch(url), self.token.as_deref());
        let request = request.header("content-type", "application/json");
        let response = request
            .send(body.to_string())
            .with_context(|| format!("PATCH {path}"))?;
        judged("PATCH", path, response)
    }

    /// `POST /transfers/` with a JSON body.
    ///
    /// # Errors
    /// If no whole answer came.
    pub fn post_transfer(&mut self, body: &Value) -> Result<Answer> {
        self.post("/transfers/", "application/json", &body.to_string())
    }

    /// Requests a payment, once.
    pub fn try_pay(&mut self, payment: &Payment) -> Outcome {
        match self.post_transfer(&payment.body()) {
            Err(error) => Outcome::Unknown(format!("{error:#}")),
            Ok(answer) => outcome(&answer),
        }
    }

    /// Requests a payment with the same id until the answer is definite or `patience` has passed.
    pub fn pay(
        &mut self,
        payment: &Payment,
        clock: Clock,
        patience: Duration,
    ) -> TransferOperation {
        let first_invoked = clock.now();
        let mut last_invoked = first_invoked;
        let deadline = Instant::now() + patience;
        let mut outcome = self.try_pay(payment);
        while matches!(outcome, Outcome::Unknown(_)) && Instant::now() < deadline {
            std::thread::sleep(RETRY_PAUSE);
            last_invoked = clock.now();
            outcome = self.try_pay(payment);
        }
        let ended = clock.now();
        let Payment {
            id,
            sender,
            receiver,
            amount,
            ..
        } = payment.clone();
        TransferOperation {
            id,
            sender,
            receiver,
            amount,
            first_invoked,
            last_invoked,
            ended,
            outcome,
        }
    }

    /// `GET /accounts/`: the balances of all accounts, as long as there are at most 100.
    ///
    /// # Errors
    /// If no answer came, or none that can be read.
    pub fn read_balances(&mut self, clock: Clock) -> Result<ReadOperation> {
        let invoked = clock.now();
        let answer = self.get("/accounts/")?;
        let ended = clock.now();
        let accounts = answer.json()["payload"].as_array().cloned();
        let accounts = accounts.with_context(|| format!("not a list: {}", answer.text))?;
        let balances: Result<BTreeMap<_, _>> = accounts.iter().map(id_and_balance).collect();
        Ok(ReadOperation {
            invoked,
            ended,
            balances: balances?,
        })
    }
}

fn authorized<B>(request: ureq::RequestBuilder<B>, token: Option<&str>) -> ureq::RequestBuilder<B> {
    match token {
        Some(token) => request.header("authorization", token),
        None => request,
    }
}

fn id_and_balance(account: &Value) -> Result<(Uuid, BigDecimal)> {
    let text = |field: &str| {
        account[field]
            .as_str()
            .with_context(|| format!("no {field}: {account}"))
    };
    Ok((text("id")?.parse()?, text("balance")?.parse()?))
}

/// What an answer to a transfer means. Where the service failed, the transfer may be in the books.
fn outcome(answer: &Answer) -> Outcome {
    let code = answer.code();
    match (answer.json()["result"].as_str(), code.as_str()) {
        (Some("OK"), _) => Outcome::Ok,
        (Some("ERROR"), "service_unavailable" | "internal_error") => Outcome::Unknown(code),
        (Some("ERROR"), _) => Outcome::Rejected(code),
        _ => Outcome::Rejected(format!("an answer without a result: {}", answer.text)),
    }
}
