//! Inbound: the ledger that callers submit commands to.

use std::pin::Pin;

use crate::commands::{Outcome, Unit, WorkClass};
use crate::ports::StoreError;

/// Inbound: carries out commands, one outcome for each.
pub trait Ledger: Send + Sync {
    /// Hands units in. The future is answered after what they write was committed, never before, with one
    /// outcome for each of their commands, in order. Each unit stands for itself: a unit that is refused does not
    /// hinder its neighbours. Dropping the future does not take the units back.
    ///
    /// The work is of the class that its size says ([`WorkClass::from_units`]).
    fn submit(&self, units: Vec<Unit>) -> Submission {
        let class = WorkClass::from_units(&units);
        self.submit_as(class, units)
    }

    /// As [`submit`](Self::submit), for a caller that knows its class: the service's own work is
    /// [`WorkClass::Housekeeping`].
    fn submit_as(&self, class: WorkClass, units: Vec<Unit>) -> Submission;
}

/// The answer to come of [`Ledger::submit`].
pub type Submission = Pin<Box<dyn Future<Output = Result<Vec<Outcome>, SubmitError>> + Send>>;

/// Why there is no outcome. In every case the caller can repeat the command with the same id.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SubmitError {
    /// The queue is full; the command was not looked at.
    #[error("the ledger has more work than it can queue")]
    Overloaded,
    /// The ledger is shutting down; the command was not looked at.
    #[error("the ledger is stopping")]
    Stopping,
    /// The store failed; see [`StoreError`] for what that means to the command.
    #[error(transparent)]
    Store(#[from] StoreError),
}
