//! Transfers: whatever changes accounts, and its parts, one for each account that it touches.
//!
//! Most move money. Those of holds set money aside and let it go, and a change of an account's rules is one too: so
//! every state that an account was ever in is a part in its history, with a number of its own.

use crate::records::{AccountChange, Direction, Hold, TransferPart, TransferType, VelocityLimit};
use crate::values::{
    AccountId, Actor, Amount, CurrencyCode, Metadata, QuoteId, ShortText, Timestamp, TransferId,
};

/// A transfer that was applied. It never changes afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Chosen by the client; the key of idempotency, for ever.
    pub id: TransferId,
    /// What kind of movement it is.
    pub transfer_type: TransferType,
    /// The currency of every part.
    pub currency_code: CurrencyCode,
    /// What was moved, held or let go: rounded, positive. Zero for a change of an account.
    pub amount: Amount,
    /// When it was decided; later than anything that touched its accounts before.
    pub created_at: Timestamp,
    /// What the client said about it.
    pub details: TransferDetails,
    /// The transfer that this one takes back, wholly or partly. Its kind is the opposite of that one's: what
    /// takes back a deposit is a withdrawal.
    pub reverses: Option<TransferId>,
    /// The hold that it placed or changed, as it left it.
    pub hold: Option<Hold>,
    /// What it changed about the rules of its account.
    pub account_change: Option<AccountChange>,
    /// Which transfers were carried out with it.
    pub link: Link,
    /// The quote that it used, if it leads an exchange.
    pub quote_id: Option<QuoteId>,
    /// Two parts where money moves from one account to another: the outgoing one first. One otherwise.
    pub parts: Vec<TransferPart>,
}

/// How a transfer belongs to others: they were carried out together, and none of them could have been alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Link {
    /// It was carried out for itself.
    #[default]
    Alone,
    /// It has the id that the client chose, and so many others follow it. Their ids are made of its own.
    Leads(u8),
    /// It follows this one.
    Follows(TransferId),
}

impl Link {
    /// The link of a transfer that follows this one, or is followed by so many.
    #[must_use]
    pub fn new(leader: Option<TransferId>, followers: Option<u8>) -> Self {
        match (leader, followers) {
            (Some(leader), _) => Self::Follows(leader),
            (None, Some(count)) => Self::Leads(count),
            (None, None) => Self::Alone,
        }
    }

    /// Which transfer is followed.
    #[must_use]
    pub const fn leader(self) -> Option<TransferId> {
        match self {
            Self::Follows(leader) => Some(leader),
            Self::Alone | Self::Leads(_) => None,
        }
    }

    /// How many follow, where any do.
    #[must_use]
    pub const fn followers(self) -> Option<u8> {
        match self {
            Self::Leads(count) => Some(count),
            Self::Alone | Self::Follows(_) => None,
        }
    }
}

/// What is said about a transfer beside from whom, to whom, how much and in which currency: kept and given back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransferDetails {
    /// What the transfer is called elsewhere; several may have the same.
    pub reference: Option<ShortText>,
    /// Words of the client.
    pub metadata: Metadata,
    /// When it happened in the world, if that is another time than the one at which it was decided.
    pub effective_at: Option<Timestamp>,
    /// Who it was, where somebody is asked: not said by the client, but proved.
    pub created_by: Option<Actor>,
}

impl Transfer {
    /// The account on one side, where there is one.
    #[must_use]
    pub fn account(&self, direction: Direction) -> Option<AccountId> {
        let part = self.parts.iter().find(|part| part.direction == direction);
        part.map(|part| part.account_id)
    }

    /// The velocity limits that it gave its account, where it changed them.
    #[must_use]
    pub fn velocity_limits(&self) -> Option<&[VelocityLimit]> {
        self.account_change.as_ref()?.velocity_limits.as_deref()
    }

    /// Whether it only moved money, for itself: no hold, no rule of an account, nothing linked to it.
    #[must_use]
    pub fn has_no_effects(&self) -> bool {
        self.hold.is_none() && self.account_change.is_none() && self.link == Link::Alone
    }

    /// Whether that is so, and none of its accounts has holds or rules either.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.has_no_effects() && self.parts.iter().all(TransferPart::is_plain)
    }

    /// The ids of the transfers that follow it.
    pub fn followers(&self) -> impl Iterator<Item = TransferId> + use<> {
        let id = self.id;
        (1..=self.link.followers().unwrap_or(0)).map(move |place| id.follower(place))
    }
}

impl TransferDetails {
    /// Whether the client said anything.
    #[must_use]
    pub fn is_said(&self) -> bool {
        self.reference.is_some() || !self.metadata.is_empty() || self.effective_at.is_some()
    }

    /// Whether the caller is the one of what was recorded with `known`: an id belongs to the caller that used it. What was
    /// recorded without a caller belongs to all, and where no keys are asked for, all callers are one.
    pub(crate) fn is_of_caller_of(&self, known: &Self) -> bool {
        match (&self.created_by, &known.created_by) {
            (Some(caller), Some(known)) => caller == known,
            _ => true,
        }
    }

    /// Whether these are the details of a repetition of what was recorded with `known`. Another caller does not
    /// repeat but has taken an id that is taken.
    pub(crate) fn repeat(&self, known: &Self) -> bool {
        let Self {
            reference,
            metadata,
            effective_at,
            created_by: _,
        } = self;
        self.is_of_caller_of(known)
            && *reference == known.reference
            && *metadata == known.metadata
            && *effective_at == known.effective_at
    }

    /// Whether nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
