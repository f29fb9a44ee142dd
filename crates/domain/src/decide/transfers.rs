//! The commands that move money, each as one [`Movement`].

use super::books::Books;
use super::movement::{Movement, Reversed};
use super::posting::check;
use super::{Outcome, linked};
use crate::amount::Amount;
use crate::command::{Deposit, InternalTransfer, Reversal, Withdraw};
use crate::rejection::Rejection;
use crate::timestamp::Timestamp;
use crate::transfer::{Link, TransferType};

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
        link: Link::Alone,
        quote_id: None,
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
        link: Link::Alone,
        quote_id: None,
    };
    movement.decide(books, at)
}

pub(super) fn internal(
    transfer: &InternalTransfer,
    books: &mut Books,
    at: Timestamp,
) -> Result<Outcome, Rejection> {
    if let Some(fee) = &transfer.fee {
        return linked::internal_with_fee(transfer, fee, books, at);
    }
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
        link: Link::Alone,
        quote_id: None,
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
    let moved_money = original.transfer_type.moves_money();
    check(moved_money, Rejection::TransferMovesNoMoney)?;
    let is_exchange = matches!(
        original.transfer_type,
        TransferType::Exchange | TransferType::Spread
    );
    check(!is_exchange, Rejection::TransferIsExchange)?;
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
        link: Link::Alone,
        quote_id: None,
    };
    movement.decide(books, at)
}
