//! The rules for moving money: one rule list for deposits, withdrawals, internal transfers and reversals.
//!
//! A deposit is a transfer without a sender, a withdrawal one without a receiver. A rule about a side
//! applies where there is that side.

use super::books::Books;
use super::{Outcome, Recorded};
use crate::account::{Account, AccountId};
use crate::amount::Amount;
use crate::command::{Deposit, InternalTransfer, Precision, Replay, Reversal, Terms, Withdraw};
use crate::currency::CurrencyCode;
use crate::rejection::Rejection;
use crate::timestamp::Timestamp;
use crate::transfer::{
    Direction, Transfer, TransferDetails, TransferId, TransferPart, TransferType,
};

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
        details: &deposit.details,
        terms: &deposit.terms,
        reverses: None,
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
        details: &withdraw.details,
        terms: &withdraw.terms,
        reverses: None,
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
        details: &transfer.details,
        terms: &transfer.terms,
        reverses: None,
    };
    movement.decide(books, at)
}

/// Takes a transfer back: the opposite movement, bounded by what is left of the transfer.
pub(super) fn reverse(
    reversal: &Reversal,
    books: &mut Books,
    at: Timestamp,
) -> Result<Outcome, Rejection> {
    // A transfer never disappears, so this may be asked before it is known whether this is a replay.
    let original = books
        .transfer(reversal.reverses)
        .ok_or(Rejection::TransferNotExist)?;
    check(original.reverses.is_none(), Rejection::TransferIsReversal)?;
    let known = books.transfer(reversal.transfer_id);
    let before = books
        .reversed(original.id)
        .cloned()
        .unwrap_or_else(Amount::zero);
    let rest = original
        .amount
        .checked_sub(&before)
        .ok_or(Rejection::ReversalExceedsTransfer)?;
    let amount = match (&reversal.amount, known) {
        (Some(amount), _) => amount.clone(),
        (None, Some(known)) => known.amount.clone(),
        (None, None) => rest.clone(),
    };
    // Nothing is left: there is no positive amount to blame.
    let is_exhausted = known.is_none() && !rest.is_positive();
    check(!is_exhausted, Rejection::ReversalExceedsTransfer)?;
    let movement = Movement {
        transfer_id: reversal.transfer_id,
        transfer_type: reversal.transfer_type,
        sender: reversal.sender_account_id,
        receiver: reversal.receiver_account_id,
        amount: &amount,
        currency_code: reversal.currency_code,
        details: &reversal.details,
        terms: &reversal.terms,
        reverses: Some(Reversed {
            id: reversal.reverses,
            before,
            rest,
        }),
    };
    movement.decide(books, at)
}

/// The transfer that a movement takes back.
struct Reversed {
    id: TransferId,
    /// How much of it was taken back.
    before: Amount,
    /// How much of it is left.
    rest: Amount,
}

/// Money on its way from a sender, a receiver, or one to the other.
struct Movement<'a> {
    transfer_id: TransferId,
    transfer_type: TransferType,
    sender: Option<AccountId>,
    receiver: Option<AccountId>,
    amount: &'a Amount,
    currency_code: CurrencyCode,
    details: &'a TransferDetails,
    terms: &'a Terms,
    reverses: Option<Reversed>,
}

impl Movement<'_> {
    /// The rules, in the order in which `docs/API.md` promises the answers.
    fn decide(&self, books: &mut Books, at: Timestamp) -> Result<Outcome, Rejection> {
        use Rejection::{
            AmountPrecisionExceeded, CurrencyNotSupported, IdAlreadyUsed, InsufficientFunds,
            ReceiverAccountNotExist, ReceiverAccountWrongCurrency, ReceiverBalanceTooLarge,
            ReversalExceedsTransfer, SenderAccountNotExist, SenderAccountWrongCurrency,
            SenderAvailableTooLow, TransferAmountMustBePositive, TransferAmountTooLarge,
        };

        let currency = books
            .currency(self.currency_code)
            .ok_or(CurrencyNotSupported)?;
        let amount = currency
            .round(self.amount)
            .map_err(|_| TransferAmountTooLarge)?;
        let is_exact = self.terms.precision == Precision::Rounded || amount == *self.amount;
        check(is_exact, AmountPrecisionExceeded)?;
        check(amount.is_positive(), TransferAmountMustBePositive)?;

        // A replay is answered before accounts and balances are judged: it is OK after the sender
        // was drained, too.
        if let Some(known) = books.transfer(self.transfer_id) {
            let is_replay =
                self.terms.replay == Replay::AnyContent || self.is_content_of(known, &amount);
            check(is_replay, IdAlreadyUsed)?;
            return Ok(Outcome::Exists(Recorded::Transfer(known.clone())));
        }

        let reversed = self.reverses.as_ref();
        let is_within = reversed.is_none_or(|reversed| amount <= reversed.rest);
        check(is_within, ReversalExceedsTransfer)?;
        let reversed_after = match reversed {
            Some(Reversed { id, before, .. }) => {
                let sum = before.checked_add(&amount).ok_or(ReversalExceedsTransfer)?;
                Some((*id, sum))
            }
            None => None,
        };

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
                let least = self.terms.sender_available_at_least.as_ref();
                let has_enough = least.is_none_or(|least| sender.balance >= *least);
                check(has_enough, SenderAvailableTooLow)?;
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
        let reverses = reversed_after.as_ref().map(|(id, _)| *id);
        if let Some((id, sum)) = reversed_after {
            books.reverse(id, sum);
        }
        let transfer = Transfer {
            id: self.transfer_id,
            transfer_type: self.transfer_type,
            currency_code: currency.code,
            amount,
            created_at,
            details: self.details.clone(),
            reverses,
            parts,
        };
        books.record(transfer.clone());
        Ok(Outcome::Created(Recorded::Transfer(transfer)))
    }

    /// Whether carrying this out would record what `known` is.
    fn is_content_of(&self, known: &Transfer, amount: &Amount) -> bool {
        known.transfer_type == self.transfer_type
            && known.currency_code == self.currency_code
            && known.amount == *amount
            && known.details == *self.details
            && known.reverses == self.reverses.as_ref().map(|reversed| reversed.id)
            && known.account(Direction::Outgoing) == self.sender
            && known.account(Direction::Incoming) == self.receiver
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
            effective_at: self.details.effective_at,
        }
    }
}

/// Reads a rule as what must hold, and the answer if it does not.
fn check(holds: bool, otherwise: Rejection) -> Result<(), Rejection> {
    if holds { Ok(()) } else { Err(otherwise) }
}
