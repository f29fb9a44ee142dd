//! The two ports of the domain, with a deadline round every call.
//!
//! A handler never waits without end: neither for the ledger, nor for a thread that reads, nor for the
//! store behind them. The deadline belongs to the request, so it is an argument; it counts from the
//! moment at which the request's head was read.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use actix_web::web;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};
use wallet_domain::{Currency, CurrencyCode, Ledger, LedgerQueries, Outcome, StoreError, Unit};

use crate::error::ApiError;
use crate::limits::HttpOptions;

/// What handlers are given. One for the process, shared by all workers.
pub(crate) struct Ports {
    ledger: Arc<dyn Ledger>,
    queries: Arc<dyn LedgerQueries>,
    reads: Arc<Semaphore>,
    request_timeout: Duration,
    /// See [`HttpOptions::body_timeout`].
    pub(crate) body_timeout: Duration,
    /// See [`HttpOptions::body_bytes_max`].
    pub(crate) body_bytes_max: usize,
    // A currency neither changes nor disappears once it is there.
    currencies: RwLock<HashMap<CurrencyCode, Currency>>,
}

impl Ports {
    pub(crate) fn new(
        ledger: Arc<dyn Ledger>,
        queries: Arc<dyn LedgerQueries>,
        options: &HttpOptions,
    ) -> Self {
        Self {
            ledger,
            queries,
            reads: Arc::new(Semaphore::new(options.reads_max.get())),
            request_timeout: options.request_timeout,
            body_timeout: options.body_timeout,
            body_bytes_max: options.body_bytes_max,
            currencies: RwLock::default(),
        }
    }

    /// The end of the time for a request that begins now.
    pub(crate) fn deadline(&self) -> Instant {
        Instant::now() + self.request_timeout
    }

    /// Hands units to the ledger and waits for what becomes of their commands.
    ///
    /// # Errors
    /// [`ApiError::DeadlinePassed`] means that they may yet be carried out.
    pub(crate) async fn submit(
        &self,
        units: Vec<Unit>,
        deadline: Instant,
    ) -> Result<Vec<Outcome>, ApiError> {
        match timeout_at(deadline, self.ledger.submit(units)).await {
            Ok(answer) => answer.map_err(ApiError::from),
            Err(_) => Err(ApiError::DeadlinePassed),
        }
    }

    /// A currency, if there is one of this code.
    ///
    /// # Errors
    /// As of [`read`](Self::read).
    pub(crate) async fn currency(
        &self,
        code: CurrencyCode,
        deadline: Instant,
    ) -> Result<Option<Currency>, ApiError> {
        let known = self.currencies.read();
        let known = known
            .unwrap_or_else(PoisonError::into_inner)
            .get(&code)
            .copied();
        if known.is_some() {
            return Ok(known);
        }
        let all = self.read(deadline, |queries| queries.currencies()).await?;
        let mut known = self
            .currencies
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        known.extend(all.into_iter().map(|currency| (currency.code, currency)));
        Ok(known.get(&code).copied())
    }

    /// Runs a query on a thread where it may block.
    ///
    /// A query whose turn comes after its deadline is not run, so that a backlog that built up while
    /// the store hung is gone as soon as the store is back.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        deadline: Instant,
        query: impl FnOnce(&dyn LedgerQueries) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let place = Arc::clone(&self.reads).try_acquire_owned();
        let place = place.map_err(|_| ApiError::TooManyReads)?;
        let queries = Arc::clone(&self.queries);
        let work = web::block(move || {
            // The place is taken until the query has ended, whoever still waits for it.
            let _place = place;
            (Instant::now() < deadline).then(|| query(&*queries))
        });
        match timeout_at(deadline, work).await {
            Ok(Ok(Some(answer))) => answer.map_err(ApiError::from),
            Ok(Ok(None)) | Err(_) => Err(ApiError::DeadlinePassed),
            // The panic's own message went to the panic hook, on the thread that panicked.
            Ok(Err(_)) => Err(ApiError::Defect("a query panicked".to_owned())),
        }
    }
}
