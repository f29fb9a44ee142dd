//! The load generator: transfers over keep-alive connections on one thread, with one write and
//! usually one read per request.
//!
//! It shares the machine with what it measures, so it must be cheap. Without a rate, each
//! connection sends its next request as soon as it has an answer, which measures capacity. With a
//! rate, requests are due at fixed times and latency counts from the due time, so that a stall
//! appears in every request that it delays.

mod load;
mod measured;
mod requests;

use std::cell::RefCell;
use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

pub(crate) use load::{Ids, Load, Traffic};
pub(crate) use measured::Measured;
use requests::{Answer, Requests, check};

use crate::response::parse;

/// Runs a load to its end on this thread.
///
/// # Errors
/// If it cannot start. Lost connections and unexpected answers are counted instead.
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
    let start = Instant::now();
    let measured = Rc::new(RefCell::new(Measured::new(start)?));
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

async fn connect(address: std::net::SocketAddr) -> Result<TcpStream> {
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
    let mut requests = Requests::new(&load, index);
    let (mut stream, mut answer) = (Some(stream), Vec::new());
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
        let text = requests.next(&load);
        let result = exchange(&load, &mut stream, text, &mut answer).await;
        if !matches!(result, Ok(Answer::Applied)) {
            requests.forget_hold();
        }
        if result.is_err() {
            stream = None;
        }
        let transfers = load.traffic.transfers();
        measured.borrow_mut().add(result, due.elapsed(), transfers);
    }
}

/// When request `number` of a connection is due, relative to the start: the connections take turns.
fn due(number: u64, connection: u32, connections: usize, rate: f64) -> Duration {
    let turn = number as f64 * connections as f64 + f64::from(connection);
    Duration::from_secs_f64(turn / rate)
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

#[cfg(test)]
mod tests;
