//! Outcomes: one for each command. A refusal is one of them and not an error, because it is as
//! certain as an acceptance.

use crate::records::{Account, Quote, Rate, Transfer};
use crate::values::{Currency, Rejection};

/// The result of one command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was applied.
    Created(Recorded),
    /// It had been applied before; nothing changed.
    Exists(Recorded),
    /// It was refused; nothing changed, and its id is not remembered.
    Rejected(Rejection),
    /// Another command of its unit was refused; nothing changed.
    NotApplied,
}

/// What a command recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// A currency.
    Currency(Currency),
    /// An account. If it existed before, as it is now.
    Account(Account),
    /// A transfer with its parts, as it was decided, forever.
    Transfer(Transfer),
    /// Transfers that were applied as one: the first has the id of the command, the others follow
    /// it.
    Linked(Vec<Transfer>),
    /// A rate.
    Rate(Rate),
    /// A quote, as it was created.
    Quote(Quote),
}
