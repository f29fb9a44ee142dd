//! The rules for moving money: one rule list for every transfer that moves money, except captures
//! ([`holds`](super::holds)).
//!
//! A deposit is a transfer without a sender, a withdrawal one without a receiver. A rule about a
//! side applies if the side exists.

use super::books::Books;
use super::checks::{amount_to_book, check, is_replay};
use super::posting::{Heading, Posting};
use super::sides;
use crate::commands::{Outcome, Recorded, Terms};
use crate::records::{Direction, Effect, Link, Transfer};
use crate::values::{Amount, Rejection, Timestamp};

/// Money on its way from a sender, to a receiver, or from one to the other.
pub(super) struct Movement<'a> {
    pub(super) heading: Heading<'a>,
    pub(super) effect: Effect,
    pub(super) terms: &'a Terms,
}

impl<'a> Movement<'a> {
    /// A movement that has no other effect.
    pub(super) fn new(heading: Heading<'a>, terms: &'a Terms) -> Self {
        Self {
            heading,
            effect: Effect::Moves,
            terms,
        }
    }

    /// Decides the movement of the requested amount, and records it if it is not refused.
    pub(super) fn decide(
        self,
        amount: &Amount,
        books: &mut Books,
        at: Timestamp,
    ) -> Result<Outcome, Rejection> {
        let (heading, terms) = (&self.heading, self.terms);
        let amount = amount_to_book(books, amount, heading.currency_code, terms.precision)?;
        // A retry is answered before accounts and balances are judged: it also succeeds after the
        // sender was drained.
        if let Some(known) = books.transfer(heading.transfer_id) {
            let is_same = || self.would_record(known, &amount);
            let is_replay = is_replay(terms, heading.details, known, is_same);
            check(is_replay, Rejection::IdAlreadyUsed)?;
            return Ok(Outcome::Exists(Recorded::Transfer(known.clone())));
        }
        let posting = self.judge(books, amount, at)?;
        // Nothing below this line is refused.
        let transfer = posting.record(books);
        Ok(Outcome::Created(Recorded::Transfer(transfer)))
    }

    /// The rules about the sides and their money, in the order of `docs/API-CLASSIC.md`.
    pub(super) fn judge(
        self,
        books: &Books,
        amount: Amount,
        at: Timestamp,
    ) -> Result<Posting<'a>, Rejection> {
        let (sender, receiver) = self.heading.parties;
        let found = sides::find(books, sender, receiver, self.heading.currency_code)?;
        found.check_status()?;
        let mut sender = None;
        if let Some(before) = found.sender {
            // The terms apply to the sender's balance before all linked transfers.
            if !matches!(self.heading.link, Link::Follows(_)) {
                sides::check_available(before, self.terms)?;
            }
            sender = Some(sides::pay(before, &amount)?);
            sides::check_velocity(books, before, &amount, at)?;
        }
        let receiver = found.receiver.map(|before| sides::receive(before, &amount));
        let receiver = receiver.transpose()?;
        Ok(Posting {
            heading: self.heading,
            effect: self.effect,
            amount,
            decided_at: at,
            sender,
            receiver,
        })
    }

    /// Whether applying this movement would record `known`.
    pub(super) fn would_record(&self, known: &Transfer, amount: &Amount) -> bool {
        let heading = &self.heading;
        let (sender, receiver) = heading.parties;
        known.transfer_type == heading.transfer_type
            && known.currency_code == heading.currency_code
            && known.amount == *amount
            && heading.details.is_retry_of(&known.details)
            && known.link == heading.link
            && known.effect == self.effect
            && known.account(Direction::Outgoing) == sender
            && known.account(Direction::Incoming) == receiver
    }
}
