//! Tickets: the requests of callers, and how a large one is cut into slices.
//!
//! A ticket of many independent units may be executed in several transactions, one after the other.
//! Its caller gets one answer, in the order of the units, after the last transaction. A unit is
//! never cut.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::oneshot;
use tracing::Span;
use wallet_domain::{AccountId, Command, Unit, WorkClass};

use crate::settlement::{Answer, Settlement};
use crate::spans::Waiting;

/// Sends the answer to a waiting caller.
pub(crate) type Reply = oneshot::Sender<Answer>;

/// A caller that waits for the results of some of a batch's units.
pub(crate) struct Caller {
    pub(crate) units: usize,
    pub(crate) reply: ReplyTo,
    pub(crate) span: Span,
}

/// A caller's request, or a slice of it, and where the answer goes.
pub(crate) struct Ticket {
    pub(crate) class: WorkClass,
    pub(crate) units: Vec<Unit>,
    pub(crate) weight: usize,
    pub(crate) reply: ReplyTo,
    /// `None` for every slice but the first.
    pub(crate) queued_at: Option<Instant>,
    pub(crate) waiting: Waiting,
    /// How often it was first in its lane while another batch had one of its accounts.
    pub(crate) skipped: u32,
}

impl Ticket {
    /// Creates the ticket of a request that arrives now.
    pub(crate) fn new(class: WorkClass, units: Vec<Unit>, reply: Reply) -> Self {
        Self {
            class,
            weight: units.iter().map(Unit::weight).sum(),
            units,
            reply: ReplyTo::Caller(reply),
            queued_at: Some(Instant::now()),
            waiting: Waiting::begin(),
            skipped: 0,
        }
    }

    /// The accounts of its first `units` units.
    pub(crate) fn accounts_of(&self, units: usize) -> impl Iterator<Item = AccountId> {
        let units = self.units.iter().take(units);
        let commands = units.flat_map(|unit| &unit.commands);
        commands.flat_map(Command::accounts)
    }

    /// All its accounts.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = AccountId> {
        self.accounts_of(self.units.len())
    }

    /// How many units from the first one on weigh at most `weight`, and what they weigh.
    pub(crate) fn prefix(&self, weight: usize) -> (usize, usize) {
        if self.weight <= weight {
            return (self.units.len(), self.weight);
        }
        let mut sum = 0;
        for (index, unit) in self.units.iter().enumerate() {
            let with_unit = sum + unit.weight();
            if with_unit > weight {
                return (index, sum);
            }
            sum = with_unit;
        }
        (self.units.len(), sum)
    }

    /// Cuts off the first `units` units, which weigh `weight`, and keeps the rest.
    pub(crate) fn cut(&mut self, units: usize, weight: usize) -> Self {
        let rest = self.units.split_off(units);
        let slice = std::mem::replace(&mut self.units, rest);
        self.weight -= weight;
        self.skipped = 0;
        let slices = self.reply.slices();
        slices.lock().is_in_flight = true;
        Self {
            class: self.class,
            units: slice,
            weight,
            reply: ReplyTo::Slices {
                slices,
                is_last: false,
            },
            queued_at: self.queued_at.take(),
            waiting: self.waiting.for_slice(),
            skipped: 0,
        }
    }

    /// Whether a writer has a slice of it. The next slice waits for the result of that one.
    pub(crate) fn is_in_flight(&self) -> bool {
        matches!(&self.reply, ReplyTo::Slices { slices, .. } if slices.lock().is_in_flight)
    }

    /// Whether the caller was already answered because a slice failed. The rest has no recipient.
    pub(crate) fn is_abandoned(&self) -> bool {
        matches!(&self.reply, ReplyTo::Slices { slices, .. } if slices.lock().reply.is_none())
    }
}

/// Where the answer to a ticket goes.
pub(crate) enum ReplyTo {
    /// The ticket is whole.
    Caller(Reply),
    /// It is a slice of a ticket, or the rest of one.
    Slices { slices: Arc<Slices>, is_last: bool },
}

impl ReplyTo {
    /// The state that the slices of a ticket share. The rest of the ticket is its last slice.
    fn slices(&mut self) -> Arc<Slices> {
        let Self::Slices { slices, .. } = self else {
            let slices = Arc::new(Slices::default());
            let whole = std::mem::replace(
                self,
                Self::Slices {
                    slices: slices.clone(),
                    is_last: true,
                },
            );
            if let Self::Caller(reply) = whole {
                slices.lock().reply = Some(reply);
            }
            return slices;
        };
        slices.clone()
    }

    /// Sends the results of the units. A caller that no longer waits gets none, which is fine.
    pub(crate) fn send(self, settlement: Settlement) {
        match self {
            Self::Caller(reply) => {
                let _ = reply.send(settlement.into_answer());
            }
            Self::Slices { slices, is_last } => slices.lock().settle(settlement, is_last),
        }
    }
}

/// The results of the slices so far.
#[derive(Default)]
pub(crate) struct Slices {
    state: Mutex<SlicesState>,
}

#[derive(Default)]
struct SlicesState {
    /// Present until the caller is answered.
    reply: Option<Reply>,
    so_far: Settlement,
    is_in_flight: bool,
}

impl Slices {
    fn lock(&self) -> MutexGuard<'_, SlicesState> {
        // Nothing panics while the lock is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SlicesState {
    /// Settles a slice. The caller is answered if the slice was the last one, or if the store
    /// cannot execute the next.
    fn settle(&mut self, slice: Settlement, is_last: bool) {
        self.is_in_flight = false;
        let store_is_usable = slice.store_is_usable();
        self.so_far.merge(slice);
        if store_is_usable && !is_last {
            return;
        }
        if let Some(reply) = self.reply.take() {
            let _ = reply.send(std::mem::take(&mut self.so_far).into_answer());
        }
    }
}

#[cfg(test)]
mod tests;
