//! Patience with a server that does not answer: it may be starting.
//!
//! Anything else, for example a wrong password or a missing migration, stays wrong until an
//! operator changes it, so it is reported at once.

use std::thread::sleep;

use wallet_domain::Causes;
use wallet_postgres::ConnectError;

use crate::error::OpenError;
use crate::{PostgresUrl, Retry};

/// Tries until the server answers or the attempts are used up. Blocks.
///
/// # Errors
/// At once if another attempt cannot help; else after the last attempt.
pub(crate) fn retried<T>(
    url: &PostgresUrl,
    retry: Retry,
    attempt: impl FnMut() -> Result<T, ConnectError>,
) -> Result<T, OpenError> {
    let (ended, attempts) = repeat(
        retry,
        attempt,
        ConnectError::is_retryable,
        |number, error| {
            let Retry { attempts, pause } = retry;
            let error = Causes(error);
            tracing::warn!("attempt {number} of {attempts}, the next in {pause:?}: {error}");
            sleep(pause);
        },
    );
    ended.map_err(|error| match error {
        source if source.is_retryable() => OpenError::Unreachable {
            url: url.clone(),
            attempts,
            source,
        },
        error => error.into(),
    })
}

/// Tries, and calls `between` after each failure that is worth another attempt. Returns the last
/// answer and the number of attempts.
fn repeat<T, E>(
    retry: Retry,
    mut attempt: impl FnMut() -> Result<T, E>,
    is_retryable: impl Fn(&E) -> bool,
    mut between: impl FnMut(u32, &E),
) -> (Result<T, E>, u32) {
    let mut number = 1;
    loop {
        match attempt() {
            Err(error) if number < retry.attempts && is_retryable(&error) => {
                between(number, &error);
            }
            ended => return (ended, number),
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// A database that gives these answers in turn: the last one, the attempts, and after which of
    /// them there was a pause.
    fn run(
        attempts: u32,
        answers: &[Result<&'static str, &'static str>],
    ) -> (Result<&'static str, &'static str>, u32, Vec<u32>) {
        let pause = Duration::from_secs(2);
        let mut left = answers.iter();
        let mut pauses = Vec::new();
        let (ended, number) = repeat(
            Retry::new(attempts, pause),
            || *left.next().expect("no more attempts than answers"),
            |error| *error == "refused",
            |number, _| pauses.push(number),
        );
        assert!(left.next().is_none(), "an attempt is missing");
        (ended, number, pauses)
    }

    #[test]
    fn a_database_that_comes_up_late_is_waited_for() {
        let ended = run(3, &[Err("refused"), Err("refused"), Ok("store")]);
        assert_eq!(ended, (Ok("store"), 3, vec![1, 2]));
    }

    #[test]
    fn the_count_is_that_of_attempts_and_there_is_no_pause_after_the_last() {
        let ended = run(2, &[Err("refused"), Err("refused")]);
        assert_eq!(ended, (Err("refused"), 2, vec![1]));
    }

    #[test]
    fn a_count_of_0_or_1_is_one_attempt() {
        for count in [0, 1] {
            assert_eq!(run(count, &[Err("refused")]), (Err("refused"), 1, vec![]));
        }
    }

    #[test]
    fn what_waiting_does_not_cure_is_not_repeated() {
        let ended = run(10, &[Err("refused"), Err("outdated schema")]);
        assert_eq!(ended, (Err("outdated schema"), 2, vec![1]));
    }
}
