//! The rules for moving money: one rule list for deposits, withdrawals and internal transfers.
//!
//! A deposit is a transfer without a sender, a withdrawal one without a receiver. A rule about a side
//! applies where there is that side.

use super::books::Books;
use super::{Outcome, Recorded};
use crate::account::{Account, AccountId};
use crate::amount::Amount;
use crate::command::{Deposit, InternalTransfer, Withdraw};
use crate::currency::CurrencyCode;
use crate::rejection::Rejection;
use crate::timestamp::Timestamp;
use crate::transfer::{Direction, Transfer, TransferId, TransferPart, TransferType};

pub(super) fn deposit(
    deposit: &Deposit,
    books: &mut Books,
    at: Timestamp,
) -> Result<Outcome, Rejection> {
    let movement = Movement {
        transfer_id: deposit.transfer_id,
        transfer_type: TransferType::Deposit,
        sender: None,
        receiver: Some(deposit.receiver_account_id),
        amount: &deposit.amount,
        currency_code: deposit.currency_code,
    };
    movement.decide(books, at)
}

pub(super) fn withdraw(
    withdraw: &Withdraw,
    books: &mut Books,
    at: Timestamp,
) -> Result<Outcome, Rejection> {
    let movement = Movement {
        transfer_id: withdraw.transfer_id,
        transfer_type: TransferType::Withdraw,
        sender: Some(withdraw.sender_account_id),
        receiver: None,
        amount: &withdraw.amount,
        currency_code: withdraw.currency_code,
    };
    movement.decide(books, at)
}

pub(super) fn internal(
    transfer: &InternalTransfer,
    books: &mut Books,
    at: Timestamp,
) -> Result<Outcome, Rejection> {
    let movement = Movement {
        transfer_id: transfer.transfer_id,
        transfer_type: TransferType::Internal,
        sender: Some(transfer.sender_account_id),
        receiver: Some(transfer.receiver_account_id),
        amount: &transfer.amount,
        currency_code: transfer.currency_code,
    };
    movement.decide(books, at)
}

/// Money on its way from a sender, a receiver, or one to the other.
struct Movement<'a> {
    transfer_id: TransferId,
    transfer_type: TransferType,
    sender: Option<AccountId>,
    receiver: Option<AccountId>,
    amount: &'a Amount,
    currency_code: CurrencyCode,
}

impl Movement<'_> {
    /// The rules, in the order in which `docs/API.md` promises the answers.
    fn decide(&self, books: &mut Books, at: Timestamp) -> Result<Outcome, Rejection> {
        use Rejection::{
            CurrencyNotSupported, InsufficientFunds, ReceiverAccountNotExist,
            ReceiverAccountWrongCurrency, ReceiverBalanceTooLarge, SenderAccountNotExist,
            SenderAccountWrongCurrency, TransferAmountMustBePositive, TransferAmountTooLarge,
        };

        let currency = books
            .currency(self.currency_code)
            .ok_or(CurrencyNotSupported)?;
        let amount = currency
            .round(self.amount)
            .map_err(|_| TransferAmountTooLarge)?;
        check(amount.is_positive(), TransferAmountMustBePositive)?;

        // A replay is answered before accounts and balances are judged: it is OK after the sender
        // was drained, too.
        if let Some(known) = books.transfer(self.transfer_id) {
            return Ok(Outcome::Exists(Recorded::Transfer(known.clone())));
        }

        let sender = self
            .sender
            .map(|id| books.account(id).ok_or(SenderAccountNotExist));
        let sender = sender.transpose()?;
        let receiver = self
            .receiver
            .map(|id| books.account(id).ok_or(ReceiverAccountNotExist));
        let receiver = receiver.transpose()?;
        let in_currency = |account: &Account| account.currency_code == currency.code;
        check(sender.is_none_or(in_currency), SenderAccountWrongCurrency)?;
        check(
            receiver.is_none_or(in_currency),
            ReceiverAccountWrongCurrency,
        )?;

        let sender_after = match sender {
            Some(sender) => {
                let rest = sender
                    .balance
                    .checked_sub(&amount)
                    .ok_or(InsufficientFunds)?;
                check(!rest.is_negative(), InsufficientFunds)?;
                Some((sender.clone(), rest))
            }
            None => None,
        };
        let receiver_after = match receiver {
            Some(receiver) => {
                let sum = receiver
                    .balance
                    .checked_add(&amount)
                    .ok_or(ReceiverBalanceTooLarge)?;
                Some((receiver.clone(), sum))
            }
            None => None,
        };

        // Nothing below this line is refused.
        let last_change = [sender, receiver]
            .into_iter()
            .flatten()
            .map(|side| side.updated_at)
            .max();
        let created_at = last_change.map_or(at, |last| at.max(last.plus_micros(1)));
        let mut parts = Vec::with_capacity(2);
        for (side, direction) in [
            (sender_after, Direction::Outgoing),
            (receiver_after, Direction::Incoming),
        ] {
            let Some((mut account, balance)) = side else {
                continue;
            };
            account.balance = balance;
            account.version += 1;
            account.updated_at = created_at;
            parts.push(self.part(&account, direction, &amount));
            books.change_account(account);
        }
        let transfer = Transfer {
            id: self.transfer_id,
            transfer_type: self.transfer_type,
            currency_code: currency.code,
            amount,
            created_at,
            parts,
        };
        books.record(transfer.clone());
        Ok(Outcome::Created(Recorded::Transfer(transfer)))
    }

    /// The part of the account that has just been changed.
    fn part(&self, account: &Account, direction: Direction, amount: &Amount) -> TransferPart {
        let corresponding_account_id = match direction {
            Direction::Outgoing => self.receiver,
            Direction::Incoming => self.sender,
        };
        TransferPart {
            account_id: account.id,
            version: account.version,
            transfer_id: self.transfer_id,
            transfer_type: self.transfer_type,
            corresponding_account_id,
            direction,
            amount: amount.clone(),
            currency_code: account.currency_code,
            balance: account.balance.clone(),
            created_at: account.updated_at,
        }
    }
}

/// Reads a rule as what must hold, and the answer if it does not.
fn check(holds: bool, otherwise: Rejection) -> Result<(), Rejection> {
    if holds { Ok(()) } else { Err(otherwise) }
}
