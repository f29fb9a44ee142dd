//! The results of a caller's units, from one transaction or several, and the one answer to it.

use wallet_domain::{Outcome, StoreError, SubmitError, Unit};

/// The answer to a caller: the outcomes of its units.
pub(crate) type Answer = Result<Vec<Outcome>, SubmitError>;

/// The results of some units of one caller.
#[derive(Debug, Default)]
pub(crate) struct Settlement {
    outcomes: Vec<Outcome>,
    /// Whether any of them was written now.
    any_written: bool,
    /// Whether any of them is recorded, now or earlier.
    any_recorded: bool,
    /// The worst failure.
    failure: Option<StoreError>,
}

impl Settlement {
    /// All of these units failed with the same error.
    pub(crate) fn from_error(error: StoreError) -> Self {
        Self {
            failure: Some(error),
            ..Self::default()
        }
    }

    /// Adds the next unit, whose transaction is committed.
    pub(crate) fn push(&mut self, unit: &Unit, outcomes: impl Iterator<Item = Outcome>) {
        let first = self.outcomes.len();
        self.outcomes.extend(outcomes);
        let unit_outcomes = &self.outcomes[first..];
        assert_eq!(
            unit_outcomes.len(),
            unit.commands.len(),
            "a store lost outcomes"
        );
        if unit.dry_run {
            return;
        }
        let is_written = |outcome: &Outcome| matches!(outcome, Outcome::Created(_));
        let is_recorded =
            |outcome: &Outcome| matches!(outcome, Outcome::Created(_) | Outcome::Exists(_));
        self.any_written |= unit_outcomes.iter().any(is_written);
        self.any_recorded |= unit_outcomes.iter().any(is_recorded);
    }

    /// Adds the results of the next units.
    pub(crate) fn merge(&mut self, next: Self) {
        self.outcomes.extend(next.outcomes);
        self.any_written |= next.any_written;
        self.any_recorded |= next.any_recorded;
        let rank_of = |failure: &Option<StoreError>| failure.as_ref().map(rank);
        if rank_of(&next.failure) > rank_of(&self.failure) {
            self.failure = next.failure;
        }
    }

    /// Whether the store can execute the following units. A unit that failed by its own fault does
    /// not prevent them.
    pub(crate) fn store_is_usable(&self) -> bool {
        match self.failure {
            None | Some(StoreError::Refused(_) | StoreError::Contended(_)) => true,
            Some(
                StoreError::Unavailable(_) | StoreError::TooSlow(_) | StoreError::OutcomeUnknown(_),
            ) => false,
        }
    }

    /// The one answer for all units of the caller: the outcomes, or the worst failure. "Nothing was
    /// written, retry" would mislead if other units are recorded. A refusal does not say so, and
    /// every retry gets it again; so only units written now turn it into an unknown outcome.
    pub(crate) fn into_answer(self) -> Answer {
        let Some(failure) = self.failure else {
            return Ok(self.outcomes);
        };
        let error = match failure {
            StoreError::Unavailable(cause) | StoreError::Contended(cause) if self.any_recorded => {
                StoreError::OutcomeUnknown(cause)
            }
            StoreError::Refused(cause) if self.any_written => StoreError::OutcomeUnknown(cause),
            failure => failure,
        };
        Err(error.into())
    }
}

/// Failures that a retry can change rank above those that it cannot: a caller that learns that a
/// unit was refused does not send the others again.
fn rank(failure: &StoreError) -> u8 {
    match failure {
        StoreError::Refused(_) => 0,
        StoreError::Unavailable(_) | StoreError::TooSlow(_) => 1,
        StoreError::Contended(_) => 2,
        StoreError::OutcomeUnknown(_) => 3,
    }
}

#[cfg(test)]
pub(crate) mod testing {
    //! Outcomes for tests.

    use wallet_domain::{Currency, Outcome, Recorded};

    /// A command that was recorded now.
    pub(crate) fn created() -> Outcome {
        let code = "USD".parse().unwrap();
        Outcome::Created(Recorded::Currency(Currency { code, precision: 2 }))
    }
}

#[cfg(test)]
mod tests {
    //! The answer to a caller whose units did not all end in the same way.

    use std::sync::Arc;

    use wallet_domain::testing::fixtures::open;
    use wallet_domain::{StoreCause, SubmitError};

    use super::testing::created;
    use super::*;

    fn cause() -> StoreCause {
        Arc::new(std::io::Error::other("as ordered by the test"))
    }

    /// The error that a caller gets if one unit ended with `outcome` and another with `failure`.
    fn error_of(outcome: Outcome, failure: StoreError) -> StoreError {
        let mut settlement = Settlement::default();
        settlement.push(&open(1, "USD").into(), std::iter::once(outcome));
        settlement.merge(Settlement::from_error(failure));
        match settlement.into_answer() {
            Err(SubmitError::Store(error)) => error,
            answer => panic!("{answer:?}"),
        }
    }

    fn exists() -> Outcome {
        match created() {
            Outcome::Created(recorded) => Outcome::Exists(recorded),
            outcome => outcome,
        }
    }

    #[test]
    fn a_failure_next_to_recorded_units_makes_the_outcome_unknown() {
        for failure in [StoreError::Contended, StoreError::Unavailable] {
            for recorded in [created(), exists()] {
                let error = error_of(recorded, failure(cause()));
                assert!(matches!(error, StoreError::OutcomeUnknown(_)), "{error:?}");
            }
            let alone = error_of(Outcome::NotApplied, failure(cause()));
            assert_eq!(alone.to_string(), failure(cause()).to_string());
        }
    }

    #[test]
    fn a_refusal_is_unknown_once_and_the_same_at_each_retry() {
        let first = error_of(created(), StoreError::Refused(cause()));
        assert!(matches!(first, StoreError::OutcomeUnknown(_)), "{first:?}");
        let again = error_of(exists(), StoreError::Refused(cause()));
        assert!(matches!(again, StoreError::Refused(_)), "{again:?}");
    }
}
