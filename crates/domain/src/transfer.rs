//! Transfers: the whole movement of money, and its parts, one for each account that it touches.

use uuid::Uuid;

use crate::account::AccountId;
use crate::amount::Amount;
use crate::currency::CurrencyCode;
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
