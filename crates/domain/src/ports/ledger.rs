//! Inbound: the ledger that callers submit commands to.

use std::pin::Pin;

use crate::commands::{Outcome, Unit, WorkClass};
use crate::ports::StoreError;

/// Inbound: executes commands, with one outcome for each.
pub trait Ledger: Send + Sync {
    /// Submits units. The future resolves after their writes were committed, never before, with one
    /// outcome for each of their commands, in order. Units are independent: a refused unit does not
    /// affect the others. Dropping the future does not cancel the units.
    ///
    /// The class of the work follows from its size ([`WorkClass::from_units`]).
    fn submit(&self, units: Vec<Unit>) -> Submission {
        let class = WorkClass::from_units(&units);
        self.submit_as(class, units)
    }

    /// Like [`submit`](Self::submit), for a caller that knows its class: the service's own work is
    /// [`WorkClass::Housekeeping`].
    fn submit_as(&self, class: WorkClass, units: Vec<Unit>) -> Submission;
}

/// The future answer of [`Ledger::submit`].
pub type Submission = Pin<Box<dyn Future<Output = Result<Vec<Outcome>, SubmitError>> + Send>>;

/// Why there is no outcome. In every case the caller can retry the command with the same id.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SubmitError {
    /// The queue is full; the command was not processed.
    #[error("the ledger has more work than it can queue")]
    Overloaded,
    /// The ledger is shutting down; the command was not processed.
    #[error("the ledger is stopping")]
    Stopping,
    /// The store failed; see [`StoreError`] for what that means for the command.
    #[error(transparent)]
    Store(#[from] StoreError),
}
