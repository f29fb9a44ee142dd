//! The history of an account: its parts, statements, and its balance at an instant.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::transfer::{TransferPart, TransferType};
use crate::values::money::Money;
use crate::values::words::words;

/// A part, in the history of its account.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct HistoryEntry {
    /// The transfer.
    pub transfer_id: Uuid,
    /// What the transfer did.
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

/// A part, in a statement.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct StatementEntry {
    /// The part, as it is in the history of the account.
    #[serde(flatten)]
    pub entry: HistoryEntry,
    /// Your text about the transfer.
    pub reference: Option<String>,
}

/// What an account had at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Balance {
    /// The account.
    pub account_id: Uuid,
    /// The code of its currency.
    pub currency_code: String,
    /// The instant.
    pub at: DateTime<Utc>,
    /// By which time transfers count.
    pub axis: TimeAxis,
    /// What it had.
    pub balance: Money,
}

words! {
    /// By which time transfers count.
    TimeAxis {
        /// By when the service applied them.
        System = "system",
        /// By when they happened in the world, if the caller said so.
        Effective = "effective",
    }
}

/// A page of a statement. All but the entries and the cursor is about the whole period.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct StatementPage {
    /// The account.
    pub account_id: Uuid,
    /// The code of its currency.
    pub currency_code: String,
    /// Before the first part.
    pub opening_balance: Money,
    /// After the last part.
    pub closing_balance: Money,
    /// The sum of what came.
    pub total_incoming: Money,
    /// The sum of what went.
    pub total_outgoing: Money,
    /// How many parts the period has.
    pub count: u64,
    /// The parts of this page, oldest first.
    pub data: Vec<StatementEntry>,
    /// Whether there is another page.
    pub has_more: bool,
    /// Where it begins.
    pub next_cursor: Option<String>,
}
