//! Outbound: reading a ledger in use as of one moment.

use crate::ports::{LedgerQueries, StoreError, WholeLedger};

/// Outbound, reading a ledger in use as it was at one moment.
pub trait LedgerSnapshots: LedgerQueries {
    /// Everything that was committed when this was called, and nothing that came later, for as long
    /// as the snapshot lives. All its queries run on one connection. Writers and other readers go
    /// on; dropping it gives back what it holds. A query that fails ends the snapshot: later ones
    /// may fail too, but none shows another moment.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Refused`].
    fn snapshot(&self, usage: SnapshotUse) -> Result<Box<dyn WholeLedger>, StoreError>;
}

/// What a snapshot is taken for, and so what it may hold on to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SnapshotUse {
    /// One answer, within a second or so: takes one of the connections for reading.
    Page,
    /// The whole ledger, which may take minutes: takes no connection from other readers, and keeps
    /// no writer from tidying up if the store can avoid that.
    WholeLedger,
}
