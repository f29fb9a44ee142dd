//! The rule for currencies: there is one of each code, and its precision never changes.

use super::books::Books;
use super::{Outcome, Recorded};
use crate::currency::Currency;
use crate::rejection::Rejection;

/// Makes a currency known, once.
pub(super) fn create(currency: Currency, books: &mut Books) -> Result<Outcome, Rejection> {
    if let Some(known) = books.currency(currency.code) {
        if known != currency {
            return Err(Rejection::IdAlreadyUsed);
        }
        return Ok(Outcome::Exists(Recorded::Currency(known)));
    }
    // Nothing below this line is refused.
    books.create_currency(currency);
    Ok(Outcome::Created(Recorded::Currency(currency)))
}
