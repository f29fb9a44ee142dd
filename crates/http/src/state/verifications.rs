//! Verifications: proofs of the books that operators start, and that run next to other work.
//!
//! One runs at a time, on its own thread, over its own snapshot
//! ([`WholeLedger`](wallet_domain::SnapshotUse::WholeLedger)): it takes no permit and no connection
//! from readers, and its result has no effect on readiness. The ledger stores nothing of it. The
//! process remembers the last [`KEPT_MAX`], and forgets them when it ends.

mod record;
mod run;

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use tokio::sync::watch;
use uuid::Uuid;
use wallet_domain::{ChainHead, LedgerSnapshots, Timestamp};

use crate::request::time::now;

use record::Progress;
pub(crate) use record::{Status, Verification};

/// How many verifications are remembered.
pub(crate) const KEPT_MAX: usize = 20;

/// Why a verification does not start.
#[derive(Debug)]
pub(crate) enum NotStarted {
    /// The id was used with another expected head.
    IdUsed,
    /// This one is running.
    Running(Uuid),
    /// The process is about to end.
    Stopping,
    /// The system cannot start a thread.
    NoThread(io::Error),
}

/// Starts verifications and remembers them.
pub(crate) struct Verifications(Arc<Shared>);

struct Shared {
    snapshots: Arc<dyn LedgerSnapshots>,
    known: Mutex<Known>,
    stops: AtomicBool,
    is_running: watch::Sender<bool>,
}

#[derive(Default)]
struct Known {
    /// Newest first.
    all: VecDeque<Verification>,
    last_passed_at: Option<Timestamp>,
}

/// The state of verifications, for the metrics.
pub(crate) struct Facts {
    pub(crate) is_running: bool,
    /// The last one that has ended.
    pub(crate) last: Option<Verification>,
    pub(crate) last_passed_at: Option<Timestamp>,
}

impl Verifications {
    pub(crate) fn new(snapshots: Arc<dyn LedgerSnapshots>) -> Self {
        Self(Arc::new(Shared {
            snapshots,
            known: Mutex::default(),
            stops: AtomicBool::new(false),
            is_running: watch::Sender::new(false),
        }))
    }

    /// Starts a verification. Returns it, and whether it had been started before. A dry run changes
    /// nothing.
    ///
    /// # Errors
    /// [`NotStarted`].
    pub(crate) fn start(
        &self,
        id: Uuid,
        expected_head: ChainHead,
        dry_run: bool,
    ) -> Result<(Verification, bool), NotStarted> {
        let mut known = self.0.known();
        if let Some(before) = known.all.iter().find(|known| known.id == id) {
            return match before.expected_head == expected_head {
                true => Ok((before.clone(), true)),
                false => Err(NotStarted::IdUsed),
            };
        }
        if let Some(running) = known.running() {
            return Err(NotStarted::Running(running.id));
        }
        if self.0.stops.load(Ordering::Relaxed) {
            return Err(NotStarted::Stopping);
        }
        let verification = Verification {
            id,
            expected_head,
            started_at: now(),
            finished_at: None,
            progress: Progress::default(),
            status: Status::Running,
        };
        if dry_run {
            return Ok((verification, false));
        }
        let (shared, head) = (Arc::clone(&self.0), verification.expected_head.clone());
        let thread = thread::Builder::new().name("verification".to_owned());
        // It records nothing before its entry exists: recording takes the lock, which is held here.
        let started = thread.spawn(move || shared.run(id, &head));
        started.map_err(NotStarted::NoThread)?;
        known.all.push_front(verification.clone());
        known.all.truncate(KEPT_MAX);
        self.0.is_running.send_replace(true);
        Ok((verification, false))
    }

    /// All that are remembered, newest first.
    pub(crate) fn all(&self) -> Vec<Verification> {
        self.0.known().all.iter().cloned().collect()
    }

    /// One that is remembered.
    pub(crate) fn get(&self, id: Uuid) -> Option<Verification> {
        let known = self.0.known();
        known.all.iter().find(|known| known.id == id).cloned()
    }

    /// What the metrics show.
    pub(crate) fn facts(&self) -> Facts {
        let known = self.0.known();
        let has_ended = |known: &&Verification| known.finished_at.is_some();
        Facts {
            is_running: known.running().is_some(),
            last: known.all.iter().find(has_ended).cloned(),
            last_passed_at: known.last_passed_at,
        }
    }

    /// Starts no more, and ends the running one at its next query.
    pub(crate) fn stop(&self) {
        let _known = self.0.known();
        self.0.stops.store(true, Ordering::Relaxed);
    }

    /// Completes when none is running.
    pub(crate) async fn ended(&self) {
        // The sender lives as long as this.
        let _ = self.0.is_running.subscribe().wait_for(|runs| !runs).await;
    }
}

impl Known {
    fn running(&self) -> Option<&Verification> {
        // A new one starts only where none runs.
        self.all
            .front()
            .filter(|newest| newest.finished_at.is_none())
    }
}

impl Shared {
    fn known(&self) -> MutexGuard<'_, Known> {
        // Every change under the lock is complete, so a panic of another thread leaves no half of
        // one.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
