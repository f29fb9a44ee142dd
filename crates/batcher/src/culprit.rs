//! Isolates the culprit of a failed batch: one command does not fail the commands of other callers.
//!
//! One command can cause two kinds of failure:
//!
//! - The store *refuses* a batch. We cut it in half, again and again, until the culprit stands
//!   alone. A refusal is fast, so the fewest transactions are best.
//! - A batch is *contended*. That is slow: it follows conflicts without end, or a time limit. So we
//!   cut the batch into many pieces at once and try all of them before we cut a failed piece again.
//!   Most other callers wait for at most one more failure. The number of such failures is bounded.
//!
//! Order is kept: units behind a failed piece wait until that piece is settled if they belong to
//! one of its callers or touch one of its accounts.
//!
//! If the store is unavailable, we do not try again: that is no command's fault. After a piece
//! whose outcome is unknown we do not try anything either: the connection is lost, and the next
//! pieces may depend on that one. Untried pieces are answered as not written.

use std::collections::HashSet;
use std::ops::Range;

use tracing::Span;
use wallet_domain::{AccountId, Command, Outcome, StoreError, Unit};

use crate::settlement::Settlement;
use crate::ticket::Caller;

/// Into how many pieces a refused and a contended batch is cut.
const REFUSED_PIECES: usize = 2;
const CONTENDED_PIECES: usize = 16;

/// How many contended pieces of one batch we accept before we fail the rest untried. One culprit
/// among 4,000 is found after three more.
const CONTENDED_MAX: usize = 8;

/// The result of one unit.
type Settled = Result<Vec<Outcome>, StoreError>;

/// Executes the units of a failed batch without the culprit, if there is one, and answers each
/// caller as soon as all its units are settled.
///
/// `execute` runs one transaction of some units, for the callers with these spans.
pub(crate) fn isolate(
    units: &[Unit],
    callers: Vec<Caller>,
    error: StoreError,
    execute: impl Fn(&[Unit], &[&Span]) -> Result<Vec<Outcome>, StoreError>,
) {
    let mut batch = Failed::new(units, callers);
    let mut pieces = batch.cut_or_fail(0..units.len(), &error);
    let mut contended = 0;
    while !pieces.is_empty() {
        let mut round = std::mem::take(&mut pieces).into_iter();
        let mut held_back = HeldBack::default();
        while let Some(piece) = round.next() {
            if batch.is_held_back(&piece, &held_back) {
                batch.hold_back(&piece, &mut held_back);
                pieces.push(piece);
                continue;
            }
            let error = match execute(&units[piece.clone()], &batch.spans(&piece)) {
                Ok(outcomes) => {
                    batch.executed(piece, outcomes);
                    continue;
                }
                Err(error) => error,
            };
            contended += usize::from(matches!(error, StoreError::Contended(_)));
            if let Some(untried_error) = error_for_untried(&error, contended) {
                batch.fail(piece, &error);
                for untried in pieces.into_iter().chain(round) {
                    batch.fail(untried, &untried_error);
                }
                return;
            }
            let cut = batch.cut_or_fail(piece.clone(), &error);
            if !cut.is_empty() {
                batch.hold_back(&piece, &mut held_back);
                pieces.extend(cut);
            }
        }
    }
}

/// If a piece failed so that the others must not be tried: the error of the others. It says that
/// nothing of them was written, even if that is unknown for the failed piece.
fn error_for_untried(error: &StoreError, contended: usize) -> Option<StoreError> {
    match error {
        StoreError::Unavailable(cause) | StoreError::OutcomeUnknown(cause) => {
            Some(StoreError::Unavailable(cause.clone()))
        }
        StoreError::Contended(_) if contended >= CONTENDED_MAX => Some(error.clone()),
        StoreError::Contended(_) | StoreError::Refused(_) | StoreError::TooSlow(_) => None,
    }
}

/// What must not be executed before the pieces of the next round.
#[derive(Default)]
struct HeldBack {
    accounts: HashSet<AccountId>,
    /// Indexes of callers.
    callers: HashSet<usize>,
}

/// A batch that failed as a whole.
struct Failed<'a> {
    units: &'a [Unit],
    /// Each with the range of its units.
    callers: Vec<(Range<usize>, Option<Caller>)>,
    /// Results, indexed by unit.
    settled: Vec<Option<Settled>>,
}

impl<'a> Failed<'a> {
    fn new(units: &'a [Unit], callers: Vec<Caller>) -> Self {
        let mut first = 0;
        let with_range = |caller: Caller| {
            let range = first..first + caller.units;
            first = range.end;
            (range, Some(caller))
        };
        Self {
            units,
            callers: callers.into_iter().map(with_range).collect(),
            settled: vec![None; units.len()],
        }
    }

    /// The indexes of the callers with units in the piece. Callers are in the order of their units.
    fn callers_of(&self, piece: &Range<usize>) -> Range<usize> {
        let first = self
            .callers
            .partition_point(|(units, _)| units.end <= piece.start);
        let end = self
            .callers
            .partition_point(|(units, _)| units.start < piece.end);
        first..end.max(first)
    }

    /// The spans of the callers with units in the piece.
    fn spans(&self, piece: &Range<usize>) -> Vec<&Span> {
        let callers = self.callers[self.callers_of(piece)].iter();
        let spans = callers.filter_map(|(_, caller)| caller.as_ref().map(|caller| &caller.span));
        spans.collect()
    }

    fn accounts(&self, piece: &Range<usize>) -> impl Iterator<Item = AccountId> {
        let commands = self.units[piece.clone()]
            .iter()
            .flat_map(|unit| &unit.commands);
        commands.flat_map(Command::accounts)
    }

    fn is_held_back(&self, piece: &Range<usize>, held_back: &HeldBack) -> bool {
        self.callers_of(piece)
            .any(|caller| held_back.callers.contains(&caller))
            || self
                .accounts(piece)
                .any(|id| held_back.accounts.contains(&id))
    }

    fn hold_back(&self, piece: &Range<usize>, held_back: &mut HeldBack) {
        held_back.callers.extend(self.callers_of(piece));
        held_back.accounts.extend(self.accounts(piece));
    }

    /// Handles a failed piece. Returns the smaller pieces to try if one unit can be to blame for
    /// the others; otherwise settles the piece and returns none.
    fn cut_or_fail(&mut self, piece: Range<usize>, error: &StoreError) -> Vec<Range<usize>> {
        let parts = match error {
            StoreError::Refused(_) => REFUSED_PIECES,
            StoreError::Contended(_) => CONTENDED_PIECES,
            // Only lists are too slow.
            StoreError::Unavailable(_) | StoreError::TooSlow(_) | StoreError::OutcomeUnknown(_) => {
                1
            }
        };
        if parts == 1 || piece.len() <= 1 {
            self.fail(piece, error);
            return Vec::new();
        }
        let length = piece.len().div_ceil(parts);
        let starts = piece.clone().step_by(length);
        starts
            .map(|start| start..(start + length).min(piece.end))
            .collect()
    }

    /// Settles all units of a piece with the same error.
    fn fail(&mut self, piece: Range<usize>, error: &StoreError) {
        for unit in &mut self.settled[piece.clone()] {
            *unit = Some(Err(error.clone()));
        }
        self.answer(&piece);
    }

    /// Settles a committed piece.
    fn executed(&mut self, piece: Range<usize>, outcomes: Vec<Outcome>) {
        let mut outcomes = outcomes.into_iter();
        for index in piece.clone() {
            let commands = self.units[index].commands.len();
            let unit_outcomes: Vec<Outcome> = outcomes.by_ref().take(commands).collect();
            self.settled[index] = Some(Ok(unit_outcomes));
        }
        assert!(outcomes.next().is_none(), "a store invented outcomes");
        self.answer(&piece);
    }

    /// Answers the callers with units in the piece, if all their units are settled.
    fn answer(&mut self, piece: &Range<usize>) {
        for index in self.callers_of(piece) {
            let (units, caller) = &mut self.callers[index];
            let settled = &mut self.settled[units.clone()];
            if settled.iter().all(Option::is_some)
                && let Some(caller) = caller.take()
            {
                caller
                    .reply
                    .send(settlement(&self.units[units.clone()], settled));
            }
        }
    }
}

/// Merges the results of one caller's units. All of them are settled.
fn settlement(units: &[Unit], settled: &mut [Option<Settled>]) -> Settlement {
    let mut all = Settlement::default();
    for (unit, settled) in units.iter().zip(settled) {
        match settled.take() {
            Some(Ok(outcomes)) => all.push(unit, outcomes.into_iter()),
            Some(Err(error)) => all.merge(Settlement::from_error(error)),
            None => {}
        }
    }
    all
}

#[cfg(test)]
mod tests;
