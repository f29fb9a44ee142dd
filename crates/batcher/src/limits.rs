//! How much is queued and how much is executed at once. All limits are in weight: the number of
//! transfers that commands may write ([`Command::weight`](wallet_domain::Command::weight)).

use std::time::Duration;

/// The largest batch size that can be set. With a batch of this size, a store binds a constant
/// number of parameters to its statements, or stays below its database's limit. The contract suite
/// of the domain runs one.
pub const BATCH_MAX: usize = 4_000;

/// The limits of a [`Batcher`](crate::Batcher). Values outside the given ranges are clamped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Queue limit of single writes; at least 1. Requests beyond it get `Overloaded` immediately.
    pub queue_max: usize,
    /// Approximately the longest wait of a single write. Requests beyond what the writers finish in
    /// that time get `Overloaded` as well. A weight of 256 is always admitted.
    pub wait_max: Duration,
    /// Queue limit of bulk; at least 1. 16 requests are always admitted.
    pub bulk_queue_max: usize,
    /// The weight of one transaction, 1 to [`BATCH_MAX`]. A unit is never cut: one that weighs more
    /// than the share of its class is still executed in one transaction, which grows by that
    /// weight.
    pub batch_max: usize,
    /// The weight of bulk that joins one transaction while single writes come in, 1 to `batch_max`.
    /// A single write waits for it in the transaction before its own and in its own, unless there
    /// are several writers: half of them stay free for single writes, so that it may be larger.
    pub slice_max: usize,
    /// Writer threads, at least 1. More than one helps only with a store that can commit several
    /// transactions at the same time.
    pub writers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self::new(1)
    }
}

impl Limits {
    /// The default limits for this number of writer threads.
    #[must_use]
    pub fn new(writers: usize) -> Self {
        Self {
            queue_max: 4_096,
            wait_max: Duration::from_millis(100),
            bulk_queue_max: 16_000,
            batch_max: 2_000,
            slice_max: 8 * writers.clamp(1, 2),
            writers,
        }
    }

    /// Clamps each limit to its range.
    pub(crate) fn clamped(self) -> Self {
        let batch_max = self.batch_max.clamp(1, BATCH_MAX);
        Self {
            queue_max: self.queue_max.max(1),
            wait_max: self.wait_max,
            bulk_queue_max: self.bulk_queue_max.max(1),
            batch_max,
            slice_max: self.slice_max.clamp(1, batch_max),
            writers: self.writers.max(1),
        }
    }
}
