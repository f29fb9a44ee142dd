//! Which versions of an account an operation may have seen.
//!
//! A version appears at some time between the first request for its transfer and the
//! acknowledgement, and is replaced within the same window of the next version. Versions follow one
//! another, so both limits can be tightened along the account's history. After that, the versions
//! that a reader may have seen are one contiguous range.

use std::ops::RangeInclusive;

use bigdecimal::BigDecimal;

use super::Moment;
use crate::books::Part;

/// When the transfer behind a version was in flight; `None` where there is no such limit: the
/// version existed before the run, or no client received its acknowledgement.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Underway {
    pub(super) from: Option<Moment>,
    pub(super) until: Option<Moment>,
}

/// The versions of one account: place 0 is the empty account, place `v` what version `v` left.
pub(super) struct Timeline {
    balances: Vec<BigDecimal>,
    /// The earliest moment at which each version can have been the current one.
    appears: Vec<Option<Moment>>,
    /// The latest moment at which each version can have been the current one; `None`: it has no
    /// end.
    disappears: Vec<Option<Moment>>,
}

impl Timeline {
    /// `parts` in the order of versions, `underway` of the same length.
    pub(super) fn new(parts: &[Part], underway: &[Underway]) -> Self {
        let balances = std::iter::once(BigDecimal::from(0));
        let balances = balances
            .chain(parts.iter().map(|part| part.balance.clone()))
            .collect();

        let mut appears = vec![None];
        for window in underway {
            let before = appears.last().copied().flatten();
            appears.push(before.max(window.from));
        }
        let mut disappears = vec![None];
        for window in underway.iter().rev() {
            let after: Option<Moment> = disappears.last().copied().flatten();
            let earliest = [after, window.until].into_iter().flatten().min();
            disappears.push(earliest);
        }
        disappears.reverse();
        Self {
            balances,
            appears,
            disappears,
        }
    }

    /// The versions that may have been current at some moment of the window.
    fn versions(&self, from: Moment, until: Moment) -> RangeInclusive<usize> {
        let first = self
            .disappears
            .partition_point(|end| end.is_some_and(|end| end < from));
        let beyond = self
            .appears
            .partition_point(|begin| begin.is_none_or(|begin| begin <= until));
        first..=beyond.saturating_sub(1)
    }

    /// The balances that may have been current at some moment of the window.
    pub(super) fn balances(&self, from: Moment, until: Moment) -> &[BigDecimal] {
        self.balances
            .get(self.versions(from, until))
            .unwrap_or_default()
    }
}
