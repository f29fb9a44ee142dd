//! The clock of the ledger: one for all replicas, and steady.
//!
//! What is decided by time (expiry, windows, keys) must not depend on which replica decides it, nor
//! on one wrong moment of a machine. So this clock counts on with the machine's monotonic time and
//! is compared with a *reference*: on PostgreSQL the clock of the server, which all replicas have
//! in common, and on SQLite, where there is one process, the machine's own. A difference up to
//! [`STEP`] is taken over at once. A larger one is taken over when a second comparison, a second
//! later, confirms it: a clock that is wrong for a moment is not followed. It is compared in the
//! background, never while a batch is decided.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock, Weak};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::task::spawn_blocking;
use tokio::time::sleep;
use wallet_domain::{Causes, StoreError, Timestamp};

use crate::metrics::Watched;
use crate::signals::Stop;

/// The largest difference that is taken over without a second comparison, in microseconds; and from
/// which on the machine's own clock is reported as wrong.
const STEP: i64 = 1_000_000;

/// The time from one comparison to the next.
const PERIOD: Duration = Duration::from_secs(15);

/// The time until a large difference is confirmed.
const CONFIRMATION: Duration = Duration::from_secs(1);

static CLOCK: LazyLock<Clock> = LazyLock::new(|| Clock {
    started: Instant::now(),
    start: AtomicI64::new(machine().as_micros()),
});

struct Clock {
    /// The monotonic time at which this clock stood at `start`.
    started: Instant,
    /// Microseconds since 1970; moved by every correction.
    start: AtomicI64,
}

/// Now, by the clock of the ledger.
pub(crate) fn now() -> Timestamp {
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

/// How far tests have the clock of this machine wrong, in microseconds. There is no such thing in a
/// release.
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

/// How far the clock of this machine is ahead of the clock of the ledger, in microseconds.
pub(crate) fn machine_is_ahead() -> i64 {
    machine().as_micros().saturating_sub(now().as_micros())
}

/// Sets the clock by the reference, for the first time: nothing is known that a large difference
/// could contradict.
///
/// # Errors
/// Where the store cannot be asked.
pub(crate) fn set(watched: &dyn Watched) -> Result<(), StoreError> {
    if let Some(behind) = behind(watched)? {
        advance(behind);
    }
    Ok(())
}

/// How far the clock of the ledger is behind the reference; `None` where the answer took too long
/// to tell.
fn behind(watched: &dyn Watched) -> Result<Option<i64>, StoreError> {
    if watched.has_server() {
        return watched.server_is_ahead(now);
    }
    Ok(Some(machine_is_ahead()))
}

fn advance(micros: i64) {
    CLOCK.start.fetch_add(micros, Ordering::Relaxed);
}

/// Keeps the clock right until the service stops.
pub(crate) struct Follower {
    /// Weak, so that the store is closed when the service ends.
    watched: Weak<dyn Watched>,
    corrections: Corrections,
    comparisons: Comparisons,
    is_machine_wrong: bool,
}

impl Follower {
    pub(crate) fn new(watched: &Arc<dyn Watched>) -> Self {
        Self {
            watched: Arc::downgrade(watched),
            corrections: Corrections::default(),
            comparisons: Comparisons::default(),
            is_machine_wrong: false,
        }
    }

    /// Compares at once, and until the service is asked to stop.
    pub(crate) async fn run(mut self, mut stop: Stop) {
        loop {
            let watched = self.watched.clone();
            let compared = spawn_blocking(move || watched.upgrade().map(|it| behind(&*it)));
            // There is no store any more when the service ends.
            if let Ok(Some(compared)) = compared.await {
                if let Ok(Some(behind)) = compared {
                    advance(self.corrections.next(behind));
                }
                self.comparisons.report(&compared);
            }
            self.report();
            let pause = match self.corrections.unconfirmed {
                Some(_) => CONFIRMATION,
                None => PERIOD,
            };
            tokio::select! {
                biased;
                () = stop.asked() => return,
                () = sleep(pause) => {}
            }
        }
    }

    /// Logs a machine whose clock is wrong once, and once that it is right again.
    fn report(&mut self) {
        let ahead = machine_is_ahead();
        let is_wrong = ahead.unsigned_abs() > STEP.unsigned_abs();
        if is_wrong != self.is_machine_wrong {
            self.is_machine_wrong = is_wrong;
            let seconds = ahead as f64 / 1e6;
            match is_wrong {
                true => tracing::warn!(
                    seconds_ahead = seconds,
                    "this machine's clock differs from the ledger's; the ledger's is used, but logs \
                     and the tokens of identity providers go by this machine's: set it, or set the \
                     database server's if all replicas say this"
                ),
                false => tracing::info!("the clock of this machine agrees with the ledger's again"),
            }
        }
    }
}

/// Whether the clock can be compared with the reference.
#[derive(Default)]
struct Comparisons {
    are_failing: bool,
}

/// How the state of the comparisons has changed.
#[derive(Debug, PartialEq, Eq)]
enum Transition {
    Failed,
    Recovered,
}

impl Comparisons {
    fn next(&mut self, failed: bool) -> Option<Transition> {
        match (std::mem::replace(&mut self.are_failing, failed), failed) {
            (false, true) => Some(Transition::Failed),
            (true, false) => Some(Transition::Recovered),
            _ => None,
        }
    }

    /// Logs once that comparisons fail, and once that they work again.
    fn report(&mut self, compared: &Result<Option<i64>, StoreError>) {
        let cause = match compared {
            Ok(Some(_)) => String::new(),
            Ok(None) => "the database took too long to answer".to_owned(),
            Err(error) => Causes(error).to_string(),
        };
        match self.next(!matches!(compared, Ok(Some(_)))) {
            Some(Transition::Failed) => tracing::warn!(
                cause,
                "the database's clock cannot be read; until it can, the ledger's clock counts on \
                 with this machine's, and may drift from the clocks of other replicas"
            ),
            Some(Transition::Recovered) => {
                tracing::info!("the database's clock can be read again");
            }
            None => {}
        }
    }
}

/// Which differences are taken over.
#[derive(Default)]
struct Corrections {
    /// A large difference that was seen once.
    unconfirmed: Option<i64>,
}

impl Corrections {
    /// By how much to advance the clock, where it was found to be so far behind.
    fn next(&mut self, behind: i64) -> i64 {
        let is_small = |difference: i64| difference.unsigned_abs() <= STEP.unsigned_abs();
        let before = self.unconfirmed.take();
        let is_confirmed = before.is_some_and(|before| is_small(behind.saturating_sub(before)));
        if is_small(behind) || is_confirmed {
            return behind;
        }
        self.unconfirmed = Some(behind);
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is taken over of these differences, one after the other.
    fn taken(differences: &[i64]) -> Vec<i64> {
        let mut corrections = Corrections::default();
        let each = differences.iter();
        each.map(|behind| corrections.next(*behind)).collect()
    }

    #[test]
    fn small_differences_are_taken_over_at_once() {
        assert_eq!(taken(&[3, -900_000, 1_000_000]), [3, -900_000, 1_000_000]);
    }

    #[test]
    fn a_clock_that_is_wrong_once_is_not_followed_and_one_that_stays_so_is() {
        let hour = 3_600_000_000;
        assert_eq!(taken(&[hour, 5, 0]), [0, 5, 0]);
        assert_eq!(taken(&[hour, hour + 7]), [0, hour + 7]);
        assert_eq!(taken(&[-hour, -hour, 2]), [0, -hour, 2]);
        assert_eq!(taken(&[hour, -hour, 1, hour]), [0, 0, 1, 0]);
    }

    #[test]
    fn comparisons_that_fail_are_told_once_and_once_that_they_work_again() {
        let mut comparisons = Comparisons::default();
        let told = [false, true, true, false, false, true].map(|failed| comparisons.next(failed));
        let (lost, back) = (Some(Transition::Failed), Some(Transition::Recovered));
        assert_eq!(
            told,
            [None, lost, None, back, None, Some(Transition::Failed)]
        );
    }

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
