//! The writer: the one loop that carries out commands.
//!
//! One turn:
//! 1. take what waits, up to the limit of a batch; sleep if nothing does;
//! 2. carry it out as one transaction;
//! 3. answer every caller: its outcome, or what the store's failure means to it.
//!
//! Nobody is answered before step 2 is over. A failed batch is answered as the store says it failed;
//! only a batch that the store *refuses*, which one bad command can cause, is cut in half and tried
//! again, so that strangers do not pay for it.

use std::sync::Arc;
use std::time::Instant;

use tracing::Span;
use wallet_domain::{
    LedgerStore, Outcome, StoreError, SubmitError, Timestamp, Unit, execute_units,
};

use crate::observer::Observer;
use crate::queue::{Queue, Reply};
use crate::spans::Transaction;

/// What one writer thread works with.
pub(crate) struct Writer {
    pub(crate) store: Arc<dyn LedgerStore>,
    pub(crate) queue: Arc<Queue>,
    pub(crate) observer: Arc<dyn Observer>,
    pub(crate) batch_max: usize,
    pub(crate) clock: fn() -> Timestamp,
}

impl Writer {
    /// Turns until the queue is closed and empty.
    pub(crate) fn run(&self) {
        while let Some(mut batch) = self.queue.take(self.batch_max) {
            let mut units = Vec::with_capacity(batch.tickets.len());
            let mut callers = Vec::with_capacity(batch.tickets.len());
            let now = Instant::now();
            for ticket in batch.tickets.drain(..) {
                self.observer.left_queue(now - ticket.queued_at);
                callers.push(Caller {
                    units: ticket.units.len(),
                    commands: commands_of(&ticket.units),
                    reply: ticket.reply,
                    // The rest of what it was while it waited ends here.
                    span: ticket.waiting.caller,
                });
                units.extend(ticket.units);
            }
            self.carry_out(&units, callers);
        }
    }

    fn carry_out(&self, units: &[Unit], mut callers: Vec<Caller>) {
        let spans = callers.iter().map(|caller| &caller.span);
        let transaction = Transaction::begin(commands_of(units), spans);
        let executed = transaction.run(|| self.execute(units, callers.len() == 1));
        drop(transaction);
        match executed {
            Ok(outcomes) => {
                let mut outcomes = outcomes.into_iter();
                for caller in callers {
                    let answer: Vec<Outcome> = outcomes.by_ref().take(caller.commands).collect();
                    assert_eq!(answer.len(), caller.commands, "a store lost outcomes");
                    // A caller that has left does not hear what became of its commands; that is its right.
                    let _ = caller.reply.send(Ok(answer));
                }
                assert!(outcomes.next().is_none(), "a store invented outcomes");
            }
            Err(StoreError::Refused(_)) if callers.len() > 1 => {
                let second = callers.split_off(callers.len() / 2);
                let units_of_first = callers.iter().map(|caller| caller.units).sum();
                let (first_units, second_units) = units.split_at(units_of_first);
                self.carry_out(first_units, callers);
                self.carry_out(second_units, second);
            }
            Err(error) => {
                tracing::warn!(units = units.len(), %error, "a batch failed");
                for caller in callers {
                    let _ = caller.reply.send(Err(SubmitError::Store(error.clone())));
                }
            }
        }
    }

    /// One transaction; or, for a caller who is alone and whose units are refused together, as many as it
    /// takes to carry out all but the culprit. The caller then hears of the refusal, and the rest by repeating.
    fn execute(&self, units: &[Unit], alone: bool) -> Result<Vec<Outcome>, StoreError> {
        let begun = Instant::now();
        let result = execute_units(self.store.as_ref(), units, (self.clock)());
        self.observer.transacted(units, &result, begun.elapsed());
        match result {
            Err(StoreError::Refused(_)) if alone && units.len() > 1 => {
                let (first, second) = units.split_at(units.len() / 2);
                match (self.execute(first, true), self.execute(second, true)) {
                    (Ok(mut outcomes), Ok(more)) => {
                        outcomes.extend(more);
                        Ok(outcomes)
                    }
                    // Only where neither half can have been written may it be said that nothing was.
                    (Err(StoreError::Unavailable(cause)), Err(StoreError::Unavailable(_))) => {
                        Err(StoreError::Unavailable(cause))
                    }
                    (Err(StoreError::Unavailable(cause)), _)
                    | (_, Err(StoreError::Unavailable(cause))) => {
                        Err(StoreError::OutcomeUnknown(cause))
                    }
                    (Err(error), _) | (_, Err(error)) => Err(error),
                }
            }
            result => result,
        }
    }
}

/// Who waits for the outcomes of some of a batch's units.
struct Caller {
    units: usize,
    commands: usize,
    reply: Reply,
    span: Span,
}

fn commands_of(units: &[Unit]) -> usize {
    units.iter().map(|unit| unit.commands.len()).sum()
}
