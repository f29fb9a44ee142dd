//! Admission control: what may join the queue.
//!
//! Each class of work has its own limit, so no class is refused because of another.
//!
//! - **Single** writes are bounded by time, not by memory. Under overload, a memory-bounded queue
//!   makes every request late, and most of the work serves clients that have already timed out. We
//!   admit only what the writers finish within [`wait_max`](crate::Limits::wait_max) at their
//!   current rate, and reject the rest immediately.
//! - **Bulk** is bounded by number. A client that sends a thousand writes at once expects to wait.
//!   So the queue holds up to [`BULK_REQUESTS_MAX`] requests of any size, and more small ones as
//!   long as their weight is below [`bulk_queue_max`](crate::Limits::bulk_queue_max).
//! - **Housekeeping** has a small queue. A refusal there delays only the service's own work, never
//!   a client's.
//!
//! All limits are in weight ([`Command::weight`](wallet_domain::Command::weight)). No limit counts
//! the request that asks for admission: an idle service refuses nothing, whatever its size.

use std::time::Duration;

use wallet_domain::WorkClass;

use crate::limits::Limits;

/// Queue limit before the first measurement: enough for a burst.
const UNMEASURED: usize = 1_024;

/// The smallest queue limit. With less, batches are so small that throughput equals the rate of
/// commits.
const FLOOR: usize = 256;

/// The smallest backlog behind a batch for its rate to count. With less, the batch only reflects
/// how much came in, not the rate that is possible.
const PRESSURE: usize = 64;

/// Weight of a new measurement in the moving average; the rest is the previous value.
const NEW_SHARE: f64 = 0.2;

/// Queue limit of bulk requests, whatever they weigh.
const BULK_REQUESTS_MAX: usize = 16;

/// Queue limit of housekeeping, in weight.
const HOUSEKEEPING_MAX: usize = 4_000;

/// The queued requests of one class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Depth {
    pub(crate) requests: usize,
    pub(crate) weight: usize,
}

/// Decides what may join the queue.
#[derive(Debug)]
pub(crate) struct Admission {
    /// Queue limit of single writes, in weight. It bounds memory.
    queue_max: usize,
    bulk_queue_max: usize,
    wait_max: Duration,
    writers: usize,
    /// Weight per second of all writers together, once it has been measured.
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

    /// Whether the class has room for one more request behind what it has queued.
    pub(crate) fn admits(&self, class: WorkClass, waiting: Depth) -> bool {
        let is_below = waiting.weight < self.limit(class);
        is_below || class == WorkClass::Bulk && waiting.requests < BULK_REQUESTS_MAX
    }

    /// The current queue limit of the class, in weight.
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
        // The cast saturates, and the value is never negative.
        let soon = (rate * self.wait_max.as_secs_f64()) as usize;
        soon.max(FLOOR).min(self.queue_max)
    }

    /// Records that a writer executed a batch of this weight while `singles_waiting` single writes
    /// were queued behind it.
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
