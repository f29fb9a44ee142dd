//! Checks that several rule lists share: a condition with its rejection, whether a command is a
//! retry, and the amount that is booked.

use super::books::Books;
use crate::commands::{Replay, Terms};
use crate::records::{Transfer, TransferDetails};
use crate::values::{Amount, CurrencyCode, Precision, Rejection};

/// Rejects if the condition is not met.
pub(super) fn check(condition: bool, otherwise: Rejection) -> Result<(), Rejection> {
    if condition { Ok(()) } else { Err(otherwise) }
}

/// Whether a command with the id of `known` is a retry. If the terms accept any content, the
/// content may differ. The caller must be the same, or one caller could take the id that another is
/// about to use.
pub(super) fn is_replay(
    terms: &Terms,
    details: &TransferDetails,
    known: &Transfer,
    is_same: impl FnOnce() -> bool,
) -> bool {
    match terms.replay {
        Replay::AnyContent => details.has_caller_of(&known.details),
        Replay::SameContent => is_same(),
    }
}

/// The rules about an amount: what is booked if `amount` is requested.
pub(super) fn amount_to_book(
    books: &Books,
    amount: &Amount,
    currency_code: CurrencyCode,
    precision: Precision,
) -> Result<Amount, Rejection> {
    use Rejection::{CurrencyNotSupported, TransferAmountMustBePositive, TransferAmountTooLarge};
    let currency = books.currency(currency_code).ok_or(CurrencyNotSupported)?;
    let booked = currency.book(amount, precision, TransferAmountTooLarge)?;
    check(booked.is_positive(), TransferAmountMustBePositive)?;
    Ok(booked)
}
