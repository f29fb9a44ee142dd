//! What the clients of a load test saw, and the checker that compares it with the books.
//!
//! Each worker records its own operations: when each began, when it had a definite answer, and what
//! that answer was. After the run, [`check`] compares them with the books. Every part in the books
//! carries its account's version, so the order of an account's changes is known, and the checker
//! needs no search for a possible order: everything here is linear or n log n.

mod check;
mod window;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use bigdecimal::BigDecimal;
use uuid::Uuid;

pub use check::check;

/// The operations of one run, from all its workers.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// One for each transfer that a worker asked for until it had a definite answer, or gave up.
    pub transfers: Vec<TransferOperation>,
    /// Every list of all accounts.
    pub reads: Vec<ReadOperation>,
    /// How many requests for such a list failed.
    pub reads_failed: usize,
}

impl History {
    /// Adds the operations of another worker.
    pub fn merge(&mut self, other: Self) {
        self.transfers.extend(other.transfers);
        self.reads.extend(other.reads);
        self.reads_failed += other.reads_failed;
    }

    /// How many transfers were answered OK.
    #[must_use]
    pub fn acknowledged(&self) -> usize {
        self.transfers
            .iter()
            .filter(|operation| operation.outcome == Outcome::Ok)
            .count()
    }
}

/// One transfer, asked for with one id until the answer was definite.
#[derive(Clone, Debug)]
pub struct TransferOperation {
    /// The id of every attempt.
    pub id: Uuid,
    /// Who pays.
    pub sender: Uuid,
    /// Who receives.
    pub receiver: Uuid,
    /// How much, at the currency's precision.
    pub amount: BigDecimal,
    /// When the first attempt was sent.
    pub first_invoked: Moment,
    /// When the last attempt was sent: the one that `outcome` answers.
    pub last_invoked: Moment,
    /// When the last answer came.
    pub ended: Moment,
    /// The last answer.
    pub outcome: Outcome,
}

/// What the service said about a transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is in the books.
    Ok,
    /// It is not, for the reason with this code.
    Rejected(String),
    /// It may be or not: there was no answer, or one that asks for a retry.
    Unknown(String),
}

/// One list of all accounts, as it was answered.
#[derive(Clone, Debug)]
pub struct ReadOperation {
    /// When it was asked for.
    pub invoked: Moment,
    /// When the answer came.
    pub ended: Moment,
    /// The balance of each account.
    pub balances: BTreeMap<Uuid, BigDecimal>,
}

/// A moment of a run: the time since the clock of the run was started.
pub type Moment = Duration;

/// The clock of a run: monotonic, the same for all of its workers.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Instant);

impl Clock {
    /// Starts the clock.
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests;
