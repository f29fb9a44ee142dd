//! The commands that move money, each as one [`Movement`].

use super::books::Books;
use super::checks::{amount_to_book, check};
use super::linked;
use super::movement::Movement;
use super::posting::Heading;
use crate::commands::{Deposit, InternalTransfer, Outcome, Recorded, Replay, Reversal, Withdraw};
use crate::records::{Effect, TransferType};
use crate::values::{Amount, Rejection, Timestamp, TransferId};

pub(super) fn deposit(
    deposit: &Deposit,
    books: &mut Books,
    at: Timestamp,
) -> Result<Outcome, Rejection> {
    let heading = Heading::new(
        deposit.transfer_id,
        TransferType::Deposit,
        (None, Some(deposit.receiver_account_id)),
        deposit.currency_code,
        &deposit.details,
    );
    Movement::new(heading, &deposit.terms).decide(&deposit.amount, books, at)
}

pub(super) fn withdraw(
    withdraw: &Withdraw,
    books: &mut Books,
    at: Timestamp,
) -> Result<Outcome, Rejection> {
    let heading = Heading::new(
        withdraw.transfer_id,
        TransferType::Withdraw,
        (Some(withdraw.sender_account_id), None),
        withdraw.currency_code,
        &withdraw.details,
    );
    Movement::new(heading, &withdraw.terms).decide(&withdraw.amount, books, at)
}

pub(super) fn internal(
    transfer: &InternalTransfer,
    books: &mut Books,
    at: Timestamp,
) -> Result<Outcome, Rejection> {
    if let Some(fee) = &transfer.fee {
        return linked::internal_with_fee(transfer, fee, books, at);
    }
    let (sender, receiver) = (transfer.sender_account_id, transfer.receiver_account_id);
    let heading = Heading::new(
        transfer.transfer_id,
        TransferType::Internal,
        (Some(sender), Some(receiver)),
        transfer.currency_code,
        &transfer.details,
    );
    Movement::new(heading, &transfer.terms).decide(&transfer.amount, books, at)
}

/// Reverses a transfer: the opposite movement, bounded by the rest of the transfer.
pub(super) fn reverse(
    reversal: &Reversal,
    books: &mut Books,
    at: Timestamp,
) -> Result<Outcome, Rejection> {
    use Rejection::{IdAlreadyUsed, ReversalExceedsTransfer};
    let terms = &reversal.terms;
    let asked = reversal.amount.as_ref().map(|amount| {
        let code = reversal.currency_code;
        amount_to_book(books, amount, code, terms.precision)
    });
    let asked = asked.transpose()?;
    let movement = reversing_movement(reversal);
    if let Some(known) = books.transfer(reversal.transfer_id) {
        let amount = asked.as_ref().unwrap_or(&known.amount);
        let is_same = movement.would_record(known, amount);
        let is_replay = terms.replay == Replay::AnyContent || is_same;
        check(is_replay, IdAlreadyUsed)?;
        return Ok(Outcome::Exists(Recorded::Transfer(known.clone())));
    }
    let (before, rest) = reversed_and_rest(reversal.reverses, books)?;
    let is_in_rest = asked.as_ref().is_none_or(|amount| *amount <= rest);
    check(is_in_rest, ReversalExceedsTransfer)?;
    let amount = asked.unwrap_or(rest);
    let reversed = before.checked_add(&amount).ok_or(ReversalExceedsTransfer)?;
    let posting = movement.judge(books, amount, at)?;
    // Nothing below this line is refused.
    books.reverse(reversal.reverses, reversed);
    let transfer = posting.record(books);
    Ok(Outcome::Created(Recorded::Transfer(transfer)))
}

/// How much of a transfer was reversed, and how much of it is left: more than zero.
fn reversed_and_rest(id: TransferId, books: &Books) -> Result<(Amount, Amount), Rejection> {
    let original = books.transfer(id).ok_or(Rejection::TransferNotExist)?;
    check(original.reverses().is_none(), Rejection::TransferIsReversal)?;
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

fn reversing_movement(reversal: &Reversal) -> Movement<'_> {
    let heading = Heading::new(
        reversal.transfer_id,
        reversal.transfer_type,
        (reversal.sender_account_id, reversal.receiver_account_id),
        reversal.currency_code,
        &reversal.details,
    );
    Movement {
        effect: Effect::Reverses(reversal.reverses),
        ..Movement::new(heading, &reversal.terms)
    }
}
