//! The writer: the one loop that executes commands.
//!
//! One iteration:
//! 1. take the queued tickets, up to the batch limit; sleep if there are none;
//! 2. execute them as one transaction;
//! 3. answer every caller: its outcomes, or what the store's failure means for it.
//!
//! No caller is answered before step 2 has ended. All callers of a failed batch get the store's
//! error, unless one bad command can cause it. Then we isolate that command
//! ([`culprit`](crate::culprit)), so that other callers do not fail with it.

use std::sync::Arc;
use std::time::Instant;

use tracing::Span;
use wallet_domain::{Causes, LedgerStore, Outcome, StoreError, Timestamp, Unit, execute_units};

use crate::culprit;
use crate::observer::Observer;
use crate::queue::Queue;
use crate::settlement::Settlement;
use crate::spans::Transaction;
use crate::ticket::Caller;

/// The state of one writer thread.
pub(crate) struct Writer {
    pub(crate) store: Arc<dyn LedgerStore>,
    pub(crate) queue: Arc<Queue>,
    pub(crate) observer: Arc<dyn Observer>,
    pub(crate) clock: fn() -> Timestamp,
}

impl Writer {
    /// Executes batches until the queue is closed and empty.
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
                    // The `queue` span of the ticket ends here.
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

    /// Executes one transaction, for the callers with these spans.
    fn execute<'a>(
        &self,
        units: &[Unit],
        spans: impl ExactSizeIterator<Item = &'a Span>,
    ) -> Result<Vec<Outcome>, StoreError> {
        let transaction = Transaction::begin(command_count(units), spans);
        transaction.run(|| {
            let begun = Instant::now();
            let result = execute_units(self.store.as_ref(), units, (self.clock)());
            self.observer.transacted(units, &result, begun.elapsed());
            result
        })
    }
}

fn command_count(units: &[Unit]) -> usize {
    units.iter().map(|unit| unit.commands.len()).sum()
}
