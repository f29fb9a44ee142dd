//! Transfers: the whole movement of money, and its parts, one for each account that it touches.

use uuid::Uuid;

use crate::account::AccountId;
use crate::amount::Amount;
use crate::currency::CurrencyCode;
use crate::metadata::{Metadata, ShortText};
use crate::timestamp::Timestamp;

/// A transfer that was applied. It never changes afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Chosen by the client; the key of idempotency, for ever.
    pub id: TransferId,
    /// What kind of movement it is.
    pub transfer_type: TransferType,
    /// The currency of every part.
    pub currency_code: CurrencyCode,
    /// What was booked: rounded, positive.
    pub amount: Amount,
    /// When it was decided; later than anything that touched its accounts before.
    pub created_at: Timestamp,
    /// What the client said about it.
    pub details: TransferDetails,
    /// The transfer that this one takes back, wholly or partly. Its kind is the opposite of that one's: what
    /// takes back a deposit is a withdrawal.
    pub reverses: Option<TransferId>,
    /// One part for a deposit or a withdrawal, two for an internal transfer: the outgoing one first.
    pub parts: Vec<TransferPart>,
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
    /// Into the account or out of it.
    pub direction: Direction,
    /// How much; positive.
    pub amount: Amount,
    /// The currency of the account and of the transfer.
    pub currency_code: CurrencyCode,
    /// The account's balance after this part.
    pub balance: Amount,
    /// When the transfer was decided.
    pub created_at: Timestamp,
    /// See [`TransferDetails::effective_at`].
    pub effective_at: Option<Timestamp>,
}

/// What a client says about a transfer beside who, how much and in which currency: kept and given back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransferDetails {
    /// What the transfer is called elsewhere; several may have the same.
    pub reference: Option<ShortText>,
    /// Words of the client.
    pub metadata: Metadata,
    /// When it happened in the world, if that is another time than the one at which it was decided.
    pub effective_at: Option<Timestamp>,
}

impl Transfer {
    /// The account on one side, where there is one.
    #[must_use]
    pub fn account(&self, direction: Direction) -> Option<AccountId> {
        let part = self.parts.iter().find(|part| part.direction == direction);
        part.map(|part| part.account_id)
    }
}

impl TransferDetails {
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
}

impl TransferType {
    /// The kind of what takes a transfer of this kind back.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Deposit => Self::Withdraw,
            Self::Withdraw => Self::Deposit,
            Self::Internal => Self::Internal,
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

/// The id of a transfer: any UUID but the nil one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransferId(Uuid);

impl TransferId {
    /// `None` for the nil UUID, which stands for "no id".
    #[must_use]
    pub fn new(id: Uuid) -> Option<Self> {
        (!id.is_nil()).then_some(Self(id))
    }

    /// The UUID.
    #[must_use]
    pub fn as_uuid(&self) -> Uuid {
        self.0
    }
}
