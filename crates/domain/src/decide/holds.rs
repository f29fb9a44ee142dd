//! The rules for holds: placing a hold, and every change of it.
//!
//! A table, [`HOLD_TABLE`](crate::HOLD_TABLE), defines which action a hold allows in which
//! situation. This file adds the rules about amounts.

use super::books::Books;
use super::checks::{amount_to_book, check, is_replay};
use super::posting::{Heading, Posting, booking_time};
use super::sides;
use crate::commands::{ChangeHold, Outcome, PlaceHold, Recorded};
use crate::records::{Account, Effect, Hold, HoldAction, HoldState, Transfer, TransferType};
use crate::values::{Amount, Rejection, Timestamp};

/// Places a hold, once.
///
/// The receiver's status is as of when the accounts were read: nothing changes about the receiver
/// here, so nothing detects that it is frozen at the same moment. The capture is binding, and
/// checks again.
pub(super) fn place(
    place: &PlaceHold,
    books: &mut Books,
    at: Timestamp,
) -> Result<Outcome, Rejection> {
    let PlaceHold { transfer, .. } = place;
    let (terms, code) = (&transfer.terms, transfer.currency_code);
    let amount = amount_to_book(books, &transfer.amount, code, terms.precision)?;
    if let Some(known) = books.transfer(transfer.transfer_id) {
        let is_same = || placing_would_record(place, known, &amount);
        let is_replay = is_replay(terms, &transfer.details, known, is_same);
        check(is_replay, Rejection::IdAlreadyUsed)?;
        return Ok(Outcome::Exists(Recorded::Transfer(known.clone())));
    }
    let has_expired = place.expires_at.is_some_and(|end| at >= end);
    check(!has_expired, Rejection::HoldExpired)?;
    let (sender, receiver) = (transfer.sender_account_id, transfer.receiver_account_id);
    let parties = (Some(sender), Some(receiver));
    let found = sides::find(books, parties.0, parties.1, code)?;
    found.check_status()?;
    let sender = found.sender.ok_or(Rejection::SenderAccountNotExist)?;
    let created_at = booking_time(at, [sender]);
    sides::check_available(sender, terms)?;
    let sender = reserve(sender, &amount)?;
    // Nothing below this line is refused.
    let hold = Hold {
        amount: amount.clone(),
        ..place.hold(created_at)
    };
    let heading = Heading::new(
        transfer.transfer_id,
        TransferType::Hold,
        parties,
        code,
        &transfer.details,
    );
    let posting = Posting {
        heading,
        effect: Effect::Holds(hold),
        amount,
        decided_at: at,
        sender: Some(sender),
        receiver: None,
    };
    let transfer = posting.record(books);
    Ok(Outcome::Created(Recorded::Transfer(transfer)))
}

/// Changes a hold, once.
pub(super) fn change(
    change: &ChangeHold,
    books: &mut Books,
    at: Timestamp,
) -> Result<Outcome, Rejection> {
    let requested = requested_amount(change, books)?;
    if let Some(known) = books.transfer(change.transfer_id) {
        let is_same = || would_record(change, known, requested.as_ref());
        let is_replay = is_replay(&change.terms, &change.details, known, is_same);
        check(is_replay, Rejection::IdAlreadyUsed)?;
        return Ok(Outcome::Exists(Recorded::Transfer(known.clone())));
    }
    let hold = books
        .hold(change.hold_id)
        .filter(|hold| names(change, hold));
    let hold = hold.ok_or(Rejection::HoldNotExist)?;
    let (sender, receiver) = (hold.sender_account_id, hold.receiver_account_id);
    let parties = (Some(sender), Some(receiver));
    let found = sides::find(books, parties.0, parties.1, hold.currency_code)?;
    let (Some(sender), Some(receiver)) = (found.sender, found.receiver) else {
        return Err(Rejection::HoldNotExist);
    };
    let moves = transfer_type(&change.action).moves_money();
    hold.situation(sender, receiver, at)
        .answer(&change.action)?;
    sides::check_available(sender, &change.terms)?;
    let amount = match requested {
        Some(amount) => amount,
        None => hold.rest().ok_or(Rejection::CaptureExceedsHold)?,
    };
    if moves {
        let fits = hold.rest().is_some_and(|rest| amount <= rest);
        check(fits, Rejection::CaptureExceedsHold)?;
        sides::check_velocity(books, sender, &amount, at)?;
    }
    let changed = judge(&change.action, amount, hold, sender, receiver)?;
    // Nothing below this line is refused.
    let heading = Heading::new(
        change.transfer_id,
        transfer_type(&change.action),
        parties,
        hold.currency_code,
        &change.details,
    );
    let posting = Posting {
        heading,
        effect: Effect::Holds(changed.hold),
        amount: changed.amount,
        decided_at: at,
        sender: Some(changed.sender),
        receiver: changed.receiver,
    };
    let transfer = posting.record(books);
    Ok(Outcome::Created(Recorded::Transfer(transfer)))
}

/// The hold and its accounts after an accepted change.
struct Changed {
    /// How much was moved, held, or released.
    amount: Amount,
    sender: Account,
    /// Present if it changes.
    receiver: Option<Account>,
    hold: Hold,
}

/// The rules about amounts.
fn judge(
    action: &HoldAction,
    amount: Amount,
    hold: &Hold,
    sender: &Account,
    receiver: &Account,
) -> Result<Changed, Rejection> {
    use Rejection::{CaptureExceedsHold, InsufficientFunds, TransferAmountTooLarge};
    let rest = hold.rest().ok_or(CaptureExceedsHold)?;
    let mut hold = hold.clone();
    let mut paid_receiver = None;
    let sender = match action {
        HoldAction::Increase { .. } => {
            let sum = hold.amount.checked_add(&amount);
            hold.amount = sum.ok_or(TransferAmountTooLarge)?;
            reserve(sender, &amount)?
        }
        HoldAction::Capture { is_final, .. } => {
            let remaining = rest.checked_sub(&amount).ok_or(CaptureExceedsHold)?;
            let sum = hold.captured.checked_add(&amount);
            hold.captured = sum.ok_or(CaptureExceedsHold)?;
            let is_over = *is_final || remaining.is_zero();
            if is_over {
                hold.state = HoldState::Captured;
            }
            paid_receiver = Some(sides::receive(receiver, &amount)?);
            let released = if is_over { &rest } else { &amount };
            // The paid amount was held, so it is always available.
            let balance = sender.balance.checked_sub(&amount);
            Account {
                balance: balance.ok_or(InsufficientFunds)?,
                ..release(sender, released)?
            }
        }
        HoldAction::Void => {
            hold.state = HoldState::Voided;
            release(sender, &rest)?
        }
        HoldAction::Expire => {
            hold.state = HoldState::Expired;
            release(sender, &rest)?
        }
    };
    Ok(Changed {
        amount,
        sender,
        receiver: paid_receiver,
        hold,
    })
}

/// The sender after more of its money is held.
fn reserve(sender: &Account, amount: &Amount) -> Result<Account, Rejection> {
    let held = sender.held.checked_add(amount);
    let after = Account {
        held: held.ok_or(Rejection::InsufficientFunds)?,
        ..sender.clone()
    };
    check(!after.is_overdrawn(), Rejection::InsufficientFunds)?;
    Ok(after)
}

/// The sender after less of its money is held. It was held, so this is never refused.
fn release(sender: &Account, amount: &Amount) -> Result<Account, Rejection> {
    let held = sender.held.checked_sub(amount);
    Ok(Account {
        held: held.ok_or(Rejection::CaptureExceedsHold)?,
        ..sender.clone()
    })
}

/// The amount that a change names, as it is booked.
fn requested_amount(change: &ChangeHold, books: &Books) -> Result<Option<Amount>, Rejection> {
    let amount = match &change.action {
        HoldAction::Increase { amount } => Some(amount),
        HoldAction::Capture { amount, .. } => amount.as_ref(),
        HoldAction::Void | HoldAction::Expire => None,
    };
    let precision = change.terms.precision;
    let booked = amount.map(|it| amount_to_book(books, it, change.currency_code, precision));
    booked.transpose()
}

fn transfer_type(action: &HoldAction) -> TransferType {
    match action {
        HoldAction::Increase { .. } => TransferType::HoldIncrease,
        HoldAction::Capture { .. } => TransferType::Capture,
        HoldAction::Void => TransferType::Void,
        HoldAction::Expire => TransferType::Expire,
    }
}

/// Whether a change was built from this hold. Then it has the hold's accounts, which were read
/// because it names them.
fn names(change: &ChangeHold, hold: &Hold) -> bool {
    change.sender_account_id == hold.sender_account_id
        && change.receiver_account_id == hold.receiver_account_id
        && change.currency_code == hold.currency_code
}

/// Whether applying this command would record `known`.
fn placing_would_record(place: &PlaceHold, known: &Transfer, amount: &Amount) -> bool {
    let is_same = |hold: &Hold| {
        let placed = Hold {
            amount: amount.clone(),
            ..place.hold(hold.created_at)
        };
        *hold == placed
    };
    known.transfer_type == TransferType::Hold
        && place.transfer.details.is_retry_of(&known.details)
        && known.hold().is_some_and(is_same)
}

/// The same for a change. Without an amount it means the rest of the hold.
fn would_record(change: &ChangeHold, known: &Transfer, requested: Option<&Amount>) -> bool {
    let Some(hold) = known.hold() else {
        return false;
    };
    let is_final = match change.action {
        // Capturing the whole rest ends the hold, whether the capture is final or not.
        HoldAction::Capture { is_final, .. } => {
            hold.captured == hold.amount || is_final == (hold.state == HoldState::Captured)
        }
        _ => true,
    };
    let names_amount = requested.is_some() || known.transfer_type != TransferType::Capture;
    hold.id == change.hold_id
        && names(change, hold)
        && known.transfer_type == transfer_type(&change.action)
        && change.details.is_retry_of(&known.details)
        && is_final
        && (names_amount || hold.captured == hold.amount)
        && requested.is_none_or(|requested| *requested == known.amount)
}
