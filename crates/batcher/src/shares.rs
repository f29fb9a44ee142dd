//! Shares: the weight of each class in the next transaction.
//!
//! While single writes come in, a transaction is short: all queued single writes, a slice of bulk,
//! and an eighth of a slice of housekeeping. If single writes alone could fill transactions, bulk
//! gets a quarter as much as they do. So single writes do not wait for long transactions, and no
//! class starves. While no single writes come in, bulk has whole transactions, and without bulk,
//! housekeeping does.

use std::time::{Duration, Instant};

use crate::limits::Limits;

/// How long transactions stay short after the last single write: the next one must not meet a long
/// transaction.
const CALM_AFTER: Duration = Duration::from_secs(5);

/// The divisor for bulk's part of a transaction that single writes could fill.
const BULK_PART: usize = 4;

/// The divisor for housekeeping's part of bulk's share.
const HOUSEKEEPING_PART: usize = 8;

/// The inputs for the shares.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Situation {
    /// The queued weight, by class.
    pub(crate) waiting: [usize; 3],
    pub(crate) last_single_at: Option<Instant>,
    pub(crate) now: Instant,
    /// The number of transactions in flight with bulk or housekeeping.
    pub(crate) background_in_flight: usize,
}

/// The weight that each class may have in a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shares {
    pub(crate) single: usize,
    pub(crate) bulk: usize,
    pub(crate) housekeeping: usize,
    /// Requests are cut to fit. Otherwise a request that does not fit waits for a transaction of
    /// its own.
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
            let housekeeping_share = match (bulk, housekeeping) {
                (_, 0) => 0,
                (0, _) => max,
                _ => housekeeping.min(max / HOUSEKEEPING_PART).max(1),
            };
            return Self {
                single: 0,
                bulk: max.saturating_sub(housekeeping_share).max(bulk.min(1)),
                housekeeping: housekeeping_share,
                cuts: false,
            };
        }
        // With several writers, at least half of them stay free for single writes.
        if situation.background_in_flight >= (limits.writers / 2).max(1) {
            return Self::only_singles(max);
        }
        let single = singles.min(max - max / BULK_PART);
        let background = limits.slice_max.max(single / BULK_PART);
        let background = background.min(max - single).max(1);
        let housekeeping_share = (background / HOUSEKEEPING_PART).max(1);
        let housekeeping_share = if housekeeping == 0 {
            0
        } else {
            housekeeping_share
        };
        Self {
            single,
            bulk: background.saturating_sub(housekeeping_share).max(1),
            housekeeping: housekeeping_share,
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
