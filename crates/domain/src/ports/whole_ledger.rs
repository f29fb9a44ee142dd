//! Outbound: what only a proof or a copy reads.

use uuid::Uuid;

use crate::ports::{LedgerQueries, MetadataEntry, StoreError};
use crate::records::{AccessKey, OperatorAction, Quote, Spending};
use crate::values::{AccountId, QuoteId};

/// The maximum number of ids in one look-up of actions: a database limits the parameters of a
/// statement.
pub const ACTION_IDS_MAX: usize = 10_000;

/// Outbound, reading: what only a proof or a copy of the whole ledger needs. Each list is in the
/// order of its key.
pub trait WholeLedger: LedgerQueries {
    /// At most `limit` quotes, by id, those with a greater id than `after`.
    ///
    /// # Errors
    /// See [`currencies`](LedgerQueries::currencies).
    fn quotes(&self, after: Option<QuoteId>, limit: u32) -> Result<Vec<Quote>, StoreError>;

    /// At most `limit` spendings after the position `after`, by account and version.
    ///
    /// # Errors
    /// See [`currencies`](LedgerQueries::currencies).
    fn spendings(
        &self,
        after: Option<(AccountId, u64)>,
        limit: u32,
    ) -> Result<Vec<Spending>, StoreError>;

    /// At most `limit` entries of the index of metadata after `after`.
    ///
    /// # Errors
    /// See [`currencies`](LedgerQueries::currencies).
    fn metadata_index(
        &self,
        after: Option<&MetadataEntry>,
        limit: u32,
    ) -> Result<Vec<MetadataEntry>, StoreError>;

    /// At most `limit` actions of operators, by id, those with a greater id than `after`.
    ///
    /// # Errors
    /// See [`currencies`](LedgerQueries::currencies).
    fn operator_actions(
        &self,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<OperatorAction>, StoreError>;

    /// The actions with these ids, in any order; ids without an action are left out. Ask for at
    /// most [`ACTION_IDS_MAX`].
    ///
    /// # Errors
    /// See [`currencies`](LedgerQueries::currencies).
    fn find_operator_actions(&self, ids: &[Uuid]) -> Result<Vec<OperatorAction>, StoreError>;

    /// Describes a row that belongs to no record, if there is one and the store keeps records in
    /// several tables.
    ///
    /// # Errors
    /// See [`currencies`](LedgerQueries::currencies).
    fn stray_row(&self) -> Result<Option<String>, StoreError> {
        Ok(None)
    }

    /// All API keys. Their number is small enough to need no pages.
    ///
    /// # Errors
    /// See [`currencies`](LedgerQueries::currencies).
    fn all_keys(&self) -> Result<Vec<AccessKey>, StoreError>;
}
