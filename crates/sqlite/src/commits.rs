//! The number of commits and their total time: the cost of the disk, apart from the rest of a
//! batch.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// All commits of a store since it was opened.
#[derive(Default)]
pub(crate) struct Commits {
    count: AtomicU64,
    nanos: AtomicU64,
}

impl Commits {
    /// Runs the statement that commits.
    pub(crate) fn timed<T>(&self, commit: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let result = commit();
        // 64 bits of nanoseconds are five centuries.
        let nanos = u64::try_from(begun.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.nanos.fetch_add(nanos, Ordering::Relaxed);
        self.count.fetch_add(1, Ordering::Relaxed);
        result
    }

    /// The number of commits and their total time.
    pub(crate) fn so_far(&self) -> (u64, Duration) {
        let nanos = self.nanos.load(Ordering::Relaxed);
        let count = self.count.load(Ordering::Relaxed);
        (count, Duration::from_nanos(nanos))
    }
}
