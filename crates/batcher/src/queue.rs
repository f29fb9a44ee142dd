//! Where commands wait: a bounded queue that callers never wait for and writers empty in batches.
//!
//! Batches that are carried out at the same time have no account in common. A second writer would only
//! wait for the first one's locks otherwise, with a transaction open and commands in hand; so it passes
//! over what touches an account of a batch under way and takes what comes after it. Commands on one
//! account keep their order all the same: what is passed over holds its accounts back from what is behind.

use std::collections::{HashSet, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::oneshot;
use wallet_domain::{AccountId, Command, Outcome, SubmitError, Unit};

use crate::limits::Limits;
use crate::room::Room;
use crate::spans::Waiting;

/// Where a caller waits for the answer.
pub(crate) type Reply = oneshot::Sender<Result<Vec<Outcome>, SubmitError>>;

/// What a caller handed in and where the answer goes.
pub(crate) struct Ticket {
    pub(crate) units: Vec<Unit>,
    pub(crate) reply: Reply,
    pub(crate) queued_at: Instant,
    pub(crate) waiting: Waiting,
}

impl Ticket {
    /// What is handed in now.
    pub(crate) fn new(units: Vec<Unit>, reply: Reply) -> Self {
        Self {
            units,
            reply,
            queued_at: Instant::now(),
            waiting: Waiting::begin(),
        }
    }

    fn commands(&self) -> impl Iterator<Item = &Command> {
        self.units.iter().flat_map(|unit| &unit.commands)
    }

    fn accounts(&self) -> impl Iterator<Item = AccountId> {
        self.commands().flat_map(Command::accounts)
    }

    /// How much of a batch it fills.
    fn len(&self) -> usize {
        self.units.iter().map(|unit| unit.commands.len()).sum()
    }
}

/// A bounded queue between callers and writers.
pub(crate) struct Queue {
    state: Mutex<State>,
    work: Condvar,
}

struct State {
    room: Room,
    waiting: VecDeque<Ticket>,
    /// The commands of all that wait.
    commands_waiting: usize,
    /// The accounts of all batches that were taken and not dropped yet.
    under_way: HashSet<AccountId>,
    idle_writers: usize,
    closed: bool,
}

/// What a writer took. Its accounts are kept from other batches until it is dropped.
pub(crate) struct Batch<'a> {
    queue: &'a Queue,
    accounts: Vec<AccountId>,
    commands: usize,
    taken_at: Instant,
    pub(crate) tickets: Vec<Ticket>,
}

impl Queue {
    pub(crate) fn new(limits: &Limits) -> Self {
        let state = State {
            room: Room::new(limits),
            waiting: VecDeque::new(),
            commands_waiting: 0,
            under_way: HashSet::new(),
            idle_writers: 0,
            closed: false,
        };
        Self {
            state: Mutex::new(state),
            work: Condvar::new(),
        }
    }

    /// Queues a ticket, or says at once why not.
    pub(crate) fn push(&self, ticket: Ticket) -> Result<(), SubmitError> {
        let mut state = self.lock();
        if state.closed {
            return Err(SubmitError::Stopping);
        }
        if !state.room.has_room(state.commands_waiting) {
            return Err(SubmitError::Overloaded);
        }
        // A busy writer looks at the queue by itself; waking costs a system call, so only who sleeps is
        // woken, and only for what it can take.
        let wake = state.idle_writers > 0 && state.is_free(&ticket);
        state.commands_waiting += ticket.len();
        state.waiting.push_back(ticket);
        drop(state);
        if wake {
            self.work.notify_one();
        }
        Ok(())
    }

    /// Waits until there is work that no other batch stands in the way of, and takes up to `max` commands of it,
    /// oldest first, but at least one ticket. `None` once the queue is closed and empty.
    pub(crate) fn take(&self, max: usize) -> Option<Batch<'_>> {
        let mut state = self.lock();
        loop {
            let tickets = state.pick(max);
            if !tickets.is_empty() {
                let accounts: Vec<AccountId> = tickets.iter().flat_map(Ticket::accounts).collect();
                state.under_way.extend(&accounts);
                return Some(Batch {
                    queue: self,
                    accounts,
                    commands: tickets.iter().map(Ticket::len).sum(),
                    taken_at: Instant::now(),
                    tickets,
                });
            }
            if state.closed && state.waiting.is_empty() {
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

    /// How many commands wait.
    pub(crate) fn waiting(&self) -> usize {
        self.lock().commands_waiting
    }

    /// How many may wait, as things are.
    pub(crate) fn room(&self) -> usize {
        self.lock().room.commands()
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

impl State {
    /// Whether no batch under way touches an account of the ticket.
    fn is_free(&self, ticket: &Ticket) -> bool {
        !ticket.accounts().any(|id| self.under_way.contains(&id))
    }

    fn pick(&mut self, max: usize) -> Vec<Ticket> {
        let mut picked = Vec::new();
        let mut passed_over = VecDeque::new();
        let mut held_back = HashSet::new();
        let mut room = max;
        while let Some(ticket) = self.waiting.pop_front() {
            let is_free = self.under_way.is_empty()
                || self.is_free(&ticket) && !ticket.accounts().any(|id| held_back.contains(&id));
            if !is_free {
                held_back.extend(ticket.accounts());
                passed_over.push_back(ticket);
                continue;
            }
            let commands = ticket.len();
            if commands > room && !picked.is_empty() {
                self.waiting.push_front(ticket);
                break;
            }
            picked.push(ticket);
            self.commands_waiting -= commands;
            room = room.saturating_sub(commands);
            if room == 0 {
                break;
            }
        }
        if !passed_over.is_empty() {
            passed_over.append(&mut self.waiting);
            self.waiting = passed_over;
        }
        picked
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        let mut state = self.queue.lock();
        for id in &self.accounts {
            state.under_way.remove(id);
        }
        let (took, waiting) = (self.taken_at.elapsed(), state.commands_waiting);
        state.room.carried_out(self.commands, took, waiting);
        // This batch's writer takes what waited for it, unless it was the last to be needed.
        let wake = state.idle_writers > 0 && (state.closed || !state.waiting.is_empty());
        drop(state);
        if wake {
            self.queue.work.notify_all();
        }
    }
}

#[cfg(test)]
mod tests;
