//! Transfers: every change of accounts, and its parts, one for each account that it affects.
//!
//! Most move money. Transfers of holds reserve and release money, and a change of an account's
//! rules is a transfer too. So every state that an account ever had is a part in its history, with
//! its own number.

use crate::records::{
    AccountChange, Direction, Effect, Hold, TransferPart, TransferType, VelocityLimit,
};
use crate::values::{
    AccountId, Actor, Amount, CurrencyCode, Metadata, QuoteId, ShortText, Timestamp, TransferId,
};

/// A transfer that was applied. It never changes afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Chosen by the client; the idempotency key, forever.
    pub id: TransferId,
    /// The kind of movement.
    pub transfer_type: TransferType,
    /// The currency of every part.
    pub currency_code: CurrencyCode,
    /// The amount moved, held or released: rounded, positive. Zero for a change of an account.
    pub amount: Amount,
    /// When it was booked; later than any earlier change of its accounts.
    pub created_at: Timestamp,
    /// What the client attached.
    pub details: TransferDetails,
    /// What it did in addition to moving money, or instead of it.
    pub effect: Effect,
    /// Which transfers were applied with it.
    pub link: Link,
    /// Two parts if money moves from one account to another, the outgoing one first. One otherwise.
    pub parts: Vec<TransferPart>,
}

/// How a transfer belongs to others: they were applied as one, and none of them could have been
/// applied alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Link {
    /// It was applied alone.
    #[default]
    Alone,
    /// It has the id that the client chose, and this number of transfers follow it. Their ids are
    /// derived from its own.
    Leads(u8),
    /// It follows this one.
    Follows(TransferId),
}

impl Link {
    /// The link of a transfer that follows `leader`, or leads `followers` others. `None` if it does
    /// both: no transfer does.
    #[must_use]
    pub const fn new(leader: Option<TransferId>, followers: Option<u8>) -> Option<Self> {
        match (leader, followers) {
            (Some(leader), None) => Some(Self::Follows(leader)),
            (None, Some(count)) => Some(Self::Leads(count)),
            (None, None) => Some(Self::Alone),
            (Some(_), Some(_)) => None,
        }
    }

    /// The transfer that this one follows.
    #[must_use]
    pub const fn leader(self) -> Option<TransferId> {
        match self {
            Self::Follows(leader) => Some(leader),
            Self::Alone | Self::Leads(_) => None,
        }
    }

    /// The number of followers, if there are any.
    #[must_use]
    pub const fn followers(self) -> Option<u8> {
        match self {
            Self::Leads(count) => Some(count),
            Self::Alone | Self::Follows(_) => None,
        }
    }
}

/// A transfer's details other than sender, receiver, amount and currency: stored and returned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransferDetails {
    /// The transfer's name in another system; several transfers may have the same.
    pub reference: Option<ShortText>,
    /// The client's metadata.
    pub metadata: Metadata,
    /// When it happened in the world, if that differs from when it was booked.
    pub effective_at: Option<Timestamp>,
    /// The authenticated caller, if there is authentication: not claimed by the client, but proved.
    pub created_by: Option<Actor>,
}

impl Transfer {
    /// The account on one side, if there is one.
    #[must_use]
    pub fn account(&self, direction: Direction) -> Option<AccountId> {
        let part = self.parts.iter().find(|part| part.direction == direction);
        part.map(|part| part.account_id)
    }

    /// The transfer that it reversed.
    #[must_use]
    pub const fn reverses(&self) -> Option<TransferId> {
        match self.effect {
            Effect::Reverses(original) => Some(original),
            _ => None,
        }
    }

    /// The hold that it placed or changed, as it left it.
    #[must_use]
    pub const fn hold(&self) -> Option<&Hold> {
        match &self.effect {
            Effect::Holds(hold) => Some(hold),
            _ => None,
        }
    }

    /// Its changes of the rules of its account.
    #[must_use]
    pub const fn account_change(&self) -> Option<&AccountChange> {
        match &self.effect {
            Effect::ChangesAccount(change) => Some(change),
            _ => None,
        }
    }

    /// The quote that it consumed, if it leads an exchange.
    #[must_use]
    pub const fn quote_id(&self) -> Option<QuoteId> {
        match self.effect {
            Effect::Exchanges(quote_id) => Some(quote_id),
            _ => None,
        }
    }

    /// The velocity limits that it set for its account, if it changed them.
    #[must_use]
    pub fn velocity_limits(&self) -> Option<&[VelocityLimit]> {
        self.account_change()?.velocity_limits.as_deref()
    }

    /// Whether it only moved money, alone: no hold, no rule of an account, nothing linked to it. It
    /// may have reversed another.
    #[must_use]
    pub fn moves_money_alone(&self) -> bool {
        matches!(self.effect, Effect::Moves | Effect::Reverses(_)) && self.link == Link::Alone
    }

    /// Whether that is so, and none of its accounts has holds or rules either.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.moves_money_alone() && self.parts.iter().all(TransferPart::is_plain)
    }

    /// The ids of the transfers that follow it.
    pub fn followers(&self) -> impl Iterator<Item = TransferId> + use<> {
        let id = self.id;
        (1..=self.link.followers().unwrap_or(0)).map(move |number| id.follower(number))
    }
}

impl TransferDetails {
    /// Whether the client attached a reference, metadata or an effective time.
    #[must_use]
    pub fn has_attachments(&self) -> bool {
        self.reference.is_some() || !self.metadata.is_empty() || self.effective_at.is_some()
    }

    /// Whether the caller is the one that `known` was recorded with: an id belongs to the caller
    /// that used it. Transfers that were recorded without a caller belong to all, and without
    /// authentication all callers are one.
    pub(crate) fn has_caller_of(&self, known: &Self) -> bool {
        match (&self.created_by, &known.created_by) {
            (Some(caller), Some(known)) => caller == known,
            _ => true,
        }
    }

    /// Whether these are the details of a retry of the transfer recorded with `known`. Another
    /// caller does not retry, but uses an id that is taken.
    pub(crate) fn is_retry_of(&self, known: &Self) -> bool {
        let Self {
            reference,
            metadata,
            effective_at,
            created_by: _,
        } = self;
        self.has_caller_of(known)
            && *reference == known.reference
            && *metadata == known.metadata
            && *effective_at == known.effective_at
    }

    /// Whether nothing is set, not even the caller.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
