//! Outbound: the one place where state is changed.

use crate::commands::Outcome;
use crate::ports::StoreError;
use crate::state::{Decision, ReadSet, Snapshot};

/// Outbound, writing.
pub trait LedgerStore: Send + Sync {
    /// Loads what `reads` names, calls `decide` with it and stores the decision's writes, all in one
    /// transaction; gives the decision's outcomes once the transaction is durable.
    ///
    /// An implementation MUST
    /// - lock the accounts first where [`ReadSet::lock_accounts`] says so;
    /// - give the outcomes that the batches of all writers would have if they came one after the other:
    ///   either lock the accounts of `reads`, in the order of iteration and before anything is read, or
    ///   find out while writing that an account which it changes was changed since, and start over;
    /// - read everything that the snapshot holds as of one moment, after the locks if there are any: a refusal writes
    ///   nothing, so nothing else would find out that it rests on two moments;
    /// - call `decide` once for each attempt and write exactly its [`WriteSet`](crate::WriteSet), if that is not empty
    ///   together with its link of the chain ([`ChainEnd::append`](crate::ChainEnd::append));
    /// - take a violated uniqueness of a transfer or account id, or of a part's version, as "another writer
    ///   was first" and start over, like every conflict that the database asks to repeat, a bounded number
    ///   of times, and answer [`StoreError::Contended`] then;
    /// - need a number of statements that does not depend on the size of `reads`.
    ///
    /// # Errors
    /// [`StoreError`]; its variant says what became of the writes.
    fn transact(
        &self,
        reads: &ReadSet,
        decide: &dyn Fn(Snapshot) -> Decision,
    ) -> Result<Vec<Outcome>, StoreError>;
}
