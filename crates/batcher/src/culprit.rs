//! Whose fault it was: a batch of strangers does not fail for one of its commands.
//!
//! Two failures can be one command's fault. A batch that the store *refuses* is cut in half, and so
//! on, until the culprit stands alone: that fails fast, so the fewest transactions are best. A
//! batch that is *contended* fails slowly, after conflicts without end or a limit in time; so it is
//! cut into many pieces at once, and all of them are tried before a piece that failed is cut again:
//! most strangers wait for one more failure at most. The number of such failures is bounded.
//!
//! Where the store is not available, nothing is tried again: that is no command's fault.

use std::collections::VecDeque;
use std::ops::Range;

use tracing::Span;
use wallet_domain::{Outcome, StoreError, SubmitError, Unit};

use crate::ticket::{Answer, of_some};
use crate::writer::Caller;

/// Pieces of what was refused, and of what was contended.
const REFUSED_PIECES: usize = 2;
const CONTENDED_PIECES: usize = 16;

/// How often pieces of one batch may be contended before the rest is answered without being tried.
/// One culprit among 4,000 is found after three.
const CONTENDED_MAX: usize = 8;

/// What became of one unit.
type Settled = Result<Vec<Outcome>, StoreError>;

/// Executes the units of a batch that failed, without the culprit if there is one, and answers each
/// caller as soon as all its units are settled.
///
/// `execute` runs one transaction of some units, for callers who were in these spans.
pub(crate) fn isolate(
    units: &[Unit],
    callers: Vec<Caller>,
    error: StoreError,
    execute: impl Fn(&[Unit], &[&Span]) -> Result<Vec<Outcome>, StoreError>,
) {
    let mut batch = Failed::new(units.len(), callers);
    let mut pieces = VecDeque::new();
    batch.failed(0..units.len(), &error, &mut pieces);
    let mut contended = 0;
    while let Some(piece) = pieces.pop_front() {
        let error = match execute(&units[piece.clone()], &batch.spans(&piece)) {
            Ok(outcomes) => {
                batch.executed(units, piece, outcomes);
                continue;
            }
            Err(error) => error,
        };
        contended += usize::from(matches!(error, StoreError::Contended(_)));
        if contended >= CONTENDED_MAX || matches!(error, StoreError::Unavailable(_)) {
            batch.fail(piece, &error);
            for piece in pieces.drain(..) {
                batch.fail(piece, &error);
            }
            return;
        }
        batch.failed(piece, &error, &mut pieces);
    }
}

/// A batch that failed as a whole.
struct Failed {
    /// With the units that are theirs.
    callers: Vec<(Range<usize>, Option<Caller>)>,
    /// By unit.
    settled: Vec<Option<Settled>>,
}

impl Failed {
    fn new(units: usize, callers: Vec<Caller>) -> Self {
        let mut first = 0;
        let with_range = |caller: Caller| {
            let range = first..first + caller.units;
            first = range.end;
            (range, Some(caller))
        };
        Self {
            callers: callers.into_iter().map(with_range).collect(),
            settled: vec![None; units],
        }
    }

    /// The spans of those whose units are in the piece.
    fn spans(&self, piece: &Range<usize>) -> Vec<&Span> {
        let of_piece = |(units, caller): &'_ &(Range<usize>, Option<Caller>)| {
            units.start < piece.end && piece.start < units.end && caller.is_some()
        };
        let callers = self.callers.iter().filter(of_piece);
        let spans = callers.filter_map(|(_, caller)| caller.as_ref().map(|caller| &caller.span));
        spans.collect()
    }

    /// A piece failed: it is cut again where one of its units can be to blame for the others.
    fn failed(
        &mut self,
        piece: Range<usize>,
        error: &StoreError,
        pieces: &mut VecDeque<Range<usize>>,
    ) {
        let parts = match error {
            StoreError::Refused(_) => REFUSED_PIECES,
            StoreError::Contended(_) => CONTENDED_PIECES,
            // Lists only are too slow.
            StoreError::Unavailable(_) | StoreError::TooSlow(_) | StoreError::OutcomeUnknown(_) => {
                1
            }
        };
        if parts == 1 || piece.len() <= 1 {
            return self.fail(piece, error);
        }
        let length = piece.len().div_ceil(parts);
        let starts = piece.clone().step_by(length);
        pieces.extend(starts.map(|start| start..(start + length).min(piece.end)));
    }

    /// All units of a piece failed in the same way.
    fn fail(&mut self, piece: Range<usize>, error: &StoreError) {
        for unit in &mut self.settled[piece.clone()] {
            *unit = Some(Err(error.clone()));
        }
        self.answer(&piece);
    }

    /// The piece was committed.
    fn executed(&mut self, units: &[Unit], piece: Range<usize>, outcomes: Vec<Outcome>) {
        let mut outcomes = outcomes.into_iter();
        for index in piece.clone() {
            let commands = units[index].commands.len();
            let of_unit: Vec<Outcome> = outcomes.by_ref().take(commands).collect();
            assert_eq!(of_unit.len(), commands, "a store lost outcomes");
            self.settled[index] = Some(Ok(of_unit));
        }
        assert!(outcomes.next().is_none(), "a store invented outcomes");
        self.answer(&piece);
    }

    /// Answers those with units in the piece whose units are all settled.
    fn answer(&mut self, piece: &Range<usize>) {
        for (units, caller) in &mut self.callers {
            let concerns = units.start < piece.end && piece.start < units.end;
            let settled = &mut self.settled[units.clone()];
            if concerns
                && settled.iter().all(Option::is_some)
                && let Some(caller) = caller.take()
            {
                caller.answer(answer_of(settled));
            }
        }
    }
}

/// What the caller of these units is told: their outcomes, or the failure of the highest [`rank`].
fn answer_of(settled: &mut [Option<Settled>]) -> Answer {
    let mut outcomes = Vec::with_capacity(settled.len());
    let (mut any_committed, mut worst) = (false, None);
    for unit in settled {
        match unit.take() {
            Some(Ok(of_unit)) => {
                any_committed = true;
                outcomes.extend(of_unit);
            }
            Some(Err(error)) => {
                let is_worse = |known: &StoreError| rank(&error) > rank(known);
                if worst.as_ref().is_none_or(is_worse) {
                    worst = Some(error);
                }
            }
            None => {}
        }
    }
    match worst {
        None => Ok(outcomes),
        Some(error) => Err(SubmitError::Store(of_some(error, any_committed))),
    }
}

/// What a repetition can still change comes before what it cannot: a caller who hears that a unit was
/// refused does not send the others again.
fn rank(error: &StoreError) -> u8 {
    match error {
        StoreError::Refused(_) => 0,
        StoreError::Unavailable(_) | StoreError::TooSlow(_) => 1,
        StoreError::Contended(_) => 2,
        StoreError::OutcomeUnknown(_) => 3,
    }
}

#[cfg(test)]
mod tests;
