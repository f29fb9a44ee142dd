//! The parameters of lists and of balances at an instant: the data of
//! [`LedgerQueries`](crate::LedgerQueries).

use std::collections::{BTreeSet, HashMap};

use crate::records::{
    Account, AccountStatus, Hold, HoldState, QuoteStatus, Transfer, TransferDetails, TransferPart,
    TransferType,
};
use crate::values::{
    AccountId, Actor, Amount, CurrencyCode, MetadataPair, QuoteId, ShortText, Timestamp, TransferId,
};

/// The maximum number of ids of an [`AccountFilter`].
pub const ACCOUNT_IDS_MAX: usize = 100;

/// Which accounts a list contains: those that match every given field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountFilter {
    /// Those of these accounts that exist; at most [`ACCOUNT_IDS_MAX`].
    pub ids: Option<BTreeSet<AccountId>>,
    /// Accounts of this currency.
    pub currency_code: Option<CurrencyCode>,
    /// The account with this external id.
    pub external_id: Option<ShortText>,
    /// Accounts in one of these states; in any state if there are none.
    pub statuses: Vec<AccountStatus>,
    /// Accounts whose metadata has this entry now.
    pub metadata: Option<MetadataPair>,
}

impl AccountFilter {
    /// Whether an account matches.
    #[must_use]
    pub fn lets_through(&self, account: &Account) -> bool {
        let Self {
            ids,
            currency_code,
            external_id,
            statuses,
            metadata,
        } = self;
        ids.as_ref().is_none_or(|ids| ids.contains(&account.id))
            && currency_code.is_none_or(|code| code == account.currency_code)
            && (external_id.is_none() || *external_id == account.external_id)
            && (statuses.is_empty() || statuses.contains(&account.status))
            && metadata
                .as_ref()
                .is_none_or(|it| it.is_in(&account.metadata))
    }
}

/// Which transfers a list contains: those that match every given field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransferFilter {
    /// Transfers with a part in this account.
    pub account_id: Option<AccountId>,
    /// Transfers of this currency.
    pub currency_code: Option<CurrencyCode>,
    /// Transfers of one of these kinds; of any kind if there are none.
    pub transfer_types: Vec<TransferType>,
    /// Transfers with this reference.
    pub reference: Option<ShortText>,
    /// Transfers with this metadata entry.
    pub metadata: Option<MetadataPair>,
    /// Transfers that were booked at this time or later.
    pub created_from: Option<Timestamp>,
    /// Transfers that were booked before this time.
    pub created_before: Option<Timestamp>,
    /// Transfers that happened at this time or later (see [`TransferDetails::effective_at`]), or
    /// were booked then if they have no such time.
    pub effective_from: Option<Timestamp>,
    /// The same for those before this time.
    pub effective_before: Option<Timestamp>,
    /// Transfers that this actor requested.
    pub created_by: Option<Actor>,
}

/// Which holds a list contains: those that match every given field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HoldFilter {
    /// Holds with this account as the sender or the receiver.
    pub account_id: Option<AccountId>,
    /// Holds in one of these states; in any state if there are none. An expired hold stays open
    /// until it is released.
    pub states: Vec<HoldState>,
    /// Holds that were placed with this reference.
    pub reference: Option<ShortText>,
    /// Holds that were placed with this metadata entry.
    pub metadata: Option<MetadataPair>,
    /// Holds that expire at this time or later.
    pub expires_from: Option<Timestamp>,
    /// Holds that expire before this time.
    pub expires_before: Option<Timestamp>,
}

/// A hold, and what the client attached to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedHold {
    /// The hold.
    pub hold: Hold,
    /// The details of the transfer that placed it, which has the id of the hold. A hold has none of
    /// its own.
    pub details: TransferDetails,
}

impl DescribedHold {
    /// These holds, in this order, with the details of the transfers that placed them.
    #[must_use]
    pub fn from_holds(
        holds: Vec<Hold>,
        mut details: HashMap<TransferId, TransferDetails>,
    ) -> Vec<Self> {
        let described = holds.into_iter().map(|hold| Self {
            details: details.remove(&hold.id).unwrap_or_default(),
            hold,
        });
        described.collect()
    }
}

/// Which quotes a list contains: those that match every given field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuoteFilter {
    /// Quotes that sell this currency.
    pub sell_currency_code: Option<CurrencyCode>,
    /// Quotes that buy this currency.
    pub buy_currency_code: Option<CurrencyCode>,
    /// Quotes in one of these states; in any state if there are none.
    pub statuses: Vec<QuoteStatus>,
}

/// The position of a quote in a list: lists are newest first, then by id, the greatest first.
pub type QuotePlace = (Timestamp, QuoteId);

/// The position of a transfer, or of a hold, in a list: lists are newest first, then by id, the
/// greatest first.
pub type TransferPlace = (Timestamp, TransferId);

/// A transfer, and how much of it was reversed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferState {
    /// The transfer, as it was decided.
    pub transfer: Transfer,
    /// How much of it was reversed; zero if nothing was.
    pub reversed_amount: Amount,
}

/// A line of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementLine {
    /// What a transfer did to the account.
    pub part: TransferPart,
    /// The reference of that transfer.
    pub reference: Option<ShortText>,
}

/// An entry of the index that finds transfers by their metadata.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MetadataEntry {
    /// The key of the entry.
    pub key: String,
    /// Its value.
    pub value: String,
    /// When the transfer was booked.
    pub created_at: Timestamp,
    /// The transfer.
    pub transfer_id: TransferId,
}

/// The two times of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeAxis {
    /// When it was booked.
    System,
    /// When it happened in the world: its effective time, if it has one.
    Effective,
}
