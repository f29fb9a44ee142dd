//! How much may wait and how much is done at once.

use std::time::Duration;

/// The largest batch that can be set. A store binds its statements' values as a constant number of
/// parameters or stays below its database's limit with a batch of this size; the contract suite of
/// the domain runs one.
pub const BATCH_MAX: usize = 4_000;

/// The limits of a [`Batcher`](crate::Batcher). Values outside the ranges given are brought into them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Commands that may wait; at least 1. More are answered with `Overloaded` at once.
    pub queue_max: usize,
    /// How long what waits may have to wait, about: with more than the writers carry out in that time, what comes is answered
    /// with `Overloaded`, too. 256 commands may wait in any case.
    pub wait_max: Duration,
    /// Commands in one transaction, 1 to [`BATCH_MAX`].
    pub batch_max: usize,
    /// Threads that write, at least 1. More than one helps only a store that can commit several
    /// transactions at the same time.
    pub writers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            queue_max: 4_096,
            wait_max: Duration::from_millis(100),
            batch_max: 2_000,
            writers: 1,
        }
    }
}

impl Limits {
    /// The limits as they are used.
    pub(crate) fn within_ranges(self) -> Self {
        Self {
            queue_max: self.queue_max.max(1),
            wait_max: self.wait_max,
            batch_max: self.batch_max.clamp(1, BATCH_MAX),
            writers: self.writers.max(1),
        }
    }
}
