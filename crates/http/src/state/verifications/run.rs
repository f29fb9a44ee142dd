//! The run of one verification, on a thread of its own.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use uuid::Uuid;
use wallet_domain::{
    Causes, ChainHead, ReadsThrough, SnapshotUse, StoreError, Verified, VerifyError, WholeLedger,
    verify,
};

use super::Shared;
use super::record::{Progress, Status};
use crate::request::time::now;

impl Shared {
    pub(super) fn run(&self, id: Uuid, expected_head: &ChainHead) {
        // If this panics, the verification must not count as running until the process ends.
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
            Err(error) => {
                let cause = match &error {
                    VerifyError::Store(failure) => Causes(failure),
                    other => Causes(other),
                };
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
        // A store that refuses here says nothing about the books.
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

/// Records how a verification ended: aborted, unless stated otherwise.
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

/// Answers queries until the process is about to end.
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
