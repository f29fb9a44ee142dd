//! The rule for currencies: each code exists once, and its precision never changes.

use super::books::Books;
use crate::commands::{CreateCurrency, Outcome, Recorded};
use crate::records::OperatorAction;
use crate::values::{Rejection, Timestamp};

/// Creates a currency, once.
pub(super) fn create(
    create: &CreateCurrency,
    books: &mut Books,
    at: Timestamp,
) -> Result<Outcome, Rejection> {
    let currency = create.currency;
    if let Some(known) = books.currency(currency.code) {
        if known != currency {
            return Err(Rejection::IdAlreadyUsed);
        }
        return Ok(Outcome::Exists(Recorded::Currency(known)));
    }
    // Nothing below this line is refused.
    books.create_currency(currency);
    let by = create.created_by.clone();
    books.record_action(OperatorAction::currency_created(currency.code, at, by));
    Ok(Outcome::Created(Recorded::Currency(currency)))
}
