//! Implements [`LedgerQueries`](crate::LedgerQueries) for a store by the value in it that reads, so
//! that each store writes its queries once for connections and for snapshots.

use uuid::Uuid;

use super::{LedgerQueries, StoreError, WholeLedger};
use crate::ports::{
    AccountFilter, DescribedHold, HoldFilter, MetadataEntry, QuoteFilter, QuotePlace,
    StatementLine, TimeAxis, TransferFilter, TransferPlace, TransferState,
};
use crate::records::{
    AccessKey, Account, ChainEnd, ChainLink, CurrencyPair, Hold, Lane, OperatorAction, Quote, Rate,
    Spending, TransferPart,
};
use crate::values::{AccountId, Amount, Currency, QuoteId, Timestamp, TransferId};

/// Reads a ledger through other queries: a store through its connections, a guard through the value
/// it guards. An implementation of this trait gets [`LedgerQueries`] and [`WholeLedger`].
pub trait ReadsThrough: Send + Sync {
    /// The queries to delegate to; called once for each query.
    ///
    /// # Errors
    /// Why nothing may be read now; the query fails with it.
    fn queries(&self) -> Result<&dyn WholeLedger, StoreError>;
}

impl<T: ReadsThrough> LedgerQueries for T {
    fn accounts_least_recently_updated(&self, limit: u32) -> Result<Vec<Account>, StoreError> {
        self.queries()?.accounts_least_recently_updated(limit)
    }

    fn currencies(&self) -> Result<Vec<Currency>, StoreError> {
        self.queries()?.currencies()
    }

    fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        self.queries()?.account(id)
    }

    fn accounts(
        &self,
        filter: &AccountFilter,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<Account>, StoreError> {
        self.queries()?.accounts(filter, after, limit)
    }

    fn transfer(&self, id: TransferId) -> Result<Option<TransferState>, StoreError> {
        self.queries()?.transfer(id)
    }

    fn transfers(
        &self,
        filter: &TransferFilter,
        after: Option<TransferPlace>,
        limit: u32,
    ) -> Result<Vec<TransferState>, StoreError> {
        self.queries()?.transfers(filter, after, limit)
    }

    fn transfer_parts_newest(
        &self,
        account_id: AccountId,
        below: Option<u64>,
        limit: u32,
    ) -> Result<Vec<TransferPart>, StoreError> {
        self.queries()?
            .transfer_parts_newest(account_id, below, limit)
    }

    fn moving_parts_newest(
        &self,
        account_id: AccountId,
        below: Option<u64>,
        limit: u32,
    ) -> Result<Vec<TransferPart>, StoreError> {
        self.queries()?
            .moving_parts_newest(account_id, below, limit)
    }

    fn transfer_parts_oldest(
        &self,
        account_id: AccountId,
        above: u64,
        limit: u32,
    ) -> Result<Vec<TransferPart>, StoreError> {
        self.queries()?
            .transfer_parts_oldest(account_id, above, limit)
    }

    fn statement_lines(
        &self,
        account_id: AccountId,
        above: u64,
        limit: u32,
    ) -> Result<Vec<StatementLine>, StoreError> {
        self.queries()?.statement_lines(account_id, above, limit)
    }

    fn hold(&self, id: TransferId) -> Result<Option<Hold>, StoreError> {
        self.queries()?.hold(id)
    }

    fn holds(
        &self,
        filter: &HoldFilter,
        after: Option<TransferPlace>,
        limit: u32,
    ) -> Result<Vec<Hold>, StoreError> {
        self.queries()?.holds(filter, after, limit)
    }

    fn described_hold(&self, id: TransferId) -> Result<Option<DescribedHold>, StoreError> {
        self.queries()?.described_hold(id)
    }

    fn described_holds(
        &self,
        filter: &HoldFilter,
        after: Option<TransferPlace>,
        limit: u32,
    ) -> Result<Vec<DescribedHold>, StoreError> {
        self.queries()?.described_holds(filter, after, limit)
    }

    fn holds_due(&self, at: Timestamp, limit: u32) -> Result<Vec<Hold>, StoreError> {
        self.queries()?.holds_due(at, limit)
    }

    fn current_rates(
        &self,
        after: Option<CurrencyPair>,
        limit: u32,
    ) -> Result<Vec<Rate>, StoreError> {
        self.queries()?.current_rates(after, limit)
    }

    fn rates(
        &self,
        pair: CurrencyPair,
        below: Option<u64>,
        limit: u32,
    ) -> Result<Vec<Rate>, StoreError> {
        self.queries()?.rates(pair, below, limit)
    }

    fn quote(&self, id: QuoteId) -> Result<Option<Quote>, StoreError> {
        self.queries()?.quote(id)
    }

    fn quotes_newest(
        &self,
        filter: &QuoteFilter,
        at: Timestamp,
        after: Option<QuotePlace>,
        limit: u32,
    ) -> Result<Vec<Quote>, StoreError> {
        self.queries()?.quotes_newest(filter, at, after, limit)
    }

    fn chain_ends(&self) -> Result<Vec<ChainEnd>, StoreError> {
        self.queries()?.chain_ends()
    }

    fn chain_links(
        &self,
        after: Option<(Lane, u64)>,
        limit: u32,
    ) -> Result<Vec<ChainLink>, StoreError> {
        self.queries()?.chain_links(after, limit)
    }

    fn total_incoming(
        &self,
        account_id: AccountId,
        above: u64,
        last: u64,
    ) -> Result<Amount, StoreError> {
        self.queries()?.total_incoming(account_id, above, last)
    }

    fn version_at(&self, account_id: AccountId, at: Timestamp) -> Result<u64, StoreError> {
        self.queries()?.version_at(account_id, at)
    }

    fn balance_at(
        &self,
        account_id: AccountId,
        at: Timestamp,
        axis: TimeAxis,
    ) -> Result<Option<Amount>, StoreError> {
        self.queries()?.balance_at(account_id, at, axis)
    }
}

impl<T: ReadsThrough> WholeLedger for T {
    fn quotes(&self, after: Option<QuoteId>, limit: u32) -> Result<Vec<Quote>, StoreError> {
        self.queries()?.quotes(after, limit)
    }

    fn spendings(
        &self,
        after: Option<(AccountId, u64)>,
        limit: u32,
    ) -> Result<Vec<Spending>, StoreError> {
        self.queries()?.spendings(after, limit)
    }

    fn metadata_index(
        &self,
        after: Option<&MetadataEntry>,
        limit: u32,
    ) -> Result<Vec<MetadataEntry>, StoreError> {
        self.queries()?.metadata_index(after, limit)
    }

    fn operator_actions(
        &self,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<OperatorAction>, StoreError> {
        self.queries()?.operator_actions(after, limit)
    }

    fn find_operator_actions(&self, ids: &[Uuid]) -> Result<Vec<OperatorAction>, StoreError> {
        self.queries()?.find_operator_actions(ids)
    }

    fn stray_row(&self) -> Result<Option<String>, StoreError> {
        self.queries()?.stray_row()
    }

    fn all_keys(&self) -> Result<Vec<AccessKey>, StoreError> {
        self.queries()?.all_keys()
    }
}
