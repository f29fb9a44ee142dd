//! The load generator: transfers over keep-alive connections on one thread, with one write and
//! usually one read per request.
//!
//! It shares the machine with what it measures, so it must be cheap. Without a rate, each
//! connection sends its next request as soon as it has an answer, which measures capacity. With a
//! rate, requests are due at fixed times and latency counts from the due time, so that a stall
//! appears in every request that it delays.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use hdrhistogram::Histogram;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;
use uuid::{Builder, Uuid};

use crate::response::{Response, parse};

const OK: &[u8] = b"{\"result\":\"OK\"}";
const CREATED: &str = r#""status":"created""#;
const SAMPLES: usize = 5;

/// The number of transfers in a batch: the maximum that the service allows.
pub(crate) const BATCH: u64 = 1_000;

/// The kind of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Traffic {
    /// Single transfers between uniformly chosen accounts.
    Uniform,
    /// Single transfers, all from the first account.
    Hot,
    /// Single holds between uniformly chosen accounts: placed, and captured in full by the
    /// connection's next request.
    Holds,
    /// [`BATCH`] independent transfers per request, between uniformly chosen accounts.
    Batches,
}

impl Traffic {
    /// The number of transfers in a request. Placing a hold is one, and so is capturing it.
    fn transfers(self) -> u64 {
        match self {
            Self::Uniform | Self::Hot | Self::Holds => 1,
            Self::Batches => BATCH,
        }
    }

    /// Its name in tables.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Hot => "hot sender",
            Self::Holds => "holds",
            Self::Batches => "batches",
        }
    }
}

/// What to send, and where.
#[derive(Clone, Debug)]
pub(crate) struct Load {
    pub(crate) address: SocketAddr,
    /// At least two accounts, all in USD and with enough money.
    pub(crate) accounts: Vec<Uuid>,
    pub(crate) traffic: Traffic,
    pub(crate) connections: usize,
    pub(crate) duration: Duration,
    /// Requests per second over all connections; `None` sends as fast as answers come.
    pub(crate) rate: Option<f64>,
    pub(crate) seed: u64,
    /// The key to send with every request, if the service asks for keys.
    pub(crate) token: Option<String>,
}

/// The result of a [`Load`]. Latencies are of requests, in microseconds; `latency` covers the
/// requests that were applied.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) latency: Histogram<u64>,
    /// Transfers that were acknowledged.
    pub(crate) ok: u64,
    /// Transfers of requests that the service refused for now: it is overloaded, and says when to
    /// retry.
    pub(crate) refused: u64,
    pub(crate) refusal_latency: Histogram<u64>,
    /// Transfers of all other requests.
    pub(crate) failed: u64,
    pub(crate) samples: Vec<String>,
    pub(crate) elapsed: Duration,
}

/// What the service did with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    CarriedOut,
    Refused,
}

/// Runs a load to its end on this thread.
///
/// # Errors
/// Where it cannot start. Lost connections and unexpected answers are counted instead.
pub(crate) fn run(load: Load) -> Result<Measured> {
    ensure!(load.accounts.len() > 1, "a transfer needs two accounts");
    ensure!(
        load.rate.is_none_or(|rate| rate > 0.0),
        "a rate must be positive"
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    LocalSet::new().block_on(&runtime, drive(Rc::new(load)))
}

/// Runs several loads at the same time, each on a thread of its own, so that none waits for
/// another's turn.
///
/// # Errors
/// As [`run`].
pub(crate) fn run_all(loads: Vec<Load>) -> Result<Vec<Measured>> {
    thread::scope(|scope| {
        let running: Vec<_> = loads
            .into_iter()
            .map(|load| scope.spawn(|| run(load)))
            .collect();
        let ended = running.into_iter().map(|load| {
            let ended = load.join();
            ended.map_err(|_| anyhow!("the load generator panicked"))?
        });
        ended.collect()
    })
}

async fn drive(load: Rc<Load>) -> Result<Measured> {
    let mut streams = Vec::with_capacity(load.connections);
    for _ in 0..load.connections {
        streams.push(connect(load.address).await?);
    }
    let measured = Rc::new(RefCell::new(Measured {
        latency: Histogram::new_with_bounds(1, 600_000_000, 3)?,
        ok: 0,
        refused: 0,
        refusal_latency: Histogram::new_with_bounds(1, 600_000_000, 3)?,
        failed: 0,
        samples: Vec::new(),
        elapsed: Duration::ZERO,
    }));
    let start = Instant::now();
    let tasks: Vec<_> = (0u32..)
        .zip(streams)
        .map(|(index, stream)| {
            let (load, measured) = (load.clone(), measured.clone());
            tokio::task::spawn_local(connection(load, measured, stream, index, start))
        })
        .collect();
    for task in tasks {
        task.await?;
    }
    let mut measured = Rc::into_inner(measured)
        .context("a connection is still running")?
        .into_inner();
    measured.elapsed = start.elapsed();
    Ok(measured)
}

async fn connect(address: SocketAddr) -> Result<TcpStream> {
    let stream = TcpStream::connect(address)
        .await
        .with_context(|| format!("cannot connect to {address}"))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn connection(
    load: Rc<Load>,
    measured: Rc<RefCell<Measured>>,
    stream: TcpStream,
    index: u32,
    start: Instant,
) {
    let mut random = fastrand::Rng::with_seed(load.seed ^ (u64::from(index) << 32));
    let (mut text, mut body, mut answer) = (String::new(), String::new(), Vec::new());
    let mut stream = Some(stream);
    let mut held = None;
    for number in 0.. {
        let due = match load.rate {
            Some(rate) => start + due(number, index, load.connections, rate),
            None => Instant::now(),
        };
        if due.duration_since(start) >= load.duration {
            return;
        }
        if load.rate.is_some() {
            tokio::time::sleep_until(due.into()).await;
        }
        request(&load, &mut random, &mut held, &mut body, &mut text);
        let result = exchange(&load, &mut stream, &text, &mut answer).await;
        let mut measured = measured.borrow_mut();
        let micros = u64::try_from(due.elapsed().as_micros()).unwrap_or(u64::MAX);
        let problem = match result {
            Ok(Answer::CarriedOut) => {
                measured.latency.saturating_record(micros);
                measured.ok += load.traffic.transfers();
                continue;
            }
            Ok(Answer::Refused) => {
                held = None;
                measured.refusal_latency.saturating_record(micros);
                measured.refused += load.traffic.transfers();
                continue;
            }
            Err(error) => {
                stream = None;
                // If placing it failed, there may be nothing to capture.
                held = None;
                format!("{error:#}")
            }
        };
        measured.failed += load.traffic.transfers();
        if measured.samples.len() < SAMPLES {
            measured.samples.push(problem);
        }
    }
}

/// When request `number` of a connection is due, relative to the start: the connections take turns.
fn due(number: u64, connection: u32, connections: usize, rate: f64) -> Duration {
    let turn = number as f64 * connections as f64 + f64::from(connection);
    Duration::from_secs_f64(turn / rate)
}

/// The next request; `held` is the connection's hold that is placed and not yet captured.
fn request(
    load: &Load,
    random: &mut fastrand::Rng,
    held: &mut Option<Uuid>,
    body: &mut String,
    text: &mut String,
) {
    body.clear();
    text.clear();
    let route = match load.traffic {
        Traffic::Uniform | Traffic::Hot => {
            body.push('{');
            transfer(load, random, body);
            Cow::Borrowed("/transfers/")
        }
        Traffic::Holds => {
            if let Some(hold) = held.take() {
                let id = new_id(random);
                // Writing to a string cannot fail.
                let _ = write!(body, r#"{{"id":"{id}"}}"#);
                Cow::Owned(format!("/v1/holds/{hold}/captures"))
            } else {
                body.push('{');
                *held = Some(transfer(load, random, body));
                Cow::Borrowed("/v1/holds")
            }
        }
        Traffic::Batches => {
            body.push_str(r#"{"mode":"independent","items":["#);
            for index in 0..BATCH {
                body.push_str(if index == 0 { "" } else { "," });
                body.push_str(r#"{"type":"transfer","#);
                transfer(load, random, body);
            }
            body.push_str("]}");
            Cow::Borrowed("/v1/batches")
        }
    };
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "POST {route} HTTP/1.1\r\nHost: localhost\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n",
        body.len()
    );
    if let Some(token) = &load.token {
        let _ = write!(text, "Authorization: Bearer {token}\r\n");
    }
    let _ = write!(text, "\r\n{body}");
}

fn new_id(random: &mut fastrand::Rng) -> Uuid {
    Builder::from_random_bytes(random.u128(..).to_ne_bytes()).into_uuid()
}

/// Writes the fields of a new transfer and closes its object; returns its id. The fields are the
/// same in both APIs and for holds.
fn transfer(load: &Load, random: &mut fastrand::Rng, body: &mut String) -> Uuid {
    let id = new_id(random);
    let count = load.accounts.len();
    let sender = match load.traffic {
        Traffic::Hot => 0,
        Traffic::Uniform | Traffic::Holds | Traffic::Batches => random.usize(..count),
    };
    let receiver = (sender + random.usize(1..count)) % count;
    let (sender, receiver) = (load.accounts[sender], load.accounts[receiver]);
    // Writing to a string cannot fail.
    let _ = write!(
        body,
        "\"id\":\"{id}\",\"sender_account_id\":\"{sender}\",\
         \"receiver_account_id\":\"{receiver}\",\"amount\":\"0.01\",\"currency_code\":\"USD\"}}"
    );
    id
}

async fn exchange(
    load: &Load,
    stream: &mut Option<TcpStream>,
    text: &str,
    answer: &mut Vec<u8>,
) -> Result<Answer> {
    if stream.is_none() {
        *stream = Some(connect(load.address).await?);
    }
    let stream = stream.as_mut().context("no connection")?;
    stream.write_all(text.as_bytes()).await?;
    answer.clear();
    loop {
        ensure!(
            stream.read_buf(answer).await? > 0,
            "the connection was closed before the answer"
        );
        if let Some(response) = parse(answer)? {
            return check(load.traffic, &response, &answer[response.body.clone()]);
        }
    }
}

/// Whether this request applied all of its transfers, rather than replaying earlier ones.
fn check(traffic: Traffic, response: &Response, body: &[u8]) -> Result<Answer> {
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
    Ok(Answer::CarriedOut)
}

#[cfg(test)]
mod tests;
