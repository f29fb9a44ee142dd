//! A whole statement in CSV, and the memory that it costs the service.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use uuid::Uuid;
use wallet_integration::service::Service;

use crate::usage::memory;

/// How often the service's memory is sampled.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A statement that was read to its end.
pub(super) struct Streamed {
    lines: u64,
    bytes: u64,
    took: Duration,
    /// Resident memory in bytes.
    resident_before: u64,
    resident_max: u64,
}

impl Streamed {
    /// Streams the statement of an account over all times; `None` where the service has no
    /// statements.
    pub(super) fn read(service: &Service, account: Uuid) -> Result<Option<Self>> {
        let period = "created_from=2000-01-01T00:00:00Z&created_before=2100-01-01T00:00:00Z";
        let address = service.address();
        let url = format!("http://{address}/v1/accounts/{account}/statement?{period}");
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None);
        let agent = config.build().new_agent();
        let pid = service.pid().to_string();
        let resident_before = memory(&pid)?;
        let started = Instant::now();
        let mut response = agent.get(&url).header("accept", "text/csv").call()?;
        if response.status() == 404 {
            return Ok(None);
        }
        ensure!(response.status() == 200, "GET {url}: {}", response.status());
        let (stop, stopped) = mpsc::channel::<()>();
        let (read, resident_max) = thread::scope(|scope| {
            let watch = scope.spawn(move || watch(&pid, &stopped));
            let read = read(response.body_mut().as_reader());
            // The watch ends when this is gone.
            drop(stop);
            (read, watch.join())
        });
        let (lines, bytes) = read.context("the statement")?;
        let took = started.elapsed();
        let resident_max = resident_max.map_err(|_| anyhow::anyhow!("the watch panicked"))??;
        Ok(Some(Self {
            lines,
            bytes,
            took,
            resident_before,
            resident_max,
        }))
    }
}

impl fmt::Display for Streamed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a statement of {} lines, {:.1} MiB, in {:.1} s; \
             resident memory {:.1} MiB before, {:.1} MiB at most",
            self.lines,
            self.bytes as f64 / 1_048_576.0,
            self.took.as_secs_f64(),
            self.resident_before as f64 / 1_048_576.0,
            self.resident_max as f64 / 1_048_576.0,
        )
    }
}

/// Reads to the end; returns the number of lines and bytes.
fn read(text: impl std::io::Read) -> std::io::Result<(u64, u64)> {
    let mut text = BufReader::new(text);
    let (mut lines, mut bytes) = (0, 0);
    let mut line = Vec::new();
    loop {
        line.clear();
        let length = text.read_until(b'\n', &mut line)?;
        if length == 0 {
            return Ok((lines, bytes));
        }
        lines += 1;
        bytes += length as u64;
    }
}

/// The highest memory sample until the other end of the channel is dropped.
fn watch(process: &str, stopped: &mpsc::Receiver<()>) -> Result<u64> {
    let mut max = memory(process)?;
    while stopped.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Timeout) {
        max = max.max(memory(process)?);
    }
    Ok(max)
}
