//! Reads of one kind, with a limit on those that run and on those that wait.
//!
//! A read blocks a thread and uses a connection of the store. The limit of running reads is the
//! store's number of connections for that kind of read (see
//! [`ReaderShares`](wallet_domain::ReaderShares)), so no read waits for a connection, and no kind
//! of read waits for another kind.

use std::sync::Arc;

use actix_web::web;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};
use wallet_domain::StoreError;

use crate::request::error::ApiError;

pub(crate) struct BoundedReads {
    /// Permits for reads that run or wait.
    places: Arc<Semaphore>,
    places_max: usize,
    /// Permits for reads that run.
    turns: Arc<Semaphore>,
}

impl BoundedReads {
    pub(crate) fn new(places_max: usize, running_max: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(places_max)),
            places_max,
            turns: Arc::new(Semaphore::new(running_max)),
        }
    }

    /// How many reads run or wait.
    pub(crate) fn at_hand(&self) -> usize {
        self.places_max - self.places.available_permits()
    }

    /// Runs a query on a thread where it may block, as soon as there is a permit.
    ///
    /// A query that gets its permit after its deadline does not run, so that a backlog that built
    /// up while the store hung is cleared as soon as the store is back.
    ///
    /// # Errors
    /// [`ApiError::TooManyReads`] at once, [`ApiError::DeadlinePassed`], and those of the query.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        deadline: Instant,
        query: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| ApiError::TooManyReads)?;
        let turn = timeout_at(deadline, Arc::clone(&self.turns).acquire_owned()).await;
        // The semaphore is never closed.
        let turn = turn.map_err(|_| ApiError::DeadlinePassed)?.ok();
        let work = web::block(move || {
            // The permits are held until the query has ended, even if its caller no longer waits.
            let _taken = (place, turn);
            (Instant::now() < deadline).then(query)
        });
        match timeout_at(deadline, work).await {
            Ok(Ok(Some(answer))) => answer.map_err(ApiError::from),
            Ok(Ok(None)) | Err(_) => Err(ApiError::DeadlinePassed),
            // The panic's own message went to the panic hook, on the thread that panicked.
            Ok(Err(_)) => Err(ApiError::Defect("a query panicked".to_owned())),
        }
    }
}
