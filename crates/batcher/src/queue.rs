//! The queue between callers and writers: bounded, with a lane for each class of work.
//!
//! Callers never wait for it: [`Admission`] accepts or refuses a ticket immediately. Writers empty
//! it in batches, composed by [`Shares`].
//!
//! Batches that are executed at the same time have no account in common. Otherwise a second writer
//! would only wait for the locks of the first one, with an open transaction and the commands it has
//! taken. So it skips tickets that touch an account of a batch in flight, and takes later ones.
//! Commands on one account still keep their order within a class: a skipped ticket holds its
//! accounts back from the tickets behind it and from the classes behind its own. A ticket that was
//! skipped several times reserves its accounts until it has been executed.

use std::collections::HashSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use wallet_domain::{AccountId, SubmitError, WorkClass};

use crate::admission::Admission;
use crate::lane::{Lane, Pick};
use crate::limits::Limits;
use crate::shares::{Shares, Situation};
use crate::ticket::Ticket;

/// A bounded queue between callers and writers.
pub(crate) struct Queue {
    state: Mutex<State>,
    work: Condvar,
}

struct State {
    limits: Limits,
    admission: Admission,
    /// Indexed by class.
    lanes: [Lane; 3],
    last_single_at: Option<Instant>,
    /// The accounts of all batches that were taken and not yet dropped.
    in_flight: HashSet<AccountId>,
    /// How many of these batches hold bulk or housekeeping.
    background_in_flight: usize,
    idle_writers: usize,
    closed: bool,
}

/// The tickets that a writer took. Their accounts are kept from other batches until it is dropped.
pub(crate) struct Batch<'a> {
    queue: &'a Queue,
    accounts: Vec<AccountId>,
    weight: usize,
    has_background: bool,
    taken_at: Instant,
    pub(crate) tickets: Vec<Ticket>,
}

impl Queue {
    /// Creates an empty queue.
    pub(crate) fn new(limits: &Limits) -> Self {
        let state = State {
            limits: *limits,
            admission: Admission::new(limits),
            lanes: Default::default(),
            last_single_at: None,
            in_flight: HashSet::new(),
            background_in_flight: 0,
            idle_writers: 0,
            closed: false,
        };
        Self {
            state: Mutex::new(state),
            work: Condvar::new(),
        }
    }

    /// Queues a ticket, or refuses it immediately with the reason.
    pub(crate) fn push(&self, ticket: Ticket) -> Result<(), SubmitError> {
        let class = ticket.class;
        let mut state = self.lock();
        if state.closed {
            return Err(SubmitError::Stopping);
        }
        if class == WorkClass::Single {
            state.last_single_at = ticket.queued_at;
        }
        let waiting = state.lanes[class as usize].depth();
        if !state.admission.admits(class, waiting) {
            state.lanes[class as usize].refused += 1;
            return Err(SubmitError::Overloaded);
        }
        // A busy writer checks the queue by itself. A wake-up costs a system call, so we wake only
        // a sleeping writer, and only for a ticket it can take.
        let wake = state.idle_writers > 0 && state.is_takeable(&ticket);
        state.lanes[class as usize].push(ticket);
        drop(state);
        if wake {
            self.work.notify_one();
        }
        Ok(())
    }

    /// Waits until there is work that no other batch blocks, and takes the tickets of one
    /// transaction, the oldest of each class first. Returns `None` once the queue is closed and
    /// empty.
    pub(crate) fn take(&self) -> Option<Batch<'_>> {
        let mut state = self.lock();
        loop {
            if let Some(batch) = self.try_take(&mut state) {
                return Some(batch);
            }
            if state.closed && state.is_empty() {
                return None;
            }
            state.idle_writers += 1;
            state = self
                .work
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
            state.idle_writers -= 1;
        }
    }

    fn try_take(&self, state: &mut State) -> Option<Batch<'_>> {
        let tickets = state.pick();
        if tickets.is_empty() {
            return None;
        }
        let accounts: Vec<AccountId> = tickets.iter().flat_map(Ticket::accounts).collect();
        let has_background = tickets.iter().any(|it| it.class != WorkClass::Single);
        state.in_flight.extend(&accounts);
        state.background_in_flight += usize::from(has_background);
        Some(Batch {
            queue: self,
            accounts,
            weight: tickets.iter().map(|ticket| ticket.weight).sum(),
            has_background,
            taken_at: Instant::now(),
            tickets,
        })
    }

    /// The queued weight of a class.
    pub(crate) fn waiting(&self, class: WorkClass) -> usize {
        self.lock().lanes[class as usize].depth().weight
    }

    /// The current queue limit of a class, in weight.
    pub(crate) fn limit(&self, class: WorkClass) -> usize {
        self.lock().admission.limit(class)
    }

    /// The number of refused requests of a class.
    pub(crate) fn refused(&self, class: WorkClass) -> u64 {
        self.lock().lanes[class as usize].refused
    }

    /// Refuses new tickets from now on. Queued tickets are still taken.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.work.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics while the lock is held, so the state is consistent even if poisoned.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether an idle writer could take the ticket, as far as a quick check shows.
    fn is_takeable(&self, ticket: &Ticket) -> bool {
        let is_single = ticket.class == WorkClass::Single;
        !is_single || !ticket.accounts().any(|id| self.in_flight.contains(&id))
    }

    fn is_empty(&self) -> bool {
        self.lanes.iter().all(Lane::is_empty)
    }

    fn pick(&mut self) -> Vec<Ticket> {
        let Self { limits, lanes, .. } = self;
        // A request without commands weighs nothing but is queued as well.
        let waiting = |class: usize| {
            let depth = lanes[class].depth();
            depth.weight.max(depth.requests.min(1))
        };
        let shares = Shares::new(
            limits,
            &Situation {
                waiting: [0, 1, 2].map(waiting),
                last_single_at: self.last_single_at,
                now: Instant::now(),
                background_in_flight: self.background_in_flight,
            },
        );
        let [singles, bulk, housekeeping] = lanes;
        let mut pick = Pick::new(&self.in_flight);
        let largest_slice = limits.slice_max.max(limits.batch_max / 4);
        bulk.reserve(&mut pick, largest_slice);
        housekeeping.reserve(&mut pick, largest_slice);
        singles.pick(&mut pick, shares.single, false);
        bulk.pick(&mut pick, shares.bulk, shares.cuts);
        housekeeping.pick(&mut pick, shares.housekeeping, true);
        pick.tickets
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        let mut state = self.queue.lock();
        for id in &self.accounts {
            state.in_flight.remove(id);
        }
        state.background_in_flight -= usize::from(self.has_background);
        let took = self.taken_at.elapsed();
        let singles_waiting = state.lanes[WorkClass::Single as usize].depth().weight;
        state
            .admission
            .record_batch(self.weight, took, singles_waiting);
        // This batch's writer takes the tickets that waited for it, unless it is no longer needed.
        let wake = state.idle_writers > 0 && (state.closed || !state.is_empty());
        drop(state);
        if wake {
            self.queue.work.notify_all();
        }
    }
}

#[cfg(test)]
mod tests;
