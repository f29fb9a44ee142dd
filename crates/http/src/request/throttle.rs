//! Logs frequent events at most once a second.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const PAUSE: Duration = Duration::from_secs(1);

/// Counts the events between two lines of the log.
pub(crate) struct Throttle(Mutex<State>);

struct State {
    unlogged: u64,
    logged_at: Option<Instant>,
}

impl Throttle {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(State {
            unlogged: 0,
            logged_at: None,
        }))
    }

    /// Counts one event. If it is time for a line, returns how many there were since the last one.
    pub(crate) fn count(&self, now: Instant) -> Option<u64> {
        // The two numbers are consistent after every statement, so a panic of another thread is
        // harmless.
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.unlogged += 1;
        let logged_lately = |at: Instant| now.saturating_duration_since(at) < PAUSE;
        if state.logged_at.is_some_and(logged_lately) {
            return None;
        }
        state.logged_at = Some(now);
        Some(std::mem::take(&mut state.unlogged))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_event_is_logged_at_once_and_the_others_once_a_second() {
        let throttle = Throttle::new();
        let begun = Instant::now();
        let count_at = |ms| throttle.count(begun + Duration::from_millis(ms));
        let logged: Vec<_> = [0, 1, 500, 999, 1000, 1001, 7000].map(count_at).into();
        let expected = [Some(1), None, None, None, Some(4), None, Some(2)];
        assert_eq!(logged, expected);
    }
}
