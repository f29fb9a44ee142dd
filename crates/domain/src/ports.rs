//! The ports: what the domain offers to adapters that drive it, and what it needs from stores.
//!
//! They are split by guarantee, not by table. [`Ledger`] is the port that callers of the service
//! use. [`LedgerStore`] is the one place where state changes. [`LedgerQueries`] reads without locks
//! and may be served by a replica; [`LedgerSnapshots`] reads as of one moment. The stores are
//! synchronous because the database drivers are; only [`Ledger`] answers with a future, and any
//! executor can poll it.

mod access_keys;
mod filters;
mod ledger;
mod ledger_queries;
mod ledger_snapshots;
mod ledger_store;
mod reader_shares;
mod reads_through;
mod store_error;
mod whole_ledger;
mod whole_store;

pub use access_keys::AccessKeys;
pub use filters::{
    ACCOUNT_IDS_MAX, AccountFilter, DescribedHold, HoldFilter, MetadataEntry, QuoteFilter,
    QuotePlace, StatementLine, TimeAxis, TransferFilter, TransferPlace, TransferState,
};
pub use ledger::{Ledger, Submission, SubmitError};
pub use ledger_queries::LedgerQueries;
pub use ledger_snapshots::{LedgerSnapshots, SnapshotUse};
pub use ledger_store::LedgerStore;
pub use reader_shares::ReaderShares;
pub use reads_through::ReadsThrough;
pub use store_error::{StoreCause, StoreError};
pub use whole_ledger::{ACTION_IDS_MAX, WholeLedger};
pub use whole_store::WholeStore;
