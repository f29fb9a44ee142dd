//! Admission control: what may join the queue.
//!
//! Each class of work has a limit of its own, so none is refused because of another.
//!
//! - **Single** writes are bounded by time, not by memory. Under overload, a memory-bounded queue
//!   makes every request late, and most of the work serves clients that have already timed out. We
//!   admit only what the writers finish within [`wait_max`](crate::Limits::wait_max) at their
//!   current rate, and reject the rest immediately.
//! - **Bulk** is bounded by number. A client that sends a thousand writes at once expects to wait;
//!   so up to [`BULK_REQUESTS_MAX`] requests of any size wait their turn, and small ones as long as
//!   their weight is below [`bulk_queue_max`](crate::Limits::bulk_queue_max).
//! - **Housekeeping** has a small queue. A refusal there delays the service's own work and no
//!   client's.
//!
//! All limits are in weight ([`Command::weight`](wallet_domain::Command::weight)), and none counts
//! the request that asks: an idle service refuses nothing, whatever its size.

use std::time::Duration;

use wallet_domain::WorkClass;

use crate::limits::Limits;

/// What may wait while there is no measurement: a burst.
const UNMEASURED: usize = 1_024;

/// What may wait in any case: with too little of it batches are so small that the rate is that of
/// commits.
const FLOOR: usize = 256;

/// How much has to wait behind a batch for its rate to count. With less, a batch is as large as
/// what comes in, and says nothing of the rate that is possible.
const PRESSURE: usize = 64;

/// How much of a new measurement counts; the rest is what was known.
const NEW_SHARE: f64 = 0.2;

/// Bulk requests that may wait, whatever they weigh.
const BULK_REQUESTS_MAX: usize = 16;

/// The weight of housekeeping that may wait.
const HOUSEKEEPING_MAX: usize = 4_000;

/// What waits of one class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Depth {
    pub(crate) requests: usize,
    pub(crate) weight: usize,
}

/// Decides what may wait.
#[derive(Debug)]
pub(crate) struct Admission {
    /// Weight of single writes, at most; as memory goes.
    queue_max: usize,
    bulk_queue_max: usize,
    wait_max: Duration,
    writers: usize,
    /// Weight per second, of all writers together, if it was measured.
    rate: Option<f64>,
}

impl Admission {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            queue_max: limits.queue_max,
            bulk_queue_max: limits.bulk_queue_max,
            wait_max: limits.wait_max,
            writers: limits.writers,
            rate: None,
        }
    }

    /// Whether one more request of the class may wait behind what waits of it.
    pub(crate) fn admits(&self, class: WorkClass, waiting: Depth) -> bool {
        let is_below = waiting.weight < self.limit(class);
        is_below || class == WorkClass::Bulk && waiting.requests < BULK_REQUESTS_MAX
    }

    /// The weight of the class that may wait, as things are.
    pub(crate) fn limit(&self, class: WorkClass) -> usize {
        match class {
            WorkClass::Single => self.singles(),
            WorkClass::Bulk => self.bulk_queue_max,
            WorkClass::Housekeeping => HOUSEKEEPING_MAX,
        }
    }

    fn singles(&self) -> usize {
        let Some(rate) = self.rate else {
            return UNMEASURED.min(self.queue_max);
        };
        // Saturates, and is not negative.
        let soon = (rate * self.wait_max.as_secs_f64()) as usize;
        soon.max(FLOOR).min(self.queue_max)
    }

    /// A writer executed a batch of this weight while so much of single writes waited behind it.
    pub(crate) fn record_batch(&mut self, weight: usize, took: Duration, singles_waiting: usize) {
        if singles_waiting < PRESSURE {
            return;
        }
        let seconds = took.as_secs_f64().max(1e-6);
        let measured = weight as f64 / seconds * self.writers as f64;
        let known = self.rate.unwrap_or(measured);
        self.rate = Some(known + NEW_SHARE * (measured - known));
    }
}

#[cfg(test)]
mod tests;
