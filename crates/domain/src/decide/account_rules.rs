//! The rules for changing an account's own rules: credit limit, status and velocity limits.

use super::books::Books;
use super::checks::check;
use super::posting::{Heading, Posting};
use crate::commands::{ChangeAccount, Outcome, Recorded};
use crate::records::{
    Account, AccountChange, AccountStatus, Direction, Effect, Transfer, TransferType,
    VELOCITY_LIMITS_MAX, VelocityLimit,
};
use crate::values::{Amount, Rejection, Timestamp};

/// Changes the rules of an account, once.
pub(super) fn change(
    change: &ChangeAccount,
    books: &mut Books,
    at: Timestamp,
) -> Result<Outcome, Rejection> {
    use Rejection::{AccountChanged, AccountClosed, AccountNotEmpty, AccountNotExist};
    let wanted = AccountChange {
        credit_limit: credit_limit(change, books)?,
        status: change.change.status,
        velocity_limits: velocity_limits(change, books)?,
    };
    if let Some(known) = books.transfer(change.transfer_id) {
        let is_replay = would_record(change, &wanted, known);
        check(is_replay, Rejection::IdAlreadyUsed)?;
        return Ok(Outcome::Exists(Recorded::Transfer(known.clone())));
    }
    let account = books.account(change.account_id);
    let account = account.filter(|account| account.currency_code == change.currency_code);
    let account = account.ok_or(AccountNotExist)?;
    let is_expected = change
        .expected
        .is_none_or(|expected| expected == (account.version, account.metadata_version));
    check(is_expected, AccountChanged)?;
    check(account.status != AccountStatus::Closed, AccountClosed)?;
    let credit_limit = wanted.credit_limit.clone();
    let velocity_limits = wanted.velocity_limits.clone();
    let after = Account {
        credit_limit: credit_limit.or_else(|| account.credit_limit.clone()),
        status: wanted.status.unwrap_or(account.status),
        velocity_limits: velocity_limits.unwrap_or_else(|| account.velocity_limits.clone()),
        ..account.clone()
    };
    check(after.fits(), Rejection::CreditLimitTooLarge)?;
    let is_empty = after.balance.is_zero() && after.held.is_zero();
    let may_close = after.status != AccountStatus::Closed || is_empty;
    check(may_close, AccountNotEmpty)?;
    // Nothing below this line is refused.
    let heading = Heading::new(
        change.transfer_id,
        TransferType::AccountChange,
        (Some(change.account_id), None),
        change.currency_code,
        &change.details,
    );
    let posting = Posting {
        heading,
        effect: Effect::ChangesAccount(wanted),
        amount: Amount::zero(),
        decided_at: at,
        sender: Some(after),
        receiver: None,
    };
    let transfer = posting.record(books);
    Ok(Outcome::Created(Recorded::Transfer(transfer)))
}

/// The requested credit limit, as it is stored. It may be lower than the amount already used: then
/// nothing is spent until the account is back within it.
fn credit_limit(change: &ChangeAccount, books: &Books) -> Result<Option<Amount>, Rejection> {
    use Rejection::{CreditLimitMustNotBeNegative, CreditLimitTooLarge, CurrencyNotSupported};
    let Some(asked) = &change.change.credit_limit else {
        return Ok(None);
    };
    let currency = books.currency(change.currency_code);
    let currency = currency.ok_or(CurrencyNotSupported)?;
    let limit = currency.book(asked, change.precision, CreditLimitTooLarge)?;
    check(!limit.is_negative(), CreditLimitMustNotBeNegative)?;
    Ok(Some(limit))
}

/// The requested velocity limits, as they are stored.
fn velocity_limits(
    change: &ChangeAccount,
    books: &Books,
) -> Result<Option<Vec<VelocityLimit>>, Rejection> {
    use Rejection::{CurrencyNotSupported, VelocityLimitOutOfRange};
    let Some(asked) = &change.change.velocity_limits else {
        return Ok(None);
    };
    check(asked.len() <= VELOCITY_LIMITS_MAX, VelocityLimitOutOfRange)?;
    let currency = books.currency(change.currency_code);
    let currency = currency.ok_or(CurrencyNotSupported)?;
    let mut limits = asked.clone();
    for limit in &mut limits {
        if let Some(asked) = &limit.amount_max {
            let most = currency.book(asked, change.precision, VelocityLimitOutOfRange)?;
            limit.amount_max = Some(most);
        }
        check(limit.is_valid(), VelocityLimitOutOfRange)?;
    }
    Ok(Some(limits))
}

/// Whether applying this command would record `known`.
fn would_record(change: &ChangeAccount, wanted: &AccountChange, known: &Transfer) -> bool {
    known.transfer_type == TransferType::AccountChange
        && known.account(Direction::Outgoing) == Some(change.account_id)
        && change.details.is_retry_of(&known.details)
        && known.account_change() == Some(wanted)
}
