//! What a load measured.

use std::time::{Duration, Instant};

use anyhow::Result;
use hdrhistogram::Histogram;

use super::requests::Answer;

/// How many failures are kept for the report.
pub(super) const SAMPLES: usize = 5;

/// The result of a [`Load`](super::Load). Latencies are of requests, in microseconds; `latency`
/// covers the requests that were applied.
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
    /// The longest time in which no request was answered.
    pub(crate) longest_pause: Duration,
    /// When a request was answered last.
    last_answer: Instant,
}

impl Measured {
    /// No requests yet, at the start of a load.
    ///
    /// # Errors
    /// The histogram's. These bounds are valid.
    pub(crate) fn new(start: Instant) -> Result<Self> {
        let histogram = || Histogram::new_with_bounds(1, 600_000_000, 3);
        Ok(Self {
            latency: histogram()?,
            ok: 0,
            refused: 0,
            refusal_latency: histogram()?,
            failed: 0,
            samples: Vec::new(),
            elapsed: Duration::ZERO,
            longest_pause: Duration::ZERO,
            last_answer: start,
        })
    }

    /// Counts a request that took `latency` since it was due, and its transfers.
    pub(super) fn add(&mut self, result: Result<Answer>, latency: Duration, transfers: u64) {
        let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        match result {
            Ok(Answer::Applied) => {
                self.latency.saturating_record(micros);
                self.ok += transfers;
            }
            Ok(Answer::Refused) => {
                self.refusal_latency.saturating_record(micros);
                self.refused += transfers;
            }
            Err(error) => {
                self.failed += transfers;
                if self.samples.len() < SAMPLES {
                    self.samples.push(format!("{error:#}"));
                }
                return;
            }
        }
        let now = Instant::now();
        self.longest_pause = self.longest_pause.max(now - self.last_answer);
        self.last_answer = now;
    }
}
