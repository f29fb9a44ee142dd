//! A ledger that runs: callers write to it, holds expire by themselves, the clock is kept right.
//!
//! The order of the end matters. First the sweeper ends its round, for which the batcher has to
//! run. Then the batcher executes what is still queued, and rejects what comes. Then the store
//! closes. All of this has one deadline. What the deadline cuts off was not answered, so callers
//! repeat it.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout_at;
use wallet_batcher::{Batcher, Observer};
use wallet_domain::{AccessKeys, Ledger, LedgerSnapshots, Submission, Unit, WorkClass};

use crate::clock::{self, Follower};
use crate::error::{CloseError, OpenError};
use crate::monitor::StoreMonitor;
use crate::stop::Stopper;
use crate::sweeper::Sweeper;
use crate::{Database, LedgerOptions, OpenStore};

/// How long a close may take even if its deadline is past: an empty queue needs less.
const CLOSE_MIN: Duration = Duration::from_millis(50);

/// A ledger that runs. It is a [`Ledger`]: submit commands to it.
///
/// End it with [`close`](Self::close). If it is dropped instead, it ends in the background, and
/// nothing waits for what is queued.
pub struct RunningLedger {
    store: OpenStore,
    batcher: Batcher,
    stopper: Stopper,
    sweeping: JoinHandle<()>,
}

impl RunningLedger {
    /// Opens the ledger at `url` and sets it going. `url` is a `postgres://` URL, libpq's
    /// `host=… port=… user=… dbname=…`, or `sqlite:PATH`; [`LedgerOptions::create`] makes a file.
    ///
    /// Needs a tokio runtime with time enabled. The ledger lives as long as that runtime.
    ///
    /// # Errors
    /// [`OpenError`], which names the ledger and says what to do.
    pub async fn open(url: &str, options: LedgerOptions) -> Result<Self, OpenError> {
        let database: Database = url.parse()?;
        let store = blocking(move || OpenStore::open(&database, &options)).await?;
        Self::start(store, Arc::new(()))
    }

    /// Sets an open store going: the threads that write, the sweeper and the clock. `observer`
    /// is told what happens to commands; pass `Arc::new(())` for none.
    ///
    /// # Errors
    /// [`OpenError::Threads`]: the system gives no thread for a writer.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn start(store: OpenStore, observer: Arc<dyn Observer>) -> Result<Self, OpenError> {
        let writing = store.store().clone();
        let batcher = Batcher::start_by(writing, store.limits(), observer, clock::now)
            .map_err(OpenError::Threads)?;
        let (stopper, stop) = Stopper::new();
        let sweeper = Sweeper::new(Arc::new(batcher.clone()), store.queries().clone());
        let sweeping = tokio::spawn(sweeper.run(stop.clone()));
        // Closing does not wait for it: it holds nothing, and changes nothing but the clock.
        tokio::spawn(Follower::new(store.monitor()).run(stop));
        Ok(Self {
            store,
            batcher,
            stopper,
            sweeping,
        })
    }

    /// Reads, on a thread where that may block.
    ///
    /// ```no_run
    /// # async fn example(
    /// #     ledger: wallet_ledger::RunningLedger,
    /// #     id: wallet_domain::AccountId,
    /// # ) -> Result<(), wallet_domain::StoreError> {
    /// let account = ledger.read(move |queries| queries.account(id)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&dyn LedgerSnapshots) -> T + Send + 'static,
    ) -> T {
        let queries = self.store.queries().clone();
        blocking(move || read(&*queries)).await
    }

    /// The port that reads, for callers that have threads of their own. Its calls block. The store
    /// closes when the last clone is dropped.
    #[must_use]
    pub fn queries(&self) -> &Arc<dyn LedgerSnapshots> {
        self.store.queries()
    }

    /// The access keys that the ledger keeps. Its calls block.
    #[must_use]
    pub fn keys(&self) -> &Arc<dyn AccessKeys> {
        self.store.keys()
    }

    /// The queue and its writers. A clone is a [`Ledger`] for other tasks; when the ledger has
    /// closed it rejects what comes.
    #[must_use]
    pub fn batcher(&self) -> &Batcher {
        &self.batcher
    }

    /// The numbers of the store.
    #[must_use]
    pub fn monitor(&self) -> &Arc<dyn StoreMonitor> {
        self.store.monitor()
    }

    /// Where the data is, for people; it has no secrets.
    #[must_use]
    pub fn place(&self) -> &str {
        self.store.place()
    }

    /// Whether there was no account when the ledger was opened.
    #[must_use]
    pub fn was_empty(&self) -> bool {
        self.store.is_empty()
    }

    /// Ends the sweeper and the clock's comparisons, and nothing else: callers write as before. A
    /// service that stops calls it when it begins to drain; [`close`](Self::close) does it, too.
    pub fn stop_housekeeping(&self) {
        self.stopper.stop();
    }

    /// Ends the sweeper's round, executes what is queued, and closes the store. New commands are
    /// rejected. An empty queue needs a moment only, so a deadline that is past allows 50 ms.
    ///
    /// # Errors
    /// [`CloseError::TimedOut`] if the deadline passed before; [`CloseError::Panicked`], which is a
    /// defect.
    pub async fn close(self, deadline: Instant) -> Result<(), CloseError> {
        let Self {
            store,
            batcher,
            stopper,
            sweeping,
        } = self;
        stopper.stop();
        let closing = async {
            let swept = sweeping.await;
            let drained = spawn_blocking(move || {
                batcher.drain();
                drop(batcher);
                drop(store);
            });
            drained.await.and(swept)
        };
        let deadline = deadline.max(Instant::now() + CLOSE_MIN);
        match timeout_at(deadline.into(), closing).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(panic)) => Err(CloseError::Panicked(panic.to_string())),
            Err(_) => Err(CloseError::TimedOut),
        }
    }
}

impl Ledger for RunningLedger {
    fn submit_as(&self, class: WorkClass, units: Vec<Unit>) -> Submission {
        self.batcher.submit_as(class, units)
    }
}

/// Runs what blocks on a thread of its own. Passes its panic on.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match spawn_blocking(work).await {
        Ok(done) => done,
        Err(ended) => match ended.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The runtime shuts down, and with it the task that waits here.
            Err(_) => std::future::pending().await,
        },
    }
}

#[cfg(test)]
mod tests;
