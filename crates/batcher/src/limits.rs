//! How much may wait and how much is done at once. All of it is weight: the number of transfers
//! that commands may write ([`Command::weight`](wallet_domain::Command::weight)).

use std::time::Duration;

/// The largest batch that can be set. A store binds its statements' values as a constant number of
/// parameters or stays below its database's limit with a batch of this size; the contract suite of
/// the domain runs one.
pub const BATCH_MAX: usize = 4_000;

/// The limits of a [`Batcher`](crate::Batcher). Values outside the ranges given are brought into
/// them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Single writes that may wait; at least 1. More are answered with `Overloaded` at once.
    pub queue_max: usize,
    /// How long a single write may have to wait, about: with more than the writers finish in that
    /// time, what comes is answered with `Overloaded`, too. 256 may wait in any case.
    pub wait_max: Duration,
    /// Bulk that may wait; at least 1. 16 requests may wait in any case.
    pub bulk_queue_max: usize,
    /// What one transaction holds, 1 to [`BATCH_MAX`]. A unit is never cut: one that weighs more
    /// than its class may have is in one transaction all the same, which is longer by its weight.
    pub batch_max: usize,
    /// Bulk that joins one transaction while single writes come in, 1 to `batch_max`: what a single
    /// write waits for, in the transaction before its own and in its own.
    pub slice_max: usize,
    /// Threads that write, at least 1. More than one helps only a store that can commit several
    /// transactions at the same time.
    pub writers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            queue_max: 4_096,
            wait_max: Duration::from_millis(100),
            bulk_queue_max: 16_000,
            batch_max: 2_000,
            slice_max: 16,
            writers: 1,
        }
    }
}

impl Limits {
    /// The limits as they are used.
    pub(crate) fn within_ranges(self) -> Self {
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
