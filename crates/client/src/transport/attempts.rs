//! The attempts of one call: how many were made, and what is known of them.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::errors::error::Error;
use crate::transport::attempt::Failure;
use crate::transport::options::ClientOptions;

/// The attempts of one call so far.
pub(crate) struct Attempts<'o> {
    options: &'o ClientOptions,
    /// Whether the call is a write.
    writes: bool,
    started: Instant,
    /// How many failed.
    failed: u32,
    may_have_been_applied: bool,
}

impl<'o> Attempts<'o> {
    pub(crate) fn new(options: &'o ClientOptions, writes: bool) -> Self {
        Self {
            options,
            writes,
            started: Instant::now(),
            failed: 0,
            may_have_been_applied: false,
        }
    }

    /// The time limit of the next attempt.
    pub(crate) fn timeout(&self) -> Duration {
        let left = self.options.retry.time_max;
        let left = left.saturating_sub(self.started.elapsed());
        left.min(self.options.attempt_timeout)
    }

    /// The number of the current attempt, counted from 1.
    pub(crate) fn number(&self) -> u32 {
        self.failed.saturating_add(1)
    }

    /// Records a failed attempt, and waits until the next one is due.
    ///
    /// # Errors
    /// The error of the call, if it must not be attempted again.
    pub(crate) async fn failed(&mut self, failure: Failure) -> Result<(), Error> {
        self.failed = self.number();
        self.may_have_been_applied |= self.writes && failure.is_unknown;
        let again = failure.is_temporary.then(|| {
            let (elapsed, random) = (self.started.elapsed(), fastrand::u32(..));
            let policy = &self.options.retry;
            policy.wait(self.failed, elapsed, failure.retry_after, random)
        });
        match again.flatten() {
            Some(wait) => {
                sleep(wait).await;
                Ok(())
            }
            None => Err(Error::new(
                failure.cause,
                self.failed,
                self.may_have_been_applied,
            )),
        }
    }
}
