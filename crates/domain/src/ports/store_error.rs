//! How a store fails, by what it means for the writes.

use std::error::Error;
use std::sync::Arc;

/// How a store failed, told by what it means to the writes. Cloneable: one failure answers many callers.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing was written; the same may succeed later.
    #[error("the store is not available")]
    Unavailable(#[source] StoreCause),
    /// Nothing was written: the transaction met the same conflict each time that it was tried, or the same limit in time.
    /// The store itself is well, so one command may be to blame: without it, the others may succeed.
    #[error("the store could not finish the transaction, again and again")]
    Contended(#[source] StoreCause),
    /// The commit was sent and its answer did not come: the writes are there, or they are not.
    #[error("it is not known whether the store committed")]
    OutcomeUnknown(#[source] StoreCause),
    /// Nothing was written, and the same would be refused again: a defect, or damaged data.
    #[error("the store refused the operation")]
    Refused(#[source] StoreCause),
    /// A list took longer than it may, and was ended. It walks over more than it finds: a narrower filter helps.
    #[error("a list took longer than it may")]
    TooSlow(#[source] StoreCause),
}

/// What the store's driver said, for the operator's log; never for a caller.
pub type StoreCause = Arc<dyn Error + Send + Sync>;
