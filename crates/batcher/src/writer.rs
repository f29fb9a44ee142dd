//! The writer: the one loop that executes commands.
//!
//! One turn:
//! 1. take what waits, up to the limit of a batch; sleep if nothing does;
//! 2. execute it as one transaction;
//! 3. answer every caller: its outcome, or what the store's failure means to it.
//!
//! Nobody is answered before step 2 is over. A failed batch is answered as the store says it
//! failed; only a failure that one bad command can cause is looked into
//! ([`culprit`](crate::culprit)), so that strangers do not pay for it.

use std::sync::Arc;
use std::time::Instant;

use tracing::Span;
use wallet_domain::{Causes, LedgerStore, Outcome, StoreError, Timestamp, Unit, execute_units};

use crate::culprit;
use crate::observer::Observer;
use crate::queue::Queue;
use crate::settlement::Settlement;
use crate::spans::Transaction;
use crate::ticket::ReplyTo;

/// What one writer thread works with.
pub(crate) struct Writer {
    pub(crate) store: Arc<dyn LedgerStore>,
    pub(crate) queue: Arc<Queue>,
    pub(crate) observer: Arc<dyn Observer>,
    pub(crate) clock: fn() -> Timestamp,
}

impl Writer {
    /// Turns until the queue is closed and empty.
    pub(crate) fn run(&self) {
        while let Some(mut batch) = self.queue.take() {
            let mut units = Vec::with_capacity(batch.tickets.len());
            let mut callers = Vec::with_capacity(batch.tickets.len());
            let now = Instant::now();
            for ticket in batch.tickets.drain(..) {
                if let Some(queued_at) = ticket.queued_at {
                    let waited = now.saturating_duration_since(queued_at);
                    self.observer.left_queue(ticket.class, waited);
                }
                callers.push(Caller {
                    units: ticket.units.len(),
                    reply: ticket.reply,
                    // The rest of what it was while it waited ends here.
                    span: ticket.waiting.caller,
                });
                units.extend(ticket.units);
            }
            self.execute_batch(&units, callers);
        }
    }

    fn execute_batch(&self, units: &[Unit], callers: Vec<Caller>) {
        match self.execute(units, callers.iter().map(|caller| &caller.span)) {
            Ok(outcomes) => {
                let mut outcomes = outcomes.into_iter();
                let mut units = units.iter();
                for caller in callers {
                    let mut settlement = Settlement::default();
                    for unit in units.by_ref().take(caller.units) {
                        settlement.push(unit, outcomes.by_ref().take(unit.commands.len()));
                    }
                    caller.reply.send(settlement);
                }
                assert!(outcomes.next().is_none(), "a store invented outcomes");
            }
            Err(error) => {
                tracing::warn!(units = units.len(), error = %Causes(&error), "a batch failed");
                let execute =
                    |units: &[Unit], spans: &[&Span]| self.execute(units, spans.iter().copied());
                culprit::isolate(units, callers, error, execute);
            }
        }
    }

    /// One transaction, for callers that were in these spans.
    fn execute<'a>(
        &self,
        units: &[Unit],
        spans: impl ExactSizeIterator<Item = &'a Span>,
    ) -> Result<Vec<Outcome>, StoreError> {
        let transaction = Transaction::begin(commands_of(units), spans);
        transaction.run(|| {
            let begun = Instant::now();
            let result = execute_units(self.store.as_ref(), units, (self.clock)());
            self.observer.transacted(units, &result, begun.elapsed());
            result
        })
    }
}

/// Who waits for what becomes of some of a batch's units.
pub(crate) struct Caller {
    pub(crate) units: usize,
    pub(crate) reply: ReplyTo,
    pub(crate) span: Span,
}

fn commands_of(units: &[Unit]) -> usize {
    units.iter().map(|unit| unit.commands.len()).sum()
}
