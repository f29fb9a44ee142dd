//! The history of an account: its parts, statements, and its balance at an instant.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::transfer::{TransferPart, TransferType};
use crate::values::money::Money;
use crate::values::words::words;

/// A transfer part in the history of its account.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct HistoryEntry {
    /// The transfer.
    pub transfer_id: Uuid,
    /// The type of the transfer.
    #[serde(rename = "type")]
    pub transfer_type: TransferType,
    /// The other account, if there is one that this key sees.
    pub corresponding_account_id: Option<Uuid>,
    /// The code of the currency.
    pub currency_code: String,
    /// When the service applied it.
    pub created_at: DateTime<Utc>,
    /// When it happened in the world, if the caller said so.
    pub effective_at: Option<DateTime<Utc>>,
    /// What it did to the account.
    #[serde(flatten)]
    pub part: TransferPart,
}

/// A transfer part in a statement.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct StatementEntry {
    /// The part, as it is in the history of the account.
    #[serde(flatten)]
    pub entry: HistoryEntry,
    /// The reference of the transfer.
    pub reference: Option<String>,
}

/// The balance of an account at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Balance {
    /// The account.
    pub account_id: Uuid,
    /// The code of its currency.
    pub currency_code: String,
    /// The instant.
    pub at: DateTime<Utc>,
    /// Which time of a transfer counts.
    pub axis: TimeAxis,
    /// The balance at the instant.
    pub balance: Money,
}

words! {
    /// Which time of a transfer counts.
    TimeAxis {
        /// When the service applied it.
        System = "system",
        /// Its `effective_at`, if it has one; otherwise when the service applied it.
        Effective = "effective",
    }
}

/// A page of a statement. All fields but the entries and the cursor are about the whole period.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct StatementPage {
    /// The account.
    pub account_id: Uuid,
    /// The code of its currency.
    pub currency_code: String,
    /// The balance before the first part.
    pub opening_balance: Money,
    /// The balance after the last part.
    pub closing_balance: Money,
    /// The sum of the incoming amounts.
    pub total_incoming: Money,
    /// The sum of the outgoing amounts.
    pub total_outgoing: Money,
    /// The number of parts in the period.
    pub count: u64,
    /// The parts of this page, oldest first.
    pub data: Vec<StatementEntry>,
    /// Whether there is another page.
    pub has_more: bool,
    /// Where it begins.
    pub next_cursor: Option<String>,
}
