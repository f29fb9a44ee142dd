//! Parts of transfers: what a transfer did to one account.

use crate::records::{AccountStatus, TransferType, available};
use crate::values::{AccountId, Amount, CurrencyCode, Timestamp, TransferId};

/// One side of a [`Transfer`](crate::Transfer): what it did to one account.
///
/// It repeats the fields of the transfer that readers of the account's history need, so that
/// history is read from one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferPart {
    /// The account whose history it belongs to.
    pub account_id: AccountId,
    /// Its number in that history: 1 for the first part, then without a gap.
    pub version: u64,
    /// The transfer that it is a part of.
    pub transfer_id: TransferId,
    /// The kind of that transfer.
    pub transfer_type: TransferType,
    /// The account on the other side; `None` for deposits and withdrawals.
    pub corresponding_account_id: Option<AccountId>,
    /// Into the account or out of it; out of it if no money moves.
    pub direction: Direction,
    /// How much the balance changed; zero if no money moves (see [`TransferType::moves_money`]).
    pub amount: Amount,
    /// The currency of the account and of the transfer.
    pub currency_code: CurrencyCode,
    /// The account's balance after this part.
    pub balance: Amount,
    /// The sum of the account's open holds after this part.
    pub held: Amount,
    /// The account's credit limit after this part.
    pub credit_limit: Option<Amount>,
    /// The account's status after this part.
    pub status: AccountStatus,
    /// When the transfer was booked; see [`Transfer::created_at`](crate::Transfer::created_at).
    pub created_at: Timestamp,
    /// See [`TransferDetails::effective_at`](crate::TransferDetails::effective_at).
    pub effective_at: Option<Timestamp>,
}

impl TransferPart {
    /// What the account could spend after this part; see
    /// [`Account::available`](crate::Account::available).
    #[must_use]
    pub fn available(&self) -> Amount {
        available(&self.balance, &self.held, self.credit_limit.as_ref())
    }

    /// Whether the account's state after this part is only its balance. Most parts are like that; a
    /// store need not keep the other fields of them.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.held.is_zero() && self.credit_limit.is_none() && self.status == AccountStatus::Active
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
