//! The application state: the ports of the domain, each call with a deadline, and the settings.
//!
//! A handler never waits without a limit, for the ledger, for a reading thread, or for the store.
//! The deadline belongs to the request, so it is an argument. It counts from the moment at which
//! the head of the request was read.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use wallet_domain::{
    Currency, CurrencyCode, Ledger, LedgerQueries, LedgerSnapshots, Outcome, ReaderShares,
    SnapshotUse, StoreError, Timestamp, Unit,
};

use super::health::Health;
use super::options::HttpOptions;
use super::verifications::Verifications;
use crate::access::authenticator::{Access, Authenticator};
use crate::access::guard::Guard;
use crate::request::bounded_reads::BoundedReads;
use crate::request::error::ApiError;

/// The application state. One for the process; all workers share it.
pub(crate) struct AppState {
    ledger: Arc<dyn Ledger>,
    queries: Arc<dyn LedgerSnapshots>,
    /// Reads that may take long.
    lists: BoundedReads,
    /// Reads of single rows by their keys.
    look_ups: Arc<BoundedReads>,
    /// The digits of the currencies that were read. A currency never changes, so none goes stale.
    precisions: RwLock<HashMap<CurrencyCode, u8>>,
    /// Checks the requests of a service without keys.
    pub(crate) guard: Option<Guard>,
    /// Authenticates callers.
    pub(crate) authenticator: Authenticator,
    /// Proofs of the books.
    pub(crate) verifications: Verifications,
    /// The health of the process.
    pub(crate) health: Health,
    /// See [`HttpOptions::clock`].
    pub(crate) clock: fn() -> Timestamp,
    /// See [`HttpOptions::quote_valid_max`].
    pub(crate) quote_valid_max: Duration,
    request_timeout: Duration,
    /// See [`HttpOptions::body_timeout`].
    pub(crate) body_timeout: Duration,
    /// See [`HttpOptions::body_bytes_max`].
    pub(crate) body_bytes_max: usize,
    /// See [`HttpOptions::batch_bytes_max`].
    pub(crate) batch_bytes_max: usize,
}

impl AppState {
    pub(crate) fn new(
        ledger: Arc<dyn Ledger>,
        queries: Arc<dyn LedgerSnapshots>,
        access: Access,
        options: &HttpOptions,
    ) -> Self {
        let shares = ReaderShares::new(options.read_threads.get());
        let reads = |running_max| BoundedReads::new(options.reads_max.get(), running_max);
        let look_ups = Arc::new(reads(shares.look_ups));
        let guard = || Guard::new(options.allowed_hosts.clone(), options.cors_origins.clone());
        Self {
            ledger,
            verifications: Verifications::new(queries.clone()),
            queries,
            lists: reads(shares.lists),
            guard: matches!(access, Access::Open).then(guard),
            authenticator: Authenticator::new(
                access,
                Arc::clone(&look_ups),
                options.clock,
                options.allowance,
            ),
            look_ups,
            precisions: RwLock::default(),
            health: Health::default(),
            clock: options.clock,
            quote_valid_max: options.quote_valid_max,
            request_timeout: options.request_timeout,
            body_timeout: options.body_timeout,
            body_bytes_max: options.body_bytes_max,
            batch_bytes_max: options.batch_bytes_max,
        }
    }

    /// The deadline of a request that begins now.
    pub(crate) fn deadline(&self) -> Instant {
        Instant::now() + self.request_timeout
    }

    /// Submits units to the ledger, and waits for the outcomes of their commands. One command is a
    /// single write; more are bulk ([`WorkClass`](wallet_domain::WorkClass)).
    ///
    /// # Errors
    /// [`ApiError::DeadlinePassed`] if the time was up before they were submitted,
    /// [`ApiError::SubmitTimedOut`] if it was up after that: then they may yet be applied. Dry runs
    /// change nothing, so they never fail with an unknown outcome.
    pub(crate) async fn submit(
        &self,
        units: Vec<Unit>,
        deadline: Instant,
    ) -> Result<Vec<Outcome>, ApiError> {
        if Instant::now() >= deadline {
            return Err(ApiError::DeadlinePassed);
        }
        let has_effect = units.iter().any(|unit| !unit.dry_run);
        let error = match timeout_at(deadline, self.ledger.submit(units)).await {
            Ok(Ok(outcomes)) => return Ok(outcomes),
            Ok(Err(error)) => ApiError::from(error),
            Err(_) => ApiError::SubmitTimedOut,
        };
        Err(match has_effect {
            true => error,
            false => error.without_effect(),
        })
    }

    /// Runs a query that may take long: a list, or a sum. It does not delay look-ups.
    ///
    /// # Errors
    /// See [`BoundedReads::run`].
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        deadline: Instant,
        query: impl FnOnce(&dyn LedgerQueries) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let queries = Arc::clone(&self.queries);
        self.lists.run(deadline, move || query(&*queries)).await
    }

    /// Runs several queries on one connection and one snapshot. They may take long, as in
    /// [`read`](Self::read).
    ///
    /// # Errors
    /// See [`BoundedReads::run`].
    pub(crate) async fn read_snapshot<T: Send + 'static>(
        &self,
        deadline: Instant,
        queries: impl FnOnce(&dyn LedgerQueries) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let ledger = Arc::clone(&self.queries);
        let read = move || queries(&*ledger.snapshot(SnapshotUse::Page)?);
        self.lists.run(deadline, read).await
    }

    /// Runs a query that reads single rows by their keys: what a write names, an account.
    ///
    /// # Errors
    /// See [`BoundedReads::run`].
    pub(crate) async fn look_up<T: Send + 'static>(
        &self,
        deadline: Instant,
        query: impl FnOnce(&dyn LedgerQueries) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let queries = Arc::clone(&self.queries);
        self.look_ups.run(deadline, move || query(&*queries)).await
    }

    /// How many lists run or wait, for the metrics.
    pub(crate) fn reads_at_hand(&self) -> usize {
        self.lists.at_hand()
    }

    /// The precision of a currency. The currency must exist in the ledger.
    ///
    /// # Errors
    /// [`ApiError::ReadsBehind`] if the store that is read from does not know it, and all of
    /// [`read`](Self::read).
    pub(crate) async fn precision(
        &self,
        code: CurrencyCode,
        deadline: Instant,
    ) -> Result<u8, ApiError> {
        if let Some(precision) = self.known_precision(code) {
            return Ok(precision);
        }
        let currencies = self.look_up(deadline, |queries| queries.currencies());
        let currencies = currencies.await?;
        self.learn(&currencies);
        self.known_precision(code).ok_or(ApiError::ReadsBehind)
    }

    /// Remembers currencies that exist.
    pub(crate) fn learn(&self, currencies: &[Currency]) {
        // Each entry is written whole, so a panic of another thread leaves no half of one.
        let precisions = self.precisions.write();
        let mut precisions = precisions.unwrap_or_else(PoisonError::into_inner);
        precisions.extend(currencies.iter().map(|known| (known.code, known.precision)));
    }

    fn known_precision(&self, code: CurrencyCode) -> Option<u8> {
        let precisions = self.precisions.read();
        let precisions = precisions.unwrap_or_else(PoisonError::into_inner);
        precisions.get(&code).copied()
    }
}
