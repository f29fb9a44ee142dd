//! Accounts: who holds money, how much, and how often it moved.

use uuid::Uuid;

use crate::amount::Amount;
use crate::currency::CurrencyCode;
use crate::metadata::{Metadata, ShortText};
use crate::timestamp::Timestamp;

/// An account as of its last applied transfer part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Chosen by whoever opened the account.
    pub id: AccountId,
    /// The one currency that this account holds.
    pub currency_code: CurrencyCode,
    /// Posted money; never negative.
    pub balance: Amount,
    /// How many transfer parts were applied: parts are numbered `1..=version` without a gap.
    pub version: u64,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When the last part was applied, or it was opened.
    pub updated_at: Timestamp,
    /// What the account is called elsewhere; no two accounts of a ledger have the same.
    pub external_id: Option<ShortText>,
    /// What the client attached when it opened the account; never changes.
    pub opening_metadata: Metadata,
    /// What is attached now.
    pub metadata: Metadata,
    /// How often the metadata was changed.
    pub metadata_version: u64,
}

/// The id of an account: any UUID but the nil one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(Uuid);

impl AccountId {
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
