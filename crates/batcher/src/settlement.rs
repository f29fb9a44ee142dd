//! What became of a caller's units, in one transaction or in several, and the one answer to it.

use wallet_domain::{Outcome, StoreError, Unit};

use crate::ticket::Answer;

/// What became of some units of one caller.
#[derive(Debug, Default)]
pub(crate) struct Settlement {
    outcomes: Vec<Outcome>,
    /// Whether any of them was written now.
    any_written: bool,
    /// Whether any of them is in the books, since now or before.
    any_recorded: bool,
    /// The worst one.
    failure: Option<StoreError>,
}

impl Settlement {
    /// All of these units failed in the same way.
    pub(crate) fn from_error(error: StoreError) -> Self {
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
        if unit.dry_run {
            return;
        }
        let is_written = |outcome: &Outcome| matches!(outcome, Outcome::Created(_));
        let is_recorded =
            |outcome: &Outcome| matches!(outcome, Outcome::Created(_) | Outcome::Exists(_));
        self.any_written |= of_unit.iter().any(is_written);
        self.any_recorded |= of_unit.iter().any(is_recorded);
    }

    /// The next units were settled in this way.
    pub(crate) fn join(&mut self, next: Self) {
        self.outcomes.extend(next.outcomes);
        self.any_written |= next.any_written;
        self.any_recorded |= next.any_recorded;
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
    /// failure. "Nothing was done, repeat it" would mislead where other units are in the books. A
    /// refusal says neither, and comes again at each repetition: there, only what was written now
    /// makes the outcome unknown.
    pub(crate) fn into_answer(self) -> Answer {
        let Some(failure) = self.failure else {
            return Ok(self.outcomes);
        };
        let told = match failure {
            StoreError::Unavailable(cause) | StoreError::Contended(cause) if self.any_recorded => {
                StoreError::OutcomeUnknown(cause)
            }
            StoreError::Refused(cause) if self.any_written => StoreError::OutcomeUnknown(cause),
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
        settlement.join(Settlement::from_error(failure));
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
    fn nothing_was_done_is_not_said_where_other_units_are_in_the_books() {
        for failure in [StoreError::Contended, StoreError::Unavailable] {
            for in_the_books in [created(), exists()] {
                let told = told(in_the_books, failure(cause()));
                assert!(matches!(told, StoreError::OutcomeUnknown(_)), "{told:?}");
            }
            let alone = told(Outcome::NotCarriedOut, failure(cause()));
            assert_eq!(alone.to_string(), failure(cause()).to_string());
        }
    }

    #[test]
    fn a_refusal_is_unknown_once_and_the_same_at_each_repetition() {
        let first = told(created(), StoreError::Refused(cause()));
        assert!(matches!(first, StoreError::OutcomeUnknown(_)), "{first:?}");
        let again = told(exists(), StoreError::Refused(cause()));
        assert!(matches!(again, StoreError::Refused(_)), "{again:?}");
    }
}
