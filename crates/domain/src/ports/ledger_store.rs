//! Outbound: the one place where state changes.

use crate::commands::Outcome;
use crate::ports::StoreError;
use crate::state::{Decision, ReadSet, Snapshot};

/// Outbound, writing.
pub trait LedgerStore: Send + Sync {
    /// Loads what `reads` names, calls `decide` with it and stores the decision's writes, all in
    /// one transaction. Returns the decision's outcomes once the transaction is durable.
    ///
    /// An implementation MUST
    /// - lock the accounts first if [`ReadSet::lock_accounts`] is set;
    /// - return the outcomes that the batches of all writers would have if they ran one after the
    ///   other: either lock the accounts of `reads`, in the order of iteration and before anything
    ///   is read, or detect while writing that a changed account was changed by another writer
    ///   since, and start over;
    /// - read everything in the snapshot as of one moment, after the locks if there are any: a
    ///   refusal writes nothing, so no later step would detect that it was based on two moments;
    /// - call `decide` once for each attempt and write exactly its [`WriteSet`](crate::WriteSet),
    ///   if that is not empty, with its link of the chain
    ///   ([`ChainEnd::append`](crate::ChainEnd::append));
    /// - treat a violated uniqueness of a transfer or account id, or of a part's version, as
    ///   "another writer was first" and start over, like after every conflict that the database
    ///   asks to retry, a bounded number of times, and then return [`StoreError::Contended`];
    /// - need a number of statements that does not depend on the size of `reads`.
    ///
    /// # Errors
    /// [`StoreError`]; its variant says whether anything was written.
    fn transact(
        &self,
        reads: &ReadSet,
        decide: &dyn Fn(Snapshot) -> Decision,
    ) -> Result<Vec<Outcome>, StoreError>;
}
