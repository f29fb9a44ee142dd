//! Transfers that are applied as one: the first has the id that the client chose, the others follow
//! it.
//!
//! Fees, splits and exchanges work like that. Each of the transfers is a [`Movement`] like any
//! other, decided in turn. If one is refused, the command is, and [`decide`](super::decide) rolls
//! back the writes of the others.

use super::books::Books;
use super::checks::{amount_to_book, check, is_replay};
use super::movement::Movement;
use super::posting::Heading;
use crate::commands::{InternalTransfer, Outcome, Recorded, Split, SplitParts, Terms};
use crate::records::{Effect, Fee, Link, Transfer, TransferDetails, TransferType, divide};
use crate::values::{AccountId, Amount, CurrencyCode, QuoteId, Rejection, Timestamp, TransferId};

/// One of the transfers, with an amount in its currency's precision.
pub(super) struct Leg {
    pub(super) transfer_type: TransferType,
    pub(super) sender: AccountId,
    pub(super) receiver: AccountId,
    pub(super) amount: Amount,
    pub(super) currency_code: CurrencyCode,
    /// The rejection that the client gets if this transfer is refused: the client did not name all
    /// of the accounts.
    pub(super) map_rejection: fn(Rejection) -> Rejection,
}

/// All of them, the leading one first. There are no more than a split has receivers.
pub(super) struct Linked<'a> {
    pub(super) transfer_id: TransferId,
    pub(super) legs: Vec<Leg>,
    /// The quote that the leading one uses.
    pub(super) quote_id: Option<QuoteId>,
    pub(super) details: &'a TransferDetails,
    pub(super) terms: &'a Terms,
}

/// Moves money from one account to another, with a fee.
pub(super) fn internal_with_fee(
    transfer: &InternalTransfer,
    fee: &Fee,
    books: &mut Books,
    at: Timestamp,
) -> Result<Outcome, Rejection> {
    let code = transfer.currency_code;
    let amount = amount_to_book(books, &transfer.amount, code, transfer.terms.precision)?;
    let fee = fee_leg(
        fee,
        books,
        transfer.sender_account_id,
        &amount,
        code,
        &transfer.terms,
    )?;
    let first = Leg {
        transfer_type: TransferType::Internal,
        sender: transfer.sender_account_id,
        receiver: transfer.receiver_account_id,
        amount,
        currency_code: code,
        map_rejection: |rejection| rejection,
    };
    let linked = Linked {
        transfer_id: transfer.transfer_id,
        legs: [first].into_iter().chain(fee).collect(),
        quote_id: None,
        details: &transfer.details,
        terms: &transfer.terms,
    };
    linked.decide(books, at)
}

/// Moves money from one account to several.
pub(super) fn split(split: &Split, books: &mut Books, at: Timestamp) -> Result<Outcome, Rejection> {
    let code = split.currency_code;
    let precision = split.terms.precision;
    let parts: Vec<(AccountId, Amount)> = match &split.parts {
        SplitParts::Amounts(parts) => {
            let booked = parts.iter().map(|(id, amount)| {
                amount_to_book(books, amount, code, precision).map(|amount| (*id, amount))
            });
            booked.collect::<Result<_, _>>()?
        }
        SplitParts::Shares { amount, shares } => {
            let amount = amount_to_book(books, amount, code, precision)?;
            let currency = books.currency(code);
            let currency = currency.ok_or(Rejection::CurrencyNotSupported)?;
            let (ids, shares): (Vec<_>, Vec<_>) = shares.iter().copied().unzip();
            let amounts = divide(&amount, &shares, currency);
            let amounts = amounts.map_err(|_| Rejection::TransferAmountTooLarge)?;
            let all_positive = amounts.iter().all(Amount::is_positive);
            check(all_positive, Rejection::TransferAmountMustBePositive)?;
            ids.into_iter().zip(amounts).collect()
        }
    };
    let legs = parts.into_iter().map(|(receiver, amount)| Leg {
        transfer_type: TransferType::Internal,
        sender: split.sender_account_id,
        receiver,
        amount,
        currency_code: code,
        map_rejection: |rejection| rejection,
    });
    let linked = Linked {
        transfer_id: split.transfer_id,
        legs: legs.collect(),
        quote_id: None,
        details: &split.details,
        terms: &split.terms,
    };
    linked.decide(books, at)
}

/// The transfer of a fee; `None` if it rounds to zero.
pub(super) fn fee_leg(
    fee: &Fee,
    books: &Books,
    sender: AccountId,
    amount: &Amount,
    currency_code: CurrencyCode,
    terms: &Terms,
) -> Result<Option<Leg>, Rejection> {
    let currency = books.currency(currency_code);
    let currency = currency.ok_or(Rejection::CurrencyNotSupported)?;
    let charged = fee.amount_on(amount, currency, terms.precision)?;
    check(fee.account_id != sender, Rejection::FeeAccountNotUsable)?;
    Ok(charged.is_positive().then_some(Leg {
        transfer_type: TransferType::Fee,
        sender,
        receiver: fee.account_id,
        amount: charged,
        currency_code,
        map_rejection: |rejection| match rejection.is_about_receiver() {
            true => Rejection::FeeAccountNotUsable,
            false => rejection,
        },
    }))
}

impl Linked<'_> {
    fn decide(&self, books: &mut Books, at: Timestamp) -> Result<Outcome, Rejection> {
        match self.replay(books)? {
            Some(outcome) => Ok(outcome),
            None => self.apply(books, at),
        }
    }

    /// The outcome of a command that was applied before.
    pub(super) fn replay(&self, books: &Books) -> Result<Option<Outcome>, Rejection> {
        let Some(first) = books.transfer(self.transfer_id) else {
            return Ok(None);
        };
        let mut known = vec![first];
        known.extend(first.followers().filter_map(|id| books.transfer(id)));
        let is_same = || {
            let pairs = (0..).zip(&self.legs).zip(&known);
            let is_same = |((index, leg), known): ((u8, &Leg), &&Transfer)| {
                self.movement(index, leg).would_record(known, &leg.amount)
            };
            known.len() == self.legs.len() && pairs.into_iter().all(is_same)
        };
        let is_replay = is_replay(self.terms, self.details, first, is_same);
        check(is_replay, Rejection::IdAlreadyUsed)?;
        Ok(Some(Outcome::Exists(recorded(
            known.into_iter().cloned().collect(),
        ))))
    }

    /// Applies them, one after the other.
    pub(super) fn apply(&self, books: &mut Books, at: Timestamp) -> Result<Outcome, Rejection> {
        let mut transfers = Vec::with_capacity(self.legs.len());
        for (index, leg) in (0..).zip(&self.legs) {
            let movement = self.movement(index, leg);
            let is_free = books.transfer(movement.heading.transfer_id).is_none();
            check(is_free, Rejection::IdAlreadyUsed)?;
            let posting = movement.judge(books, leg.amount.clone(), at);
            transfers.push(posting.map_err(leg.map_rejection)?.record(books));
        }
        Ok(Outcome::Created(recorded(transfers)))
    }

    fn movement<'m>(&'m self, index: u8, leg: &'m Leg) -> Movement<'m> {
        let (transfer_id, link) = match (index, self.legs.len()) {
            (0, 1) => (self.transfer_id, Link::Alone),
            (0, count) => (self.transfer_id, Link::Leads((count - 1) as u8)),
            (index, _) => {
                let id = self.transfer_id.follower(index);
                (id, Link::Follows(self.transfer_id))
            }
        };
        let heading = Heading::new(
            transfer_id,
            leg.transfer_type,
            (Some(leg.sender), Some(leg.receiver)),
            leg.currency_code,
            self.details,
        );
        Movement {
            heading: Heading { link, ..heading },
            effect: match self.quote_id {
                Some(quote_id) if index == 0 => Effect::Exchanges(quote_id),
                _ => Effect::Moves,
            },
            terms: self.terms,
        }
    }
}

fn recorded(mut transfers: Vec<Transfer>) -> Recorded {
    match transfers.len() {
        1 => Recorded::Transfer(transfers.remove(0)),
        _ => Recorded::Linked(transfers),
    }
}
