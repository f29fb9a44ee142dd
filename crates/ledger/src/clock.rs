//! The clock of the ledger: one for all replicas, and steady.
//!
//! What is decided by time (expiry, windows, keys) must not depend on which replica decides it, nor
//! on one wrong moment of a machine. So this clock counts on with the machine's monotonic time and
//! is compared with a *reference*: on PostgreSQL the clock of the server, which all replicas have
//! in common, and on SQLite, where there is one process, the machine's own. A difference up to
//! [`STEP`] is taken over at once. A larger one is taken over when a second comparison, a second
//! later, confirms it: a clock that is wrong for a moment is not followed. The
//! [follower](follower::Follower) compares in the background, never while a batch is decided.
//!
//! A process has one clock. If it opens several ledgers, the last one sets it.

mod follower;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use wallet_domain::{StoreError, Timestamp};

pub(crate) use follower::Follower;

use crate::monitor::StoreMonitor;

/// The largest difference that is taken over without a second comparison, in microseconds. A larger
/// one of the machine's own clock is reported as wrong.
const STEP: i64 = 1_000_000;

static CLOCK: LazyLock<Clock> = LazyLock::new(|| Clock {
    started: Instant::now(),
    start: AtomicI64::new(machine().as_micros()),
});

struct Clock {
    /// The monotonic time at which this clock stood at `start`.
    started: Instant,
    /// Microseconds since 1970; every correction moves it.
    start: AtomicI64,
}

/// Now, by the clock of the ledger that this process opened last; until one is open, by the clock
/// of the machine. It does not jump when the machine's clock does.
#[must_use]
pub fn now() -> Timestamp {
    let elapsed = CLOCK.started.elapsed().as_micros();
    let start = Timestamp::from_micros(CLOCK.start.load(Ordering::Relaxed));
    start.plus_micros(i64::try_from(elapsed).unwrap_or(i64::MAX))
}

/// Now, by the clock of this machine; one that stands before 1970 counts as 1970.
fn machine() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let micros = since.unwrap_or_default().as_micros();
    Timestamp::from_micros(i64::try_from(micros).unwrap_or(i64::MAX)).plus_micros(test_shift())
}

/// How far tests have the clock of this machine wrong, in microseconds. A release has no such
/// switch.
#[cfg(debug_assertions)]
fn test_shift() -> i64 {
    static SHIFT: LazyLock<i64> = LazyLock::new(|| {
        let seconds = std::env::var("LEDGER_TEST_CLOCK_SHIFT_SECONDS").ok();
        let seconds = seconds.and_then(|text| text.parse::<i64>().ok());
        seconds.unwrap_or_default().saturating_mul(1_000_000)
    });
    *SHIFT
}

#[cfg(not(debug_assertions))]
const fn test_shift() -> i64 {
    0
}

/// How far the clock of this machine is ahead of the [clock of the ledger](now), in microseconds;
/// negative if it is behind.
#[must_use]
pub fn machine_is_ahead() -> i64 {
    machine().as_micros().saturating_sub(now().as_micros())
}

/// Sets the clock by the reference, for the first time: nothing is known that a large difference
/// could contradict.
///
/// # Errors
/// The store cannot be asked.
pub(crate) fn set(store: &dyn StoreMonitor) -> Result<(), StoreError> {
    if let Some(behind) = behind(store)? {
        advance(behind);
    }
    Ok(())
}

/// How far the clock of the ledger is behind the reference; `None` if the answer took too long to
/// tell.
fn behind(store: &dyn StoreMonitor) -> Result<Option<i64>, StoreError> {
    if store.has_server() {
        return store.server_is_ahead(now);
    }
    Ok(Some(machine_is_ahead()))
}

fn advance(micros: i64) {
    CLOCK.start.fetch_add(micros, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_clock_goes_forward_with_monotonic_time() {
        let before = now();
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(2) {
            std::hint::spin_loop();
        }
        assert!(now() > before.plus_micros(1_999));
    }
}
