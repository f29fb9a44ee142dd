//! Transfers: whatever changes accounts, and its parts, one for each account that it touches.
//!
//! Most move money. Those of holds set money aside and let it go, and a change of an account's rules is one too: so
//! every state that an account was ever in is a part in its history, with a number of its own.

use uuid::Uuid;

use crate::access::Actor;
use crate::account::{AccountChange, AccountId, AccountStatus, available};
use crate::amount::Amount;
use crate::currency::CurrencyCode;
use crate::exchange::QuoteId;
use crate::hold::Hold;
use crate::id::id;
use crate::metadata::{Metadata, ShortText};
use crate::timestamp::Timestamp;
use crate::velocity::VelocityLimit;

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
    pub fn of(leader: Option<TransferId>, followers: Option<u8>) -> Self {
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

/// One side of a [`Transfer`]: what it did to one account.
///
/// It repeats what a reader of the account's history wants to see of the whole transfer, so that
/// history is read from one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferPart {
    /// Whose history it belongs to.
    pub account_id: AccountId,
    /// Its number in that history: 1 for the first part, then without a gap.
    pub version: u64,
    /// The transfer that it is a part of.
    pub transfer_id: TransferId,
    /// The kind of that transfer.
    pub transfer_type: TransferType,
    /// The account on the other side; `None` for deposits and withdrawals.
    pub corresponding_account_id: Option<AccountId>,
    /// Into the account or out of it; out of it where no money moves.
    pub direction: Direction,
    /// How much the balance changed; zero where no money moves (see [`TransferType::moves_money`]).
    pub amount: Amount,
    /// The currency of the account and of the transfer.
    pub currency_code: CurrencyCode,
    /// The account's balance after this part.
    pub balance: Amount,
    /// What the account's open holds hold after this part.
    pub held: Amount,
    /// The account's credit limit after this part.
    pub credit_limit: Option<Amount>,
    /// The account's status after this part.
    pub status: AccountStatus,
    /// When the transfer was decided.
    pub created_at: Timestamp,
    /// See [`TransferDetails::effective_at`].
    pub effective_at: Option<Timestamp>,
}

impl TransferPart {
    /// What the account could spend after this part; see [`Account::available`](crate::Account::available).
    #[must_use]
    pub fn available(&self) -> Amount {
        available(&self.balance, &self.held, self.credit_limit.as_ref())
    }

    /// Whether all that is to be said about the account after this part is its balance. Most parts are so; a store
    /// need not keep the rest of them.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.held.is_zero() && self.credit_limit.is_none() && self.status == AccountStatus::Active
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

/// Kinds of transfers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransferType {
    /// Money that enters the ledger.
    Deposit,
    /// Money that leaves the ledger.
    Withdraw,
    /// Money that moves from one account of the ledger to another.
    Internal,
    /// Money that is set aside for another account.
    Hold,
    /// More money that is set aside.
    HoldIncrease,
    /// Money that was set aside and moves to the other account.
    Capture,
    /// Money that is not set aside any more because somebody wanted so.
    Void,
    /// Money that is not set aside any more because the hold's time was over.
    Expire,
    /// A change of the rules of an account.
    AccountChange,
    /// Money that is given to, or comes from, the ledger's liquidity in an exchange.
    Exchange,
    /// What the ledger earns by an exchange.
    Spread,
    /// What is charged for a transfer or an exchange.
    Fee,
}

impl TransferType {
    /// The kind of what takes a transfer of this kind back.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Deposit => Self::Withdraw,
            Self::Withdraw => Self::Deposit,
            // The others cannot be taken back.
            _ => Self::Internal,
        }
    }

    /// Every kind that there is.
    pub const ALL: [Self; 12] = [
        Self::Deposit,
        Self::Withdraw,
        Self::Internal,
        Self::Hold,
        Self::HoldIncrease,
        Self::Capture,
        Self::Void,
        Self::Expire,
        Self::AccountChange,
        Self::Exchange,
        Self::Spread,
        Self::Fee,
    ];

    /// The stable word for this kind.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Deposit => "deposit",
            Self::Withdraw => "withdrawal",
            Self::Internal => "internal",
            Self::Hold => "hold",
            Self::HoldIncrease => "hold_increase",
            Self::Capture => "capture",
            Self::Void => "void",
            Self::Expire => "expire",
            Self::AccountChange => "account_change",
            Self::Exchange => "exchange",
            Self::Spread => "spread",
            Self::Fee => "fee",
        }
    }

    /// Whether balances change. Only what moves money can be taken back.
    #[must_use]
    pub const fn moves_money(self) -> bool {
        match self {
            Self::Deposit
            | Self::Withdraw
            | Self::Internal
            | Self::Capture
            | Self::Exchange
            | Self::Spread
            | Self::Fee => true,
            Self::Hold | Self::HoldIncrease | Self::Void | Self::Expire | Self::AccountChange => {
                false
            }
        }
    }
}

/// The two directions of a [`TransferPart`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Into the account.
    Incoming,
    /// Out of the account.
    Outgoing,
}

id! {
    /// The id of a transfer: any UUID but the nil one.
    TransferId
}

impl TransferId {
    /// The id of the transfer that follows this one in such a place, beginning with 1.
    #[must_use]
    pub fn follower(self, place: u8) -> Self {
        let id = Uuid::new_v5(&self.0, &[place]);
        // A UUID with a version in it is not the nil one.
        Self::new(id).unwrap_or(self)
    }
}
