//! Outbound: reading a ledger in use as of one moment.

use crate::ports::{LedgerQueries, StoreError, WholeLedger};

/// Outbound, reading a ledger in use as of one moment.
pub trait LedgerSnapshots: LedgerQueries {
    /// Everything that was committed when this was called, and nothing later, for the lifetime of
    /// the snapshot. All its queries run on one connection. Writers and other readers continue.
    /// Dropping the snapshot releases its resources. A failed query ends the snapshot: later
    /// queries may fail too, but none reads another moment.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Refused`].
    fn snapshot(&self, usage: SnapshotUse) -> Result<Box<dyn WholeLedger>, StoreError>;
}

/// The purpose of a snapshot, and so the resources that it may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SnapshotUse {
    /// One answer, within a second or so: takes one of the connections for reading.
    Page,
    /// The whole ledger, which may take minutes: takes no connection from other readers, and does
    /// not block cleanup after writers (vacuum, checkpoints) if the store can avoid that.
    WholeLedger,
}
