//! The commands that move money, each as one [`Movement`].

use super::books::Books;
use super::linked;
use super::movement::{Movement, Reversed};
use super::posting::{amount_to_book, check};
use crate::commands::{Deposit, InternalTransfer, Outcome, Recorded, Replay, Reversal, Withdraw};
use crate::records::{Link, TransferType};
use crate::values::{Amount, Rejection, Timestamp, TransferId};

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

/// Reverses a transfer: the opposite movement, bounded by the rest of the transfer.
pub(super) fn reverse(
    reversal: &Reversal,
    books: &mut Books,
    at: Timestamp,
) -> Result<Outcome, Rejection> {
    let Reversal { terms, .. } = reversal;
    let asked = reversal.amount.as_ref().map(|amount| {
        let code = reversal.currency_code;
        amount_to_book(books, amount, code, terms.precision)
    });
    let asked = asked.transpose()?;
    if let Some(known) = books.transfer(reversal.transfer_id) {
        let amount = asked.as_ref().unwrap_or(&known.amount);
        let nothing = (Amount::zero(), Amount::zero());
        let is_same = reversing_movement(reversal, amount, nothing).is_content_of(known, amount);
        let is_replay = terms.replay == Replay::AnyContent || is_same;
        check(is_replay, Rejection::IdAlreadyUsed)?;
        return Ok(Outcome::Exists(Recorded::Transfer(known.clone())));
    }
    let (before, rest) = reversed_and_rest(reversal.reverses, books)?;
    let amount = asked.unwrap_or_else(|| rest.clone());
    let posting =
        reversing_movement(reversal, &amount, (before, rest)).judge(books, amount.clone(), at)?;
    // Nothing below this line is refused.
    let transfer = posting.record(books);
    Ok(Outcome::Created(Recorded::Transfer(transfer)))
}

/// How much of a transfer was reversed, and how much of it is left: more than zero.
fn reversed_and_rest(id: TransferId, books: &Books) -> Result<(Amount, Amount), Rejection> {
    let original = books.transfer(id).ok_or(Rejection::TransferNotExist)?;
    check(original.reverses.is_none(), Rejection::TransferIsReversal)?;
    let moved_money = original.transfer_type.moves_money();
    check(moved_money, Rejection::TransferMovesNoMoney)?;
    let is_exchange = matches!(
        original.transfer_type,
        TransferType::Exchange | TransferType::Spread
    );
    check(!is_exchange, Rejection::TransferIsExchange)?;
    let before = books.reversed(id).cloned().unwrap_or_else(Amount::zero);
    let rest = original
        .amount
        .checked_sub(&before)
        .filter(Amount::is_positive)
        .ok_or(Rejection::ReversalExceedsTransfer)?;
    Ok((before, rest))
}

fn reversing_movement<'a>(
    reversal: &'a Reversal,
    amount: &'a Amount,
    (before, rest): (Amount, Amount),
) -> Movement<'a> {
    Movement {
        transfer_id: reversal.transfer_id,
        transfer_type: reversal.transfer_type,
        sender: reversal.sender_account_id,
        receiver: reversal.receiver_account_id,
        amount,
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
    }
}
