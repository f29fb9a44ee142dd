//! The text of requests, and what their answers mean.

use std::borrow::Cow;
use std::fmt::Write as _;

use anyhow::{Result, ensure};
use uuid::Uuid;

use super::load::{BATCH, Load, Traffic};
use crate::response::Response;

const OK: &[u8] = b"{\"result\":\"OK\"}";
const CREATED: &str = r#""status":"created""#;

/// What the service did with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Applied,
    Refused,
}

/// The requests of one connection, and the buffers that they are written into.
pub(super) struct Requests {
    random: fastrand::Rng,
    /// The hold that is placed and not yet captured.
    held: Option<Uuid>,
    body: String,
    text: String,
}

impl Requests {
    pub(super) fn new(load: &Load, connection: u32) -> Self {
        Self {
            random: fastrand::Rng::with_seed(load.seed ^ (u64::from(connection) << 32)),
            held: None,
            body: String::new(),
            text: String::new(),
        }
    }

    /// If placing the hold failed, there may be nothing to capture.
    pub(super) fn forget_hold(&mut self) {
        self.held = None;
    }

    /// The next request. Writing to a string cannot fail.
    pub(super) fn next(&mut self, load: &Load) -> &str {
        self.body.clear();
        self.text.clear();
        let route = self.write_body(load);
        let _ = write!(
            self.text,
            "POST {route} HTTP/1.1\r\nHost: localhost\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n",
            self.body.len()
        );
        if let Some(token) = &load.token {
            let _ = write!(self.text, "Authorization: Bearer {token}\r\n");
        }
        let _ = write!(self.text, "\r\n{}", self.body);
        &self.text
    }

    /// Writes the body; returns the path.
    fn write_body(&mut self, load: &Load) -> Cow<'static, str> {
        match load.traffic {
            Traffic::Uniform | Traffic::Hot => {
                self.body.push('{');
                self.write_transfer(load);
                Cow::Borrowed("/transfers/")
            }
            Traffic::Holds => {
                if let Some(hold) = self.held.take() {
                    let id = load.ids.next(&mut self.random);
                    let _ = write!(self.body, r#"{{"id":"{id}"}}"#);
                    return Cow::Owned(format!("/v1/holds/{hold}/captures"));
                }
                self.body.push('{');
                self.held = Some(self.write_transfer(load));
                Cow::Borrowed("/v1/holds")
            }
            Traffic::Batches => {
                self.body.push_str(r#"{"mode":"independent","items":["#);
                for index in 0..BATCH {
                    self.body.push_str(if index == 0 { "" } else { "," });
                    self.body.push_str(r#"{"type":"transfer","#);
                    self.write_transfer(load);
                }
                self.body.push_str("]}");
                Cow::Borrowed("/v1/batches")
            }
        }
    }

    /// Writes the fields of a new transfer and closes its object; returns its id. The fields are
    /// the same in both APIs and for holds.
    fn write_transfer(&mut self, load: &Load) -> Uuid {
        let id = load.ids.next(&mut self.random);
        let count = load.accounts.len();
        let sender = match load.traffic {
            Traffic::Hot => 0,
            Traffic::Uniform | Traffic::Holds | Traffic::Batches => self.random.usize(..count),
        };
        let receiver = (sender + self.random.usize(1..count)) % count;
        let (sender, receiver) = (load.accounts[sender], load.accounts[receiver]);
        let _ = write!(
            self.body,
            "\"id\":\"{id}\",\"sender_account_id\":\"{sender}\",\
             \"receiver_account_id\":\"{receiver}\",\"amount\":\"0.01\",\"currency_code\":\"USD\"}}"
        );
        id
    }
}

/// Whether this request applied all of its transfers, rather than replaying earlier ones.
pub(super) fn check(traffic: Traffic, response: &Response, body: &[u8]) -> Result<Answer> {
    let unavailable = b"service_unavailable";
    if response.has_retry_after && body.windows(unavailable.len()).any(|it| it == unavailable) {
        return Ok(Answer::Refused);
    }
    let expected = if traffic == Traffic::Holds { 201 } else { 200 };
    let is_ok = match traffic {
        Traffic::Uniform | Traffic::Hot => body == OK,
        Traffic::Holds => true,
        Traffic::Batches => {
            let created = std::str::from_utf8(body)?.matches(CREATED).count();
            created as u64 == BATCH
        }
    };
    ensure!(
        response.status == expected && is_ok,
        "{}: {}",
        response.status,
        // An answer to a batch is long, and says early what it is about.
        String::from_utf8_lossy(&body[..body.len().min(1_000)])
    );
    Ok(Answer::Applied)
}
