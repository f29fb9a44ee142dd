//! The rules about the two sides of a movement, whether money moves or is only held.

use super::books::Books;
use super::checks::check;
use crate::commands::Terms;
use crate::records::{Account, AccountStatus};
use crate::values::{AccountId, Amount, CurrencyCode, Rejection, Timestamp};

/// The accounts of a movement, as far as it has them.
pub(super) struct Sides<'b> {
    pub(super) sender: Option<&'b Account>,
    pub(super) receiver: Option<&'b Account>,
}

/// Finds the accounts, in the order in which `docs/API-CLASSIC.md` promises the answers.
pub(super) fn find(
    books: &Books,
    sender: Option<AccountId>,
    receiver: Option<AccountId>,
    currency_code: CurrencyCode,
) -> Result<Sides<'_>, Rejection> {
    use Rejection::{
        AccountsMustBeDifferent, ReceiverAccountNotExist, ReceiverAccountWrongCurrency,
        SenderAccountNotExist, SenderAccountWrongCurrency,
    };
    // Two parts of one account would have one version. Most commands cannot be built with one
    // account twice; those that name accounts of the ledger itself can.
    check(
        sender.is_none() || sender != receiver,
        AccountsMustBeDifferent,
    )?;
    let account = |id, otherwise| books.account(id).ok_or(otherwise);
    let sender = sender.map(|id| account(id, SenderAccountNotExist));
    let sender = sender.transpose()?;
    let receiver = receiver.map(|id| account(id, ReceiverAccountNotExist));
    let receiver = receiver.transpose()?;
    let in_currency = |account: &Account| account.currency_code == currency_code;
    check(sender.is_none_or(in_currency), SenderAccountWrongCurrency)?;
    let is_right = receiver.is_none_or(in_currency);
    check(is_right, ReceiverAccountWrongCurrency)?;
    Ok(Sides { sender, receiver })
}

impl Sides<'_> {
    /// Whether money may leave the sender and reach the receiver.
    pub(super) fn check_status(&self) -> Result<(), Rejection> {
        use Rejection::{
            ReceiverAccountClosed, ReceiverAccountFrozen, SenderAccountClosed, SenderAccountFrozen,
        };
        let is_open = |account: &Account| account.status != AccountStatus::Closed;
        let may_leave = |account: &Account| !account.status.stops_outgoing();
        let may_come = |account: &Account| !account.status.stops_incoming();
        check(self.sender.is_none_or(is_open), SenderAccountClosed)?;
        check(self.receiver.is_none_or(is_open), ReceiverAccountClosed)?;
        check(self.sender.is_none_or(may_leave), SenderAccountFrozen)?;
        check(self.receiver.is_none_or(may_come), ReceiverAccountFrozen)
    }
}

/// Whether the sender has what the terms demand.
pub(super) fn check_available(sender: &Account, terms: &Terms) -> Result<(), Rejection> {
    let least = terms.sender_available_at_least.as_ref();
    let has_enough = least.is_none_or(|least| sender.available() >= *least);
    check(has_enough, Rejection::SenderAvailableTooLow)
}

/// The sender after paying an amount that was not held.
pub(super) fn pay(sender: &Account, amount: &Amount) -> Result<Account, Rejection> {
    let rest = sender.balance.checked_sub(amount);
    let after = Account {
        balance: rest.ok_or(Rejection::InsufficientFunds)?,
        ..sender.clone()
    };
    check(!after.is_overdrawn(), Rejection::InsufficientFunds)?;
    Ok(after)
}

/// Whether this amount may leave the sender at this time, after its earlier spendings.
pub(super) fn check_velocity(
    books: &Books,
    sender: &Account,
    amount: &Amount,
    at: Timestamp,
) -> Result<(), Rejection> {
    let mut limits = sender.velocity_limits.iter();
    limits.try_for_each(|limit| limit.check(books.spendings(sender.id), amount, at))
}

/// The receiver after receiving the amount.
pub(super) fn receive(receiver: &Account, amount: &Amount) -> Result<Account, Rejection> {
    let sum = receiver.balance.checked_add(amount);
    let after = Account {
        balance: sum.ok_or(Rejection::ReceiverBalanceTooLarge)?,
        ..receiver.clone()
    };
    check(after.fits(), Rejection::ReceiverBalanceTooLarge)?;
    Ok(after)
}
