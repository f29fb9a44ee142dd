//! Where commands wait: a bounded queue that callers never wait for and writers empty in batches.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use wallet_domain::{Command, Outcome, SubmitError};

/// Where a caller waits for the answer.
pub(crate) type Reply = oneshot::Sender<Result<Outcome, SubmitError>>;

/// A command and where its answer goes.
pub(crate) struct Ticket {
    pub(crate) command: Command,
    pub(crate) reply: Reply,
}

/// A bounded queue between callers and writers.
pub(crate) struct Queue {
    max: usize,
    state: Mutex<State>,
    work: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Ticket>,
    idle_writers: usize,
    closed: bool,
}

impl Queue {
    pub(crate) fn new(max: usize) -> Self {
        Self {
            max,
            state: Mutex::default(),
            work: Condvar::new(),
        }
    }

    /// Queues a ticket, or says at once why not.
    pub(crate) fn push(&self, ticket: Ticket) -> Result<(), SubmitError> {
        let mut state = self.lock();
        if state.closed {
            return Err(SubmitError::Stopping);
        }
        if state.waiting.len() >= self.max {
            return Err(SubmitError::Overloaded);
        }
        state.waiting.push_back(ticket);
        // A busy writer looks at the queue by itself; waking costs a system call, so only who sleeps is woken.
        let wake = state.idle_writers > 0;
        drop(state);
        if wake {
            self.work.notify_one();
        }
        Ok(())
    }

    /// Waits until there is work and takes up to `max` tickets of it, oldest first. `None` once the
    /// queue is closed and empty.
    pub(crate) fn take(&self, max: usize) -> Option<Vec<Ticket>> {
        let mut state = self.lock();
        while state.waiting.is_empty() {
            if state.closed {
                return None;
            }
            state.idle_writers += 1;
            state = self
                .work
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
            state.idle_writers -= 1;
        }
        let count = state.waiting.len().min(max);
        Some(state.waiting.drain(..count).collect())
    }

    /// Refuses new tickets from now on; what waits is still taken.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.work.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics while the lock is held, so its state is whole whatever poisoned it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
