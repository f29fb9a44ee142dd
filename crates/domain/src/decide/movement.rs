//! The rules for moving money: one rule list for deposits, withdrawals, internal transfers and
//! reversals.
//!
//! A deposit is a transfer without a sender, a withdrawal one without a receiver. A rule about a
//! side applies if the side exists.

use super::books::Books;
use super::posting::{Posting, amount_to_book, check, is_replay, time_of};
use super::sides;
use crate::commands::{Outcome, Recorded, Terms};
use crate::records::{Direction, Link, Transfer, TransferDetails, TransferType};
use crate::values::{AccountId, Amount, CurrencyCode, QuoteId, Rejection, Timestamp, TransferId};

/// Money on its way from a sender, to a receiver, or from one to the other.
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
    pub(super) link: Link,
    pub(super) quote_id: Option<QuoteId>,
}

/// The transfer that a movement reverses.
pub(super) struct Reversed {
    pub(super) id: TransferId,
    /// How much of it was reversed before.
    pub(super) before: Amount,
    /// How much of it is left.
    pub(super) rest: Amount,
}

impl<'a> Movement<'a> {
    /// Decides the movement and records it if it is not refused.
    pub(super) fn decide(&self, books: &mut Books, at: Timestamp) -> Result<Outcome, Rejection> {
        let precision = self.terms.precision;
        let amount = amount_to_book(books, self.amount, self.currency_code, precision)?;
        // A retry is answered before accounts and balances are judged: it also succeeds after the
        // sender was drained.
        if let Some(known) = books.transfer(self.transfer_id) {
            let is_same = || self.is_content_of(known, &amount);
            let is_replay = is_replay(self.terms, self.details, known, is_same);
            check(is_replay, Rejection::IdAlreadyUsed)?;
            return Ok(Outcome::Exists(Recorded::Transfer(known.clone())));
        }
        let posting = self.judge(books, amount, at)?;
        // Nothing below this line is refused.
        let transfer = posting.record(books);
        Ok(Outcome::Created(Recorded::Transfer(transfer)))
    }

    /// The rules about the reversed transfer, the sides, and their money, in the order of
    /// `docs/API-CLASSIC.md`.
    pub(super) fn judge(
        &self,
        books: &Books,
        amount: Amount,
        at: Timestamp,
    ) -> Result<Posting<'a>, Rejection> {
        let mut reversed = None;
        if let Some(Reversed { id, before, rest }) = &self.reverses {
            check(amount <= *rest, Rejection::ReversalExceedsTransfer)?;
            let sum = before.checked_add(&amount);
            reversed = Some((*id, sum.ok_or(Rejection::ReversalExceedsTransfer)?));
        }
        let found = sides::find(books, self.sender, self.receiver, self.currency_code)?;
        found.check_status()?;
        let created_at = time_of(at, found.sender.into_iter().chain(found.receiver));
        let mut sender = None;
        if let Some(before) = found.sender {
            // The terms apply to the sender's balance before all linked transfers.
            if !matches!(self.link, Link::Follows(_)) {
                sides::check_available(before, self.terms)?;
            }
            sender = Some(sides::pay(before, &amount)?);
            sides::check_velocity(books, before, &amount, at)?;
        }
        let receiver = found.receiver.map(|before| sides::receive(before, &amount));
        let receiver = receiver.transpose()?;
        Ok(Posting {
            transfer_id: self.transfer_id,
            transfer_type: self.transfer_type,
            currency_code: self.currency_code,
            amount,
            details: self.details,
            decided_at: at,
            created_at,
            parties: (self.sender, self.receiver),
            sender,
            receiver,
            reversed,
            hold: None,
            account_change: None,
            link: self.link,
            quote_id: self.quote_id,
        })
    }

    /// Whether applying this movement would record `known`.
    pub(super) fn is_content_of(&self, known: &Transfer, amount: &Amount) -> bool {
        known.transfer_type == self.transfer_type
            && known.currency_code == self.currency_code
            && known.amount == *amount
            && self.details.is_retry_of(&known.details)
            && known.link == self.link
            && known.quote_id == self.quote_id
            && known.reverses == self.reverses.as_ref().map(|reversed| reversed.id)
            && known.account(Direction::Outgoing) == self.sender
            && known.account(Direction::Incoming) == self.receiver
    }
}
