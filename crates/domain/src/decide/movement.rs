//! The rules for moving money: one rule list for deposits, withdrawals, internal transfers and reversals.
//!
//! A deposit is a transfer without a sender, a withdrawal one without a receiver. A rule about a side
//! applies where there is that side.

use super::books::Books;
use super::{Outcome, Recorded};
use crate::account::{Account, AccountId};
use crate::amount::Amount;
use crate::command::{Precision, Replay, Terms};
use crate::currency::CurrencyCode;
use crate::rejection::Rejection;
use crate::timestamp::Timestamp;
use crate::transfer::{
    Direction, Transfer, TransferDetails, TransferId, TransferPart, TransferType,
};

/// Money on its way from a sender, a receiver, or one to the other.
pub(super) struct Movement<'a> {
    pub(super) transfer_id: TransferId,
    pub(super) transfer_type: TransferType,
    pub(super) sender: Option<AccountId>,
    pub(super) receiver: Option<AccountId>,
    pub(super) amount: &'a Amount,
    pub(super) currency_code: CurrencyCode,
    pub(super) details: &'a TransferDetails,
    pub(super) terms: &'a Terms,
    pub(super) reverses: Option<Reversed>,
}

/// The transfer that a movement takes back.
pub(super) struct Reversed {
    pub(super) id: TransferId,
    /// How much of it was taken back.
    pub(super) before: Amount,
    /// How much of it is left.
    pub(super) rest: Amount,
}

/// What a movement that is not refused makes of the books.
#[derive(Default)]
struct Effect {
    /// The sender before, and its balance after.
    sender: Option<(Account, Amount)>,
    /// The receiver before, and its balance after.
    receiver: Option<(Account, Amount)>,
    /// The transfer that is taken back, and how much of it in all.
    reversed: Option<(TransferId, Amount)>,
}

impl Movement<'_> {
    /// Decides and, if nothing refuses it, records the movement.
    pub(super) fn decide(&self, books: &mut Books, at: Timestamp) -> Result<Outcome, Rejection> {
        let amount = self.amount_to_book(books)?;
        // A replay is answered before accounts and balances are judged: it is OK after the sender
        // was drained, too.
        if let Some(known) = books.transfer(self.transfer_id) {
            let is_replay =
                self.terms.replay == Replay::AnyContent || self.is_content_of(known, &amount);
            check(is_replay, Rejection::IdAlreadyUsed)?;
            return Ok(Outcome::Exists(Recorded::Transfer(known.clone())));
        }
        let effect = self.judge(books, &amount)?;
        // Nothing below this line is refused.
        let transfer = self.apply(effect, amount, books, at);
        Ok(Outcome::Created(Recorded::Transfer(transfer)))
    }

    fn amount_to_book(&self, books: &Books) -> Result<Amount, Rejection> {
        use Rejection::{
            AmountPrecisionExceeded, CurrencyNotSupported, TransferAmountMustBePositive,
            TransferAmountTooLarge,
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
        Ok(amount)
    }

    /// The rules about the sides, in the order in which `docs/API-CLASSIC.md` promises the answers.
    fn judge(&self, books: &Books, amount: &Amount) -> Result<Effect, Rejection> {
        use Rejection::{
            InsufficientFunds, ReceiverAccountNotExist, ReceiverAccountWrongCurrency,
            ReceiverBalanceTooLarge, ReversalExceedsTransfer, SenderAccountNotExist,
            SenderAccountWrongCurrency, SenderAvailableTooLow,
        };
        let mut effect = Effect::default();
        if let Some(Reversed { id, before, rest }) = &self.reverses {
            check(amount <= rest, ReversalExceedsTransfer)?;
            let sum = before.checked_add(amount).ok_or(ReversalExceedsTransfer)?;
            effect.reversed = Some((*id, sum));
        }

        let account = |id, otherwise| books.account(id).ok_or(otherwise);
        let sender = self.sender.map(|id| account(id, SenderAccountNotExist));
        let sender = sender.transpose()?;
        let receiver = self.receiver.map(|id| account(id, ReceiverAccountNotExist));
        let receiver = receiver.transpose()?;
        let in_currency = |account: &Account| account.currency_code == self.currency_code;
        check(sender.is_none_or(in_currency), SenderAccountWrongCurrency)?;
        let is_right = receiver.is_none_or(in_currency);
        check(is_right, ReceiverAccountWrongCurrency)?;

        if let Some(sender) = sender {
            let least = self.terms.sender_available_at_least.as_ref();
            let has_enough = least.is_none_or(|least| sender.balance >= *least);
            check(has_enough, SenderAvailableTooLow)?;
            let rest = sender.balance.checked_sub(amount);
            let rest = rest.ok_or(InsufficientFunds)?;
            check(!rest.is_negative(), InsufficientFunds)?;
            effect.sender = Some((sender.clone(), rest));
        }
        if let Some(receiver) = receiver {
            let sum = receiver.balance.checked_add(amount);
            let sum = sum.ok_or(ReceiverBalanceTooLarge)?;
            effect.receiver = Some((receiver.clone(), sum));
        }
        Ok(effect)
    }

    fn apply(&self, effect: Effect, amount: Amount, books: &mut Books, at: Timestamp) -> Transfer {
        let sides = [
            (effect.sender, Direction::Outgoing),
            (effect.receiver, Direction::Incoming),
        ];
        let changes = sides.iter().filter_map(|(side, _)| side.as_ref());
        let last_change = changes.map(|(account, _)| account.updated_at).max();
        let created_at = last_change.map_or(at, |last| at.max(last.plus_micros(1)));
        let mut parts = Vec::with_capacity(2);
        for (side, direction) in sides {
            let Some((mut account, balance)) = side else {
                continue;
            };
            account.balance = balance;
            account.version += 1;
            account.updated_at = created_at;
            parts.push(self.part(&account, direction, &amount));
            books.change_account(account);
        }
        let reverses = effect.reversed.as_ref().map(|(id, _)| *id);
        if let Some((id, sum)) = effect.reversed {
            books.reverse(id, sum);
        }
        let transfer = Transfer {
            id: self.transfer_id,
            transfer_type: self.transfer_type,
            currency_code: self.currency_code,
            amount,
            created_at,
            details: self.details.clone(),
            reverses,
            parts,
        };
        books.record(transfer.clone());
        transfer
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
pub(super) fn check(holds: bool, otherwise: Rejection) -> Result<(), Rejection> {
    if holds { Ok(()) } else { Err(otherwise) }
}
