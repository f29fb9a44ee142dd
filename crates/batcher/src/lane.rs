//! Lanes: the queued tickets of one class, in order.

use std::collections::{HashSet, VecDeque};

use wallet_domain::AccountId;

use crate::admission::Depth;
use crate::ticket::Ticket;

/// How often the first ticket of a lane is skipped before its accounts are reserved for it.
const SKIPPED_MAX: u32 = 4;

/// The weight that one scan of a lane may skip. Behind so much blocked work, little else is likely
/// to be free.
const SCAN_MAX: usize = 4_096;

/// The queued tickets of one class.
#[derive(Default)]
pub(crate) struct Lane {
    tickets: VecDeque<Ticket>,
    /// The weight of all queued tickets.
    weight: usize,
    /// The unused share, saved because the first unit weighs more than the share. It grows until
    /// that unit can be executed.
    saved: usize,
    /// The number of refused requests.
    pub(crate) refused: u64,
}

/// The tickets picked for one transaction, from one lane after the other.
pub(crate) struct Pick<'a> {
    in_flight: &'a HashSet<AccountId>,
    /// Accounts of skipped and of overdue tickets.
    held_back: HashSet<AccountId>,
    pub(crate) tickets: Vec<Ticket>,
}

impl<'a> Pick<'a> {
    pub(crate) fn new(in_flight: &'a HashSet<AccountId>) -> Self {
        Self {
            in_flight,
            held_back: HashSet::new(),
            tickets: Vec::new(),
        }
    }

    /// Whether no other work has, or waits for, an account of the ticket's first units. An overdue
    /// ticket waits only for batches in flight.
    fn is_free(&self, ticket: &Ticket, units: usize, is_overdue: bool) -> bool {
        if self.in_flight.is_empty() && self.held_back.is_empty() {
            return true;
        }
        !ticket
            .accounts_of(units)
            .any(|id| self.in_flight.contains(&id) || !is_overdue && self.held_back.contains(&id))
    }
}

impl Lane {
    pub(crate) fn depth(&self) -> Depth {
        Depth {
            requests: self.tickets.len(),
            weight: self.weight,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.tickets.is_empty()
    }

    pub(crate) fn push(&mut self, ticket: Ticket) {
        self.weight += ticket.weight;
        self.tickets.push_back(ticket);
    }

    /// Reserves the accounts of an overdue first ticket, or of its first slice of at most `weight`.
    /// From now on no other ticket takes them, so it can be executed when the batches in flight
    /// have ended.
    pub(crate) fn reserve(&self, pick: &mut Pick<'_>, weight: usize) {
        if let Some(first) = self.tickets.front()
            && is_overdue(first)
        {
            let (units, _) = first.prefix(weight.saturating_add(self.saved));
            pick.held_back.extend(first.accounts_of(units.max(1)));
        }
    }

    /// Picks tickets of at most `share` in weight, oldest first, and at least one unit if nothing
    /// else was picked.
    ///
    /// A ticket that touches an account of a batch in flight is skipped, and holds its accounts
    /// back from the tickets behind it. With `cuts`, a ticket is cut where the share ends; without,
    /// it waits for the next transaction.
    pub(crate) fn pick(&mut self, pick: &mut Pick<'_>, share: usize, cuts: bool) {
        if share == 0 {
            return;
        }
        let saved = std::mem::take(&mut self.saved);
        let mut left = share.saturating_add(saved);
        let mut skipped = VecDeque::new();
        let mut scanned = 0;
        let mut picked_any = false;
        while left > 0 && scanned < SCAN_MAX {
            let Some(mut ticket) = self.tickets.pop_front() else {
                break;
            };
            if ticket.is_abandoned() {
                self.weight -= ticket.weight;
                continue;
            }
            let fits = ticket.weight <= left;
            let (units, weight) = match (fits, cuts || pick.tickets.is_empty()) {
                (true, _) => (ticket.units.len(), ticket.weight),
                (false, true) => ticket.prefix(left),
                (false, false) => (0, 0),
            };
            let (units, weight) = match units {
                0 if fits => (0, 0),
                0 if pick.tickets.is_empty() => (1, first_weight(&ticket)),
                0 => {
                    // It is executed once enough is saved. Whole tickets need not save: they begin
                    // a transaction of their own.
                    if cuts && skipped.is_empty() {
                        self.saved = left;
                    }
                    self.tickets.push_front(ticket);
                    break;
                }
                units => (units, weight),
            };
            let is_first = skipped.is_empty();
            let is_overdue = is_first && is_overdue(&ticket);
            let is_in_flight = ticket.is_in_flight();
            if is_in_flight || !pick.is_free(&ticket, units, is_overdue) {
                if is_first {
                    ticket.skipped += u32::from(!is_in_flight);
                }
                if is_first && !picked_any {
                    // The saved weight belongs to this ticket, not to those behind it.
                    self.saved = saved;
                    left = left.min(share);
                }
                scanned += ticket.weight;
                pick.held_back.extend(ticket.accounts());
                skipped.push_back(ticket);
                continue;
            }
            self.weight -= weight;
            picked_any = true;
            left = left.saturating_sub(weight);
            if units == ticket.units.len() {
                pick.tickets.push(ticket);
                continue;
            }
            pick.tickets.push(ticket.cut(units, weight));
            skipped.push_back(ticket);
            break;
        }
        while let Some(ticket) = skipped.pop_back() {
            self.tickets.push_front(ticket);
        }
    }
}

fn is_overdue(ticket: &Ticket) -> bool {
    ticket.skipped >= SKIPPED_MAX
}

fn first_weight(ticket: &Ticket) -> usize {
    ticket.units.first().map_or(0, wallet_domain::Unit::weight)
}
