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

use wallet_domain::{Command, LedgerStore, StoreError, SubmitError, Timestamp, execute};

use crate::queue::{Queue, Reply, Ticket};

/// What one writer thread works with.
pub(crate) struct Writer {
    pub(crate) store: Arc<dyn LedgerStore>,
    pub(crate) queue: Arc<Queue>,
    pub(crate) batch_max: usize,
    pub(crate) clock: fn() -> Timestamp,
}

impl Writer {
    /// Turns until the queue is closed and empty.
    pub(crate) fn run(&self) {
        while let Some(mut batch) = self.queue.take(self.batch_max) {
            let (commands, replies): (Vec<Command>, Vec<Reply>) = batch
                .tickets
                .drain(..)
                .map(|Ticket { command, reply }| (command, reply))
                .unzip();
            self.carry_out(&commands, replies);
        }
    }

    fn carry_out(&self, commands: &[Command], mut replies: Vec<Reply>) {
        match execute(self.store.as_ref(), commands, (self.clock)()) {
            Ok(outcomes) => {
                assert_eq!(
                    outcomes.len(),
                    replies.len(),
                    "a store lost or invented outcomes"
                );
                for (reply, outcome) in replies.into_iter().zip(outcomes) {
                    // A caller that has left does not hear what became of its command; that is its right.
                    let _ = reply.send(Ok(outcome));
                }
            }
            Err(StoreError::Refused(_)) if commands.len() > 1 => {
                let (first, second) = commands.split_at(commands.len() / 2);
                let replies_to_second = replies.split_off(first.len());
                self.carry_out(first, replies);
                self.carry_out(second, replies_to_second);
            }
            Err(error) => {
                tracing::warn!(commands = commands.len(), %error, "a batch failed");
                for reply in replies {
                    let _ = reply.send(Err(SubmitError::Store(error.clone())));
                }
            }
        }
    }
}
