//! Doubles of the ports: a ledger and queries that do what a function says.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use wallet_domain::testing::InMemoryStore;
use wallet_domain::testing::fixtures::NOW;
use wallet_domain::{
    Account, AccountFilter, AccountId, Amount, ChainEnd, ChainLink, Currency, CurrencyPair,
    DescribedHold, Hold, HoldFilter, Lane, Ledger, LedgerQueries, LedgerSnapshots, Quote,
    QuoteFilter, QuoteId, QuotePlace, Rate, SnapshotUse, StatementLine, StoreError, Submission,
    SubmitError, TimeAxis, Timestamp, TransferFilter, TransferId, TransferPart, TransferPlace,
    TransferState, Unit, WholeLedger, WorkClass, execute_units,
};

/// A ledger that does what the function says.
pub(super) struct LedgerOf<F>(pub(super) F);

impl<F: Fn(Vec<Unit>) -> Submission + Send + Sync> Ledger for LedgerOf<F> {
    fn submit_as(&self, _: WorkClass, units: Vec<Unit>) -> Submission {
        (self.0)(units)
    }
}

/// Fails every command in this way.
pub(super) fn failing_ledger(error: SubmitError) -> Arc<dyn Ledger> {
    Arc::new(LedgerOf(move |_| -> Submission {
        let error = error.clone();
        Box::pin(async { Err(error) })
    }))
}

/// A ledger over a store in memory; a second passes with each command.
pub(super) fn ledger_over(store: &Arc<InMemoryStore>) -> Arc<dyn Ledger> {
    let store = Arc::clone(store);
    let seconds = AtomicI64::new(0);
    Arc::new(LedgerOf(move |units: Vec<Unit>| -> Submission {
        let now = NOW.plus_micros(seconds.fetch_add(1, Ordering::Relaxed) * 1_000_000);
        let outcomes = execute_units(&*store, &units, now);
        Box::pin(async { outcomes.map_err(SubmitError::Store) })
    }))
}

/// Queries that all fail as the function says.
pub(super) struct QueriesOf<F>(pub(super) F);

impl<F: Fn() -> StoreError + Send + Sync> LedgerQueries for QueriesOf<F> {
    fn accounts_least_recently_updated(&self, _: u32) -> Result<Vec<Account>, StoreError> {
        Err((self.0)())
    }

    fn currencies(&self) -> Result<Vec<Currency>, StoreError> {
        Err((self.0)())
    }

    fn account(&self, _: AccountId) -> Result<Option<Account>, StoreError> {
        Err((self.0)())
    }

    fn accounts(
        &self,
        _: &AccountFilter,
        _: Option<AccountId>,
        _: u32,
    ) -> Result<Vec<Account>, StoreError> {
        Err((self.0)())
    }

    fn transfer(&self, _: TransferId) -> Result<Option<TransferState>, StoreError> {
        Err((self.0)())
    }

    fn transfers(
        &self,
        _: &TransferFilter,
        _: Option<TransferPlace>,
        _: u32,
    ) -> Result<Vec<TransferState>, StoreError> {
        Err((self.0)())
    }

    fn transfer_parts_newest(
        &self,
        _: AccountId,
        _: Option<u64>,
        _: u32,
    ) -> Result<Vec<TransferPart>, StoreError> {
        Err((self.0)())
    }

    fn moving_parts_newest(
        &self,
        _: AccountId,
        _: Option<u64>,
        _: u32,
    ) -> Result<Vec<TransferPart>, StoreError> {
        Err((self.0)())
    }

    fn hold(&self, _: TransferId) -> Result<Option<Hold>, StoreError> {
        Err((self.0)())
    }

    fn holds(
        &self,
        _: &HoldFilter,
        _: Option<TransferPlace>,
        _: u32,
    ) -> Result<Vec<Hold>, StoreError> {
        Err((self.0)())
    }

    fn described_hold(&self, _: TransferId) -> Result<Option<DescribedHold>, StoreError> {
        Err((self.0)())
    }

    fn described_holds(
        &self,
        _: &HoldFilter,
        _: Option<TransferPlace>,
        _: u32,
    ) -> Result<Vec<DescribedHold>, StoreError> {
        Err((self.0)())
    }

    fn holds_due(&self, _: Timestamp, _: u32) -> Result<Vec<Hold>, StoreError> {
        Err((self.0)())
    }

    fn current_rates(&self, _: Option<CurrencyPair>, _: u32) -> Result<Vec<Rate>, StoreError> {
        Err((self.0)())
    }

    fn rates(&self, _: CurrencyPair, _: Option<u64>, _: u32) -> Result<Vec<Rate>, StoreError> {
        Err((self.0)())
    }

    fn chain_ends(&self) -> Result<Vec<ChainEnd>, StoreError> {
        Err((self.0)())
    }

    fn chain_links(&self, _: Option<(Lane, u64)>, _: u32) -> Result<Vec<ChainLink>, StoreError> {
        Err((self.0)())
    }

    fn quote(&self, _: QuoteId) -> Result<Option<Quote>, StoreError> {
        Err((self.0)())
    }

    fn quotes_newest(
        &self,
        _: &QuoteFilter,
        _: Timestamp,
        _: Option<QuotePlace>,
        _: u32,
    ) -> Result<Vec<Quote>, StoreError> {
        Err((self.0)())
    }

    fn transfer_parts_oldest(
        &self,
        _: AccountId,
        _: u64,
        _: u32,
    ) -> Result<Vec<TransferPart>, StoreError> {
        Err((self.0)())
    }

    fn statement_lines(
        &self,
        _: AccountId,
        _: u64,
        _: u32,
    ) -> Result<Vec<StatementLine>, StoreError> {
        Err((self.0)())
    }

    fn total_incoming(&self, _: AccountId, _: u64, _: u64) -> Result<Amount, StoreError> {
        Err((self.0)())
    }

    fn version_at(&self, _: AccountId, _: Timestamp) -> Result<u64, StoreError> {
        Err((self.0)())
    }

    fn balance_at(
        &self,
        _: AccountId,
        _: Timestamp,
        _: TimeAxis,
    ) -> Result<Option<Amount>, StoreError> {
        Err((self.0)())
    }
}

impl<F: Fn() -> StoreError + Send + Sync> LedgerSnapshots for QueriesOf<F> {
    fn snapshot(&self, _: SnapshotUse) -> Result<Box<dyn WholeLedger>, StoreError> {
        Err((self.0)())
    }
}
