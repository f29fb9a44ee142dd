//! Retries: how long to wait before the next attempt, and when to give up. The decision is a
//! function of its arguments; clock and random numbers are the caller's.

use std::time::Duration;

/// How often, and for how long, a request is retried.
///
/// The client retries a request that ends with `service_unavailable`, `outcome_unknown` or 429,
/// that arrived too slowly (408), with an answer of a gateway (502, 503, 504), or without a
/// complete answer. Each attempt has the same id, so a write is applied once.
///
/// The wait doubles after each attempt. A random part of up to half of it is left out, so that
/// clients do not all retry at the same time. A `Retry-After` is added to it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// The most attempts, the first one included.
    pub attempts_max: u32,
    /// The most time for all attempts and the waits between them.
    pub time_max: Duration,
    /// The longest wait before the second attempt.
    pub wait_first: Duration,
    /// The longest wait before any attempt, without a `Retry-After`.
    pub wait_max: Duration,
}

/// At most 10 attempts within a minute. The first wait is up to 100 ms, and no wait is longer than
/// 5 s, plus a `Retry-After`.
impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts_max: 10,
            time_max: Duration::from_secs(60),
            wait_first: Duration::from_millis(100),
            wait_max: Duration::from_secs(5),
        }
    }
}

impl RetryPolicy {
    /// How long to wait after `made` attempts, `elapsed` after the first one began; `None` to give
    /// up. `random` must be uniformly distributed.
    pub(crate) fn wait(
        &self,
        made: u32,
        elapsed: Duration,
        retry_after: Option<Duration>,
        random: u32,
    ) -> Option<Duration> {
        if made >= self.attempts_max {
            return None;
        }
        let doublings = made.saturating_sub(1).min(31);
        let longest = self.wait_first.saturating_mul(1 << doublings);
        let half = longest.min(self.wait_max) / 2;
        let by_chance = half.as_nanos() * u128::from(random) / u128::from(u32::MAX);
        let by_chance = u64::try_from(by_chance).unwrap_or(u64::MAX);
        let wait = half.saturating_add(Duration::from_nanos(by_chance));
        let wait = wait.saturating_add(retry_after.unwrap_or_default());
        // An attempt that begins at the end of the time could not be answered within it.
        (elapsed.saturating_add(wait) < self.time_max).then_some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::ZERO;

    fn millis(wait: Option<Duration>) -> Option<u128> {
        wait.map(|wait| wait.as_millis())
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let policy = RetryPolicy::default();
        let longest = |made| millis(policy.wait(made, NOW, None, u32::MAX));
        let longest: Vec<_> = (1..=10).map(longest).collect();
        let expected = [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000];
        assert_eq!(longest[..9], expected.map(Some));
        assert_eq!(longest[9], None);
    }

    #[test]
    fn a_wait_is_at_least_half_of_the_longest() {
        let policy = RetryPolicy::default();
        assert_eq!(millis(policy.wait(3, NOW, None, 0)), Some(200));
        let between = policy.wait(3, NOW, None, u32::MAX / 2);
        assert_eq!(between.map(|wait| wait.as_millis()), Some(299));
    }

    #[test]
    fn retry_after_is_the_least_wait() {
        let policy = RetryPolicy::default();
        let after = Some(Duration::from_secs(7));
        assert_eq!(millis(policy.wait(1, NOW, after, 0)), Some(7_050));
        assert_eq!(millis(policy.wait(9, NOW, after, u32::MAX)), Some(12_000));
    }

    #[test]
    fn nothing_is_waited_for_that_comes_too_late() {
        let policy = RetryPolicy::default();
        let almost = Duration::from_millis(59_890);
        assert!(policy.wait(1, almost, None, u32::MAX).is_some());
        let after = Some(Duration::from_millis(11));
        assert_eq!(policy.wait(1, almost, after, u32::MAX), None);
        let for_ever = Some(Duration::MAX);
        assert_eq!(policy.wait(1, NOW, for_ever, 0), None);
    }

    #[test]
    fn extreme_policies_do_not_overflow() {
        let policy = RetryPolicy {
            attempts_max: u32::MAX,
            time_max: Duration::MAX,
            wait_first: Duration::MAX,
            wait_max: Duration::MAX,
        };
        assert!(policy.wait(u32::MAX - 1, NOW, None, u32::MAX).is_some());
    }
}
