//! Verifications: proofs of the books that operators start, and that run while everything else goes
//! on.
//!
//! One runs at a time, on a thread of its own, over a snapshot of its own
//! ([`SnapshotUse::WholeLedger`]): it takes neither a place nor a connection from readers, and
//! whether it passes says nothing about readiness. Nothing of it is in the ledger. The process
//! remembers the last [`KEPT_MAX`], and forgets them when it ends.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use tokio::sync::watch;
use uuid::Uuid;
use wallet_domain::{
    Causes, ChainHead, Contradiction, LedgerSnapshots, ReadsThrough, SnapshotUse, StoreError,
    Timestamp, Verified, VerifyError, WholeLedger, verify,
};

use crate::time::now;

/// How many verifications are remembered.
pub(crate) const KEPT_MAX: usize = 20;

/// A proof of the books, begun or ended.
#[derive(Clone, Debug)]
pub(crate) struct Verification {
    pub(crate) id: Uuid,
    /// What the books have to contain; may be empty.
    pub(crate) expected_head: ChainHead,
    pub(crate) started_at: Timestamp,
    pub(crate) finished_at: Option<Timestamp>,
    /// What was read so far.
    pub(crate) progress: Progress,
    pub(crate) status: Status,
}

/// How many records were read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Progress {
    pub(crate) accounts: u64,
    pub(crate) parts: u64,
    pub(crate) transfers: u64,
    pub(crate) open_holds: u64,
    pub(crate) links: u64,
    pub(crate) adopted: u64,
}

/// What became of a verification.
#[derive(Clone, Debug)]
pub(crate) enum Status {
    Running,
    /// The books are proved; their chain ends here.
    Passed(ChainHead),
    /// Something in the books is wrong.
    Failed(Contradiction),
    /// It did not come to an end, which says nothing about the books. The log has the cause.
    Aborted,
}

impl Status {
    /// Every word that [`as_str`](Self::as_str) gives of a verification that has ended.
    pub(crate) const ENDED: [&str; 3] = ["passed", "failed", "aborted"];

    /// The stable word for it.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Passed(_) => "passed",
            Self::Failed(_) => "failed",
            Self::Aborted => "aborted",
        }
    }
}

/// Why a verification is not started.
#[derive(Debug)]
pub(crate) enum NotStarted {
    /// Another one of that id has, or had, another head to find.
    IdUsed,
    /// This one runs.
    Running(Uuid),
    /// The process is about to end.
    Stopping,
    /// The system gives no thread.
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

/// What is counted about verifications.
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

    /// Starts a verification; gives it, and whether it had been started before. A dry run changes
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
        // It can record nothing before its entry exists: that takes the lock, which is held here.
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

    /// For the metrics.
    pub(crate) fn facts(&self) -> Facts {
        let known = self.0.known();
        let has_ended = |known: &&Verification| known.finished_at.is_some();
        Facts {
            is_running: known.running().is_some(),
            last: known.all.iter().find(has_ended).cloned(),
            last_passed_at: known.last_passed_at,
        }
    }

    /// Starts no more, and ends the one that runs at its next query.
    pub(crate) fn stop(&self) {
        let _known = self.0.known();
        self.0.stops.store(true, Ordering::Relaxed);
    }

    /// Returns when none runs.
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
        // Every change under the lock is a whole one, so a panic elsewhere leaves no half of it.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self, id: Uuid, expected_head: &ChainHead) {
        // If this panics, the verification does not count as running for ever.
        let end = End { shared: self, id };
        tracing::info!(%id, "verifying the books");
        let status = match self.verify(id, expected_head) {
            Ok(verified) => {
                let Verified {
                    accounts,
                    transfers,
                    links,
                    head,
                    ..
                } = verified;
                tracing::info!(%id, accounts, transfers, links, %head, "the books are proved");
                Status::Passed(head)
            }
            Err(VerifyError::Contradiction(contradiction)) => {
                tracing::error!(%id, "the books contradict themselves: {contradiction}");
                Status::Failed(contradiction)
            }
            Err(VerifyError::Store(error)) => {
                let cause = Causes(&error);
                tracing::warn!(
                    %id,
                    "the verification was aborted, which says nothing about the books: {cause}"
                );
                Status::Aborted
            }
        };
        end.with(status);
    }

    fn verify(&self, id: Uuid, expected_head: &ChainHead) -> Result<Verified, VerifyError> {
        // What the store refuses here is no row of the books.
        let snapshot = self.snapshots.snapshot(SnapshotUse::WholeLedger);
        let queries = UntilStopped {
            queries: snapshot.map_err(VerifyError::Store)?,
            stops: &self.stops,
        };
        let progress = |so_far: &Verified| {
            let mut known = self.known();
            let mut all = known.all.iter_mut();
            if let Some(verification) = all.find(|known| known.id == id) {
                verification.progress = Progress::from(so_far);
            }
        };
        let verified = verify(&queries, expected_head, &mut { progress })?;
        progress(&verified);
        Ok(verified)
    }
}

impl From<&Verified> for Progress {
    fn from(so_far: &Verified) -> Self {
        Self {
            accounts: so_far.accounts,
            parts: so_far.parts,
            transfers: so_far.transfers,
            open_holds: so_far.open_holds,
            links: so_far.links,
            adopted: so_far.adopted,
        }
    }
}

/// Notes how a verification ended: aborted, if nothing else is said.
struct End<'a> {
    shared: &'a Shared,
    id: Uuid,
}

impl End<'_> {
    fn with(self, status: Status) {
        self.note(status);
        std::mem::forget(self);
    }

    fn note(&self, status: Status) {
        let mut known = self.shared.known();
        let finished_at = now();
        if let Status::Passed(_) = status {
            known.last_passed_at = Some(finished_at);
        }
        let mut all = known.all.iter_mut();
        if let Some(verification) = all.find(|known| known.id == self.id) {
            verification.status = status;
            verification.finished_at = Some(finished_at);
        }
        self.shared.is_running.send_replace(false);
    }
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.note(Status::Aborted);
    }
}

/// Answers until the process is about to end.
struct UntilStopped<'a> {
    queries: Box<dyn WholeLedger>,
    stops: &'a AtomicBool,
}

impl ReadsThrough for UntilStopped<'_> {
    fn queries(&self) -> Result<&dyn WholeLedger, StoreError> {
        match self.stops.load(Ordering::Relaxed) {
            false => Ok(&*self.queries),
            true => {
                let cause = io::Error::other("the service is stopping");
                Err(StoreError::Unavailable(Arc::new(cause)))
            }
        }
    }
}
