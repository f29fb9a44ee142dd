//! How a store fails, by what it means for the writes.

use std::error::Error;
use std::sync::Arc;

/// A failure of a store, by what it means for the writes. Cloneable: one failure answers many
/// callers.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing was written; the same may succeed later.
    #[error("the store is not available")]
    Unavailable(#[source] StoreCause),
    /// Nothing was written: every attempt of the transaction met the same conflict, or the same
    /// time limit. The store itself works, so one command may be to blame: without it, the others
    /// may succeed.
    #[error("the store could not finish the transaction, again and again")]
    Contended(#[source] StoreCause),
    /// The commit was sent and its answer was not received: the writes exist, or they do not.
    #[error("it is not known whether the store committed")]
    OutcomeUnknown(#[source] StoreCause),
    /// Nothing was written, and a retry would be refused again: a defect, or damaged data.
    #[error("the store refused the operation")]
    Refused(#[source] StoreCause),
    /// A list exceeded its time limit and was ended. It reads more rows than it returns: a narrower
    /// filter helps.
    #[error("a list took longer than it may")]
    TooSlow(#[source] StoreCause),
}

/// The error of the store's driver, for the operator's log; never for a caller.
pub type StoreCause = Arc<dyn Error + Send + Sync>;
