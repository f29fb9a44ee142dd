//! The handle that callers hold, and the lifecycle of the writer threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::sync::oneshot;
use wallet_domain::{
    Ledger, LedgerStore, StoreError, Submission, SubmitError, Timestamp, Unit, WorkClass,
};

use crate::limits::Limits;
use crate::observer::Observer;
use crate::queue::Queue;
use crate::ticket::Ticket;
use crate::writer::Writer;

/// A [`Ledger`] that executes concurrent commands in shared transactions.
///
/// Cloning returns another handle to the same writers. They end when [`drain`](Batcher::drain) is
/// called or the last handle is dropped.
#[derive(Clone)]
pub struct Batcher {
    inner: Arc<Inner>,
}

struct Inner {
    queue: Arc<Queue>,
    writers: Mutex<Vec<JoinHandle<()>>>,
}

impl Batcher {
    /// Starts the writer threads over `store`, with the system clock.
    ///
    /// # Errors
    /// Fails if the system cannot start a thread.
    pub fn start(store: Arc<dyn LedgerStore>, limits: Limits) -> std::io::Result<Self> {
        Self::start_observed(store, limits, Arc::new(()))
    }

    /// Like [`start`](Self::start), with an observer.
    ///
    /// # Errors
    /// Fails if the system cannot start a thread.
    pub fn start_observed(
        store: Arc<dyn LedgerStore>,
        limits: Limits,
        observer: Arc<dyn Observer>,
    ) -> std::io::Result<Self> {
        Self::start_by(store, limits, observer, system_clock)
    }

    /// Like [`start_observed`](Self::start_observed), with the clock by which batches are decided.
    /// All writers to one ledger share one clock: when something expires must not depend on which
    /// writer decides.
    ///
    /// # Errors
    /// Fails if the system cannot start a thread.
    pub fn start_by(
        store: Arc<dyn LedgerStore>,
        limits: Limits,
        observer: Arc<dyn Observer>,
        clock: fn() -> Timestamp,
    ) -> std::io::Result<Self> {
        Self::start_with(store, limits, observer, clock, || {
            std::process::abort();
        })
    }

    /// Like [`start_by`](Self::start_by), with the reaction to a panic of a writer.
    pub(crate) fn start_with(
        store: Arc<dyn LedgerStore>,
        limits: Limits,
        observer: Arc<dyn Observer>,
        clock: fn() -> Timestamp,
        on_panic: fn(),
    ) -> std::io::Result<Self> {
        let limits = limits.clamped();
        let queue = Arc::new(Queue::new(&limits));
        let batcher = Self {
            inner: Arc::new(Inner {
                queue: queue.clone(),
                writers: Mutex::default(),
            }),
        };
        for number in 1..=limits.writers {
            let writer = Writer {
                store: store.clone(),
                queue: queue.clone(),
                observer: observer.clone(),
                clock,
            };
            let thread = Builder::new().name(format!("writer-{number}"));
            // If a later thread cannot be started, dropping `batcher` ends the earlier ones.
            let thread = thread.spawn(move || {
                // Unwind safety: nothing reads the writer's state after a panic.
                if catch_unwind(AssertUnwindSafe(|| writer.run())).is_err() {
                    tracing::error!(
                        "a writer panicked; the process ends, clients can repeat safely"
                    );
                    on_panic();
                }
            })?;
            batcher.inner.writers().push(thread);
        }
        Ok(batcher)
    }

    /// The weight of the queued commands of a class
    /// ([`Command::weight`](wallet_domain::Command::weight)).
    #[must_use]
    pub fn waiting(&self, class: WorkClass) -> usize {
        self.inner.queue.waiting(class)
    }

    /// The queue limit of the class at the current rate, in weight. Requests beyond it are refused.
    #[must_use]
    pub fn limit(&self, class: WorkClass) -> usize {
        self.inner.queue.limit(class)
    }

    /// The number of requests of the class refused with [`SubmitError::Overloaded`] so far.
    #[must_use]
    pub fn refused(&self, class: WorkClass) -> u64 {
        self.inner.queue.refused(class)
    }

    /// Refuses new commands, executes the queued ones, and returns when all are answered. Blocks.
    pub fn drain(&self) {
        self.inner.queue.close();
        let writers = std::mem::take(&mut *self.inner.writers());
        for writer in writers {
            // The writer's own thread has already caught and handled its panic.
            let _ = writer.join();
        }
    }
}

impl Ledger for Batcher {
    fn submit_as(&self, class: WorkClass, units: Vec<Unit>) -> Submission {
        let (reply, answer) = oneshot::channel();
        // Queued here, not in the future: a submitted command counts, whether or not it is polled.
        let queued = self.inner.queue.push(Ticket::new(class, units, reply));
        Box::pin(async move {
            queued?;
            answer
                .await
                .unwrap_or_else(|_| Err(SubmitError::Store(writer_is_gone())))
        })
    }
}

impl Inner {
    fn writers(&self) -> std::sync::MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.writers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.queue.close();
    }
}

/// The writer took the command and will not answer: it panicked before, in or after the commit.
fn writer_is_gone() -> StoreError {
    StoreError::OutcomeUnknown(Arc::new(std::io::Error::other(
        "the writer ended without an answer",
    )))
}

fn system_clock() -> Timestamp {
    let since_epoch = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
}
