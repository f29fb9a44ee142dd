//! Every business rule: a pure function from commands and state to outcomes and writes.
//!
//! [`decide`] takes a batch; one command is a batch of one. Later commands see the effects of
//! earlier ones, so deciding `a ++ b` equals deciding `a`, applying its writes, and deciding `b`
//! with the time counted on. A property test checks this, and group commit relies on it.
//!
//! One file for each family of commands holds its rules, one line per rule, in the order of the
//! contract. Each list of rules ends in a line past which nothing is refused. Linked transfers are
//! the exception: each of them is judged after the writes of the ones before it. So the books can
//! roll back everything that a refused unit wrote, whatever its commands.
//!
//! # The clock
//!
//! Only the clock of the decision judges validity: whether a hold or a quote has expired, and what
//! has left an account within a window. Booked times only order history: a transfer is booked at
//! that clock, or one microsecond after the last change of an account that it touches if that is
//! later. So a clock that was wrong for one write shifts booked times of the accounts it touched,
//! and neither blocks nor revives anything.

mod account_rules;
mod accounts;
mod books;
mod checks;
mod currencies;
mod exchange;
mod holds;
mod linked;
mod movement;
mod posting;
mod sides;
mod transfers;

use crate::commands::{Command, Outcome, Unit};
use crate::state::{Decision, Snapshot};
use crate::values::{Rejection, Timestamp};

use books::Books;

/// Decides a batch in which each command is a unit of its own. See [`decide_units`].
#[must_use]
pub fn decide(commands: &[Command], snapshot: Snapshot, now: Timestamp) -> Decision {
    let each = commands.chunks(1).map(|command| (command, false));
    decide_each(each, snapshot, now)
}

/// Decides a batch, in order. Reads no clock and accesses nothing but its arguments.
///
/// `snapshot` must contain everything that exists of the batch's [`ReadSet`](crate::ReadSet).
/// Command *i*, counted over all units, happens at `now` + *i* µs, or right after the last change
/// of an account that it touches if that is later: history and its timestamps never disagree,
/// whatever the clocks of several writers show.
///
/// If a command of a unit is refused, nothing of the unit is written, and its other commands are
/// [`Outcome::NotApplied`]. A dry run returns the outcomes that the unit would have, and writes
/// nothing.
#[must_use]
pub fn decide_units(units: &[Unit], snapshot: Snapshot, now: Timestamp) -> Decision {
    let each = units.iter().map(|unit| (&unit.commands[..], unit.dry_run));
    decide_each(each, snapshot, now)
}

fn decide_each<'a>(
    units: impl Iterator<Item = (&'a [Command], bool)>,
    snapshot: Snapshot,
    now: Timestamp,
) -> Decision {
    let mut books = Books::open(snapshot);
    let mut at = now;
    let mut outcomes = Vec::with_capacity(units.size_hint().0);
    for (commands, dry_run) in units {
        decide_unit(commands, dry_run, &mut books, at, &mut outcomes);
        at = at.plus_micros(commands.len() as i64);
    }
    Decision {
        outcomes,
        writes: books.close(),
    }
}

/// Decides one unit. If it is refused or a dry run, everything that its commands wrote is rolled
/// back.
fn decide_unit(
    commands: &[Command],
    dry_run: bool,
    books: &mut Books,
    at: Timestamp,
    outcomes: &mut Vec<Outcome>,
) {
    let begin = outcomes.len();
    for (command, index) in commands.iter().zip(0..) {
        match decide_one(command, books, at.plus_micros(index)) {
            Ok(outcome) => outcomes.push(outcome),
            Err(rejection) => {
                let refused = outcomes.len();
                outcomes.truncate(begin);
                outcomes.resize(begin + commands.len(), Outcome::NotApplied);
                outcomes[refused] = Outcome::Rejected(rejection);
                return books.roll_back();
            }
        }
    }
    match dry_run {
        true => books.roll_back(),
        false => books.keep(),
    }
}

fn decide_one(command: &Command, books: &mut Books, at: Timestamp) -> Result<Outcome, Rejection> {
    match command {
        Command::CreateCurrency(create) => currencies::create(create, books, at),
        Command::OpenAccount(open) => accounts::open(open, books, at),
        Command::ChangeMetadata(change) => accounts::change_metadata(change, books, at),
        Command::Deposit(deposit) => transfers::deposit(deposit, books, at),
        Command::Withdraw(withdraw) => transfers::withdraw(withdraw, books, at),
        Command::InternalTransfer(transfer) => transfers::internal(transfer, books, at),
        Command::Reversal(reversal) => transfers::reverse(reversal, books, at),
        Command::PlaceHold(place) => holds::place(place, books, at),
        Command::ChangeHold(change) => holds::change(change, books, at),
        Command::ChangeAccount(change) => account_rules::change(change, books, at),
        Command::Split(split) => linked::split(split, books, at),
        Command::SetRate(set) => exchange::set_rate(set, books, at),
        Command::CreateQuote(create) => exchange::quote(create, books, at),
        Command::Exchange(exchange) => exchange::exchange(exchange, books, at),
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
