//! Accounts and their limits.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use reqwest::header::HeaderValue;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::values::money::Money;
use crate::values::words::words;

/// An account.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Account {
    /// Its id.
    pub id: Uuid,
    /// The code of its currency.
    pub currency_code: String,
    /// The balance.
    pub balance: Money,
    /// The part of the balance that open holds reserve.
    pub held_balance: Money,
    /// What it can spend: the balance, less what is held, plus the credit limit.
    pub available_balance: Money,
    /// How much it can spend and hold beyond its balance.
    pub credit_limit: Option<Money>,
    /// In which directions money may move.
    pub status: AccountStatus,
    /// How often, and how much, money may leave it within a window.
    pub velocity_limits: Vec<VelocityLimit>,
    /// How many parts its history has.
    pub version: u64,
    /// Your id for it.
    pub external_id: Option<String>,
    /// Your metadata.
    pub metadata: BTreeMap<String, String>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// The state of the account, to send with a change that must not overwrite another one. Only
    /// methods that read or change one account set it.
    #[serde(skip)]
    pub etag: Option<ETag>,
}

words! {
    /// In which directions money may move through an account.
    AccountStatus {
        /// In both.
        Active = "active",
        /// Only out of it.
        IncomingFrozen = "incoming_frozen",
        /// Only into it.
        OutgoingFrozen = "outgoing_frozen",
        /// In none.
        Frozen = "frozen",
        /// In none, permanently. The account is empty.
        Closed = "closed",
    }
}

/// A limit on how often, and how much, money may leave an account within a rolling window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VelocityLimit {
    /// The length of the window, in seconds: up to 31 days.
    pub window_seconds: u32,
    /// The most transfers within it, 1 to 1,000.
    pub count_max: u32,
    /// The most money within it; `None` is any amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_max: Option<Money>,
}

impl VelocityLimit {
    /// A limit on the number of transfers.
    #[must_use]
    pub fn new(window_seconds: u32, count_max: u32) -> Self {
        Self {
            window_seconds,
            count_max,
            amount_max: None,
        }
    }
}

/// A state of an account: the value of the header `ETag`.
#[derive(Clone, PartialEq, Eq)]
pub struct ETag(HeaderValue);

/// The text is empty, or has a character that an `ETag` cannot have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the value of a header ETag")]
pub struct ParseETagError;

impl ETag {
    pub(crate) fn from_header(value: &HeaderValue) -> Option<Self> {
        value.to_str().ok()?.parse().ok()
    }

    pub(crate) fn as_header(&self) -> &HeaderValue {
        &self.0
    }

    /// The text, with its quotes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // A value that was made from a text is text.
        self.0.to_str().unwrap_or_default()
    }
}

/// Parses the text with its quotes, as [`ETag::as_str`] returns it.
impl FromStr for ETag {
    type Err = ParseETagError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        let value = HeaderValue::from_str(text).ok();
        let value = value.filter(|_| is_visible && !text.is_empty());
        value.map(Self).ok_or(ParseETagError)
    }
}

impl fmt::Debug for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
