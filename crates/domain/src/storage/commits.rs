//! The number of commits and their total time: the cost of the disk, apart from the rest of a
//! batch.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// All commits of a store since it was opened.
#[derive(Debug, Default)]
pub struct Commits {
    count: AtomicU64,
    nanos: AtomicU64,
}

impl Commits {
    /// Runs the statement that commits, and counts it. `clock` is read before and after it.
    pub fn timed<T>(&self, clock: impl Fn() -> Instant, commit: impl FnOnce() -> T) -> T {
        let begun = clock();
        let result = commit();
        let time = clock().duration_since(begun);
        // 64 bits of nanoseconds are five centuries.
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.nanos.fetch_add(nanos, Ordering::Relaxed);
        self.count.fetch_add(1, Ordering::Relaxed);
        result
    }

    /// The number of commits and their total time.
    #[must_use]
    pub fn so_far(&self) -> (u64, Duration) {
        let nanos = self.nanos.load(Ordering::Relaxed);
        let count = self.count.load(Ordering::Relaxed);
        (count, Duration::from_nanos(nanos))
    }
}
