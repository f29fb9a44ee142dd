//! Shares: how much of each class the next transaction holds.
//!
//! While single writes come in, a transaction is short: all that wait of them, a slice of bulk, and
//! an eighth of a slice of housekeeping. Where they fill transactions, bulk has a quarter as much. So
//! single writes do not wait for long transactions, and nobody starves. While none comes in, bulk
//! has whole transactions, and without bulk housekeeping has.

use std::time::{Duration, Instant};

use crate::limits::Limits;

/// How long after the last single write transactions stay short: the next one must not meet a long
/// one.
const CALM_AFTER: Duration = Duration::from_secs(5);

/// One in so many of a transaction is for bulk where single writes could fill it.
const BULK_PART: usize = 4;

/// One in so many of what bulk has is for housekeeping.
const HOUSEKEEPING_PART: usize = 8;

/// What decides about shares.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Situation {
    /// The weight that waits, by class.
    pub(crate) waiting: [usize; 3],
    pub(crate) last_single_at: Option<Instant>,
    pub(crate) now: Instant,
    /// How many transactions with bulk or housekeeping are under way.
    pub(crate) background_under_way: usize,
}

/// The weight that each class may have in a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shares {
    pub(crate) single: usize,
    pub(crate) bulk: usize,
    pub(crate) housekeeping: usize,
    /// Requests are cut so that they fit; otherwise one that does not fit waits for a transaction
    /// of its own.
    pub(crate) cuts: bool,
}

impl Shares {
    pub(crate) fn new(limits: &Limits, situation: &Situation) -> Self {
        let max = limits.batch_max;
        let [singles, bulk, housekeeping] = situation.waiting;
        if bulk == 0 && housekeeping == 0 {
            return Self::only_singles(max);
        }
        let is_recent = |at| situation.now.saturating_duration_since(at) < CALM_AFTER;
        if singles == 0 && !situation.last_single_at.is_some_and(is_recent) {
            let of_housekeeping = match (bulk, housekeeping) {
                (_, 0) => 0,
                (0, _) => max,
                _ => housekeeping.min(max / HOUSEKEEPING_PART).max(1),
            };
            return Self {
                single: 0,
                bulk: max.saturating_sub(of_housekeeping).max(bulk.min(1)),
                housekeeping: of_housekeeping,
                cuts: false,
            };
        }
        // One writer stays free for single writes, if there are several.
        if situation.background_under_way >= (limits.writers / 2).max(1) {
            return Self::only_singles(max);
        }
        let single = singles.min(max - max / BULK_PART);
        let background = limits.slice_max.max(single / BULK_PART);
        let background = background.min(max - single).max(1);
        let of_housekeeping = (background / HOUSEKEEPING_PART).max(1);
        let of_housekeeping = if housekeeping == 0 {
            0
        } else {
            of_housekeeping
        };
        Self {
            single,
            bulk: background.saturating_sub(of_housekeeping).max(1),
            housekeeping: of_housekeeping,
            cuts: true,
        }
    }

    fn only_singles(max: usize) -> Self {
        Self {
            single: max,
            bulk: 0,
            housekeeping: 0,
            cuts: true,
        }
    }
}

#[cfg(test)]
mod tests;
