//! What lists and instants are asked for: the data of [`LedgerQueries`](crate::LedgerQueries).

use crate::records::{Account, HoldState, Transfer, TransferType};
use crate::values::{AccountId, Amount, CurrencyCode, ShortText, Timestamp, TransferId};

/// Which accounts a list holds: those of which all that is given is true.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountFilter {
    /// Accounts of this currency.
    pub currency_code: Option<CurrencyCode>,
    /// The account that is called so elsewhere.
    pub external_id: Option<ShortText>,
}

impl AccountFilter {
    /// Whether an account is one of them.
    #[must_use]
    pub fn lets_through(&self, account: &Account) -> bool {
        let code = self.currency_code;
        code.is_none_or(|code| code == account.currency_code)
            && (self.external_id.is_none() || self.external_id == account.external_id)
    }
}

/// Which transfers a list holds: those of which all that is given is true.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransferFilter {
    /// Transfers with a part in this account.
    pub account_id: Option<AccountId>,
    /// Transfers of this currency.
    pub currency_code: Option<CurrencyCode>,
    /// Transfers of this kind.
    pub transfer_type: Option<TransferType>,
    /// Transfers with this reference.
    pub reference: Option<ShortText>,
    /// Transfers with this metadata entry.
    pub metadata: Option<(String, String)>,
    /// Transfers that were decided at this time or later.
    pub created_from: Option<Timestamp>,
    /// Transfers that were decided before this time.
    pub created_before: Option<Timestamp>,
}

/// Which holds a list holds: those of which all that is given is true.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HoldFilter {
    /// Holds of which this account is the sender or the receiver.
    pub account_id: Option<AccountId>,
    /// Holds in this state. One that is due stays open until that was seen to.
    pub state: Option<HoldState>,
}

/// The place of a transfer, or of a hold, in a list: they are listed newest first, then by id, the greatest first.
pub type TransferPlace = (Timestamp, TransferId);

/// A transfer, and how much of it was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferState {
    /// The transfer, as it was decided.
    pub transfer: Transfer,
    /// How much of it was taken back; zero if nothing was.
    pub reversed_amount: Amount,
}

/// An entry of the index that finds transfers by their metadata.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MetadataEntry {
    /// The key of the entry.
    pub key: String,
    /// Its value.
    pub value: String,
    /// When the transfer was decided.
    pub created_at: Timestamp,
    /// The transfer.
    pub transfer_id: TransferId,
}

/// The two times of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeAxis {
    /// When it was decided.
    System,
    /// When it happened in the world: its effective time, if it has one.
    Effective,
}
