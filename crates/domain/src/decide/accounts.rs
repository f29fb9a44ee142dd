//! The rules for accounts themselves.

use super::books::Books;
use super::{Outcome, Recorded};
use crate::account::Account;
use crate::amount::Amount;
use crate::command::OpenAccount;
use crate::rejection::Rejection;
use crate::timestamp::Timestamp;

/// Opens an account, once.
pub(super) fn open(
    open: &OpenAccount,
    books: &mut Books,
    at: Timestamp,
) -> Result<Outcome, Rejection> {
    let currency = books
        .currency(open.currency_code)
        .ok_or(Rejection::CurrencyNotSupported)?;
    if let Some(known) = books.account(open.account_id) {
        if known.currency_code != currency.code {
            return Err(Rejection::IdAlreadyUsed);
        }
        return Ok(Outcome::Exists(Recorded::Account(known.clone())));
    }
    // Nothing below this line is refused.
    let account = Account {
        id: open.account_id,
        currency_code: currency.code,
        balance: Amount::zero(),
        version: 0,
        created_at: at,
        updated_at: at,
    };
    books.open_account(account.clone());
    Ok(Outcome::Created(Recorded::Account(account)))
}
