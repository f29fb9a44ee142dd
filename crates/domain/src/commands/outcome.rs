//! Outcomes: what became of a command, and what it recorded.

use crate::records::{Account, Quote, Rate, Transfer};
use crate::values::{Currency, Rejection};

/// What became of one command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was carried out.
    Created(Recorded),
    /// It had been carried out before; nothing changed.
    Exists(Recorded),
    /// It was refused; nothing changed, and its id is not remembered.
    Rejected(Rejection),
    /// Another command of its unit was refused; nothing changed.
    NotCarriedOut,
}

/// What a command left in the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// A currency.
    Currency(Currency),
    /// An account. Of an account that existed, as it is now.
    Account(Account),
    /// A transfer with its parts, as it was decided, for ever.
    Transfer(Transfer),
    /// Transfers that were carried out together: the first one has the id of the command, the others follow it.
    Linked(Vec<Transfer>),
    /// A rate.
    Rate(Rate),
    /// A quote, as it was made.
    Quote(Quote),
}
