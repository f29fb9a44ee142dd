//! What became of a caller's units, in one transaction or in several, and the one answer to it.

use wallet_domain::{Outcome, StoreError, Unit};

use crate::ticket::Answer;

/// What became of some units of one caller.
#[derive(Debug, Default)]
pub(crate) struct Settlement {
    outcomes: Vec<Outcome>,
    /// Whether any of them was written now. What was there before is not: "nothing was written" is
    /// true beside it, at each repetition.
    any_written: bool,
    /// The worst one.
    failure: Option<StoreError>,
}

impl Settlement {
    /// All of these units failed in the same way.
    pub(crate) fn of_failure(error: StoreError) -> Self {
        Self {
            failure: Some(error),
            ..Self::default()
        }
    }

    /// The next unit was executed, and its transaction is committed.
    pub(crate) fn push(&mut self, unit: &Unit, outcomes: impl Iterator<Item = Outcome>) {
        let first = self.outcomes.len();
        self.outcomes.extend(outcomes);
        let of_unit = &self.outcomes[first..];
        assert_eq!(of_unit.len(), unit.commands.len(), "a store lost outcomes");
        let is_written = |outcome: &Outcome| matches!(outcome, Outcome::Created(_));
        self.any_written |= !unit.dry_run && of_unit.iter().any(is_written);
    }

    /// The next units were settled in this way.
    pub(crate) fn join(&mut self, next: Self) {
        self.outcomes.extend(next.outcomes);
        self.any_written |= next.any_written;
        let rank_of = |failure: &Option<StoreError>| failure.as_ref().map(rank);
        if rank_of(&next.failure) > rank_of(&self.failure) {
            self.failure = next.failure;
        }
    }

    /// Whether the store is well enough for the units that follow: a unit that failed by its own
    /// fault leaves them possible.
    pub(crate) fn goes_on(&self) -> bool {
        match self.failure {
            None | Some(StoreError::Refused(_) | StoreError::Contended(_)) => true,
            Some(
                StoreError::Unavailable(_) | StoreError::TooSlow(_) | StoreError::OutcomeUnknown(_),
            ) => false,
        }
    }

    /// What the caller hears, which is one thing for all its units: the outcomes, or the worst
    /// failure. Where other units were written, "nothing was written" would not be true.
    pub(crate) fn into_answer(self) -> Answer {
        let Some(failure) = self.failure else {
            return Ok(self.outcomes);
        };
        let told = match failure {
            StoreError::Unavailable(cause)
            | StoreError::Contended(cause)
            | StoreError::Refused(cause)
                if self.any_written =>
            {
                StoreError::OutcomeUnknown(cause)
            }
            failure => failure,
        };
        Err(told.into())
    }
}

/// What a repetition can still change comes before what it cannot: a caller who hears that a unit was
/// refused does not send the others again.
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
    //! What tests settle.

    use wallet_domain::{Currency, Outcome, Recorded};

    /// A command that is in the books now.
    pub(crate) fn created() -> Outcome {
        let code = "USD".parse().unwrap();
        Outcome::Created(Recorded::Currency(Currency { code, precision: 2 }))
    }
}

#[cfg(test)]
mod tests {
    //! What a caller hears whose units did not all end in the same way.

    use std::sync::Arc;

    use wallet_domain::testing::fixtures::open;
    use wallet_domain::{StoreCause, SubmitError};

    use super::testing::created;
    use super::*;

    fn cause() -> StoreCause {
        Arc::new(std::io::Error::other("as ordered by the test"))
    }

    /// What a caller hears of a unit that ended so, beside one that failed.
    fn told(outcome: Outcome, failure: StoreError) -> StoreError {
        let mut settlement = Settlement::default();
        settlement.push(&open(1, "USD").into(), std::iter::once(outcome));
        settlement.join(Settlement::of_failure(failure));
        match settlement.into_answer() {
            Err(SubmitError::Store(error)) => error,
            answer => panic!("{answer:?}"),
        }
    }

    #[test]
    fn what_was_there_before_does_not_make_a_failure_unknown_and_what_was_written_does() {
        let exists = || match created() {
            Outcome::Created(recorded) => Outcome::Exists(recorded),
            outcome => outcome,
        };
        for failure in [
            StoreError::Refused,
            StoreError::Contended,
            StoreError::Unavailable,
        ] {
            let failure = || failure(cause());
            let told_beside = |outcome| told(outcome, failure()).to_string();
            assert_eq!(told_beside(exists()), failure().to_string());
            assert_eq!(told_beside(Outcome::NotCarriedOut), failure().to_string());
            let unknown = StoreError::OutcomeUnknown(cause()).to_string();
            assert_eq!(told_beside(created()), unknown);
        }
        let unknown = told(exists(), StoreError::OutcomeUnknown(cause()));
        assert!(matches!(unknown, StoreError::OutcomeUnknown(_)));
    }
}
