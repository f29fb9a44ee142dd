//! Every business rule: a pure function from commands and state to outcomes and writes.
//!
//! [`decide`] takes a batch; one command is a batch of one. Later commands see what earlier ones did,
//! so that deciding `a ++ b` equals deciding `a`, applying its writes, and deciding `b` with the time
//! counted on: a property test says so, and group commit rests on it.
//!
//! One file for each family of commands holds its rules, one line a rule, in the order of the contract.
//! Each ends in a line past which nothing is refused; writes are below that line only.

mod accounts;
mod books;
mod transfers;

use crate::account::Account;
use crate::command::Command;
use crate::rejection::Rejection;
use crate::snapshot::{Snapshot, WriteSet};
use crate::timestamp::Timestamp;
use crate::transfer::Transfer;

use books::Books;

/// Decides a batch, in order. Reads no clock and touches nothing but its arguments.
///
/// `snapshot` must hold all that exists of the batch's [`ReadSet`](crate::ReadSet). Command *i* happens
/// at `now` + *i* µs, or right after the last change of an account that it touches if that is later:
/// history and its timestamps never disagree, whatever the clocks of several writers say.
#[must_use]
pub fn decide(commands: &[Command], snapshot: Snapshot, now: Timestamp) -> Decision {
    let mut books = Books::open(snapshot);
    let mut at = now;
    let mut outcomes = Vec::with_capacity(commands.len());
    for command in commands {
        outcomes.push(decide_one(command, &mut books, at).unwrap_or_else(Outcome::Rejected));
        at = at.plus_micros(1);
    }
    Decision {
        outcomes,
        writes: books.close(),
    }
}

fn decide_one(command: &Command, books: &mut Books, at: Timestamp) -> Result<Outcome, Rejection> {
    match command {
        Command::OpenAccount(open) => accounts::open(open, books, at),
        Command::Deposit(deposit) => transfers::deposit(deposit, books, at),
        Command::Withdraw(withdraw) => transfers::withdraw(withdraw, books, at),
        Command::InternalTransfer(transfer) => transfers::internal(transfer, books, at),
    }
}

/// What [`decide`] says: one outcome for each command, in order, and the writes of them all.
#[derive(Clone, Debug)]
pub struct Decision {
    /// One for each command, in order.
    pub outcomes: Vec<Outcome>,
    /// To be stored as a whole, before any outcome is told.
    pub writes: WriteSet,
}

/// What became of one command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was carried out.
    Created(Recorded),
    /// It had been carried out before; nothing changed.
    Exists(Recorded),
    /// It was refused; nothing changed, and its id is not remembered.
    Rejected(Rejection),
}

/// What a command left in the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// An account. Of an account that existed, as it is now.
    Account(Account),
    /// A transfer with its parts, as it was decided, for ever.
    Transfer(Transfer),
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
