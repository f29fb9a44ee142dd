//! Accounts, and what limits them.

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
    /// What it has.
    pub balance: Money,
    /// How much of that open holds hold.
    pub held_balance: Money,
    /// What it can spend: the balance, less what is held, plus the credit limit.
    pub available_balance: Money,
    /// By how much more than its balance it can spend and hold.
    pub credit_limit: Option<Money>,
    /// In which directions money may move.
    pub status: AccountStatus,
    /// How fast money may leave it.
    pub velocity_limits: Vec<VelocityLimit>,
    /// How many parts its history has.
    pub version: u64,
    /// Your name for it.
    pub external_id: Option<String>,
    /// Your entries.
    pub metadata: BTreeMap<String, String>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it changed last.
    pub updated_at: DateTime<Utc>,
    /// Which state of the account this is, for a change that must find it so. Only what reads or
    /// changes one account has it.
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
        /// In none, for ever. The account is empty.
        Closed = "closed",
    }
}

/// How much, and how often, money may leave an account within any window of time.
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
    /// A limit of the number of transfers.
    #[must_use]
    pub fn new(window_seconds: u32, count_max: u32) -> Self {
        Self {
            window_seconds,
            count_max,
            amount_max: None,
        }
    }
}

/// The name of one state of an account: the value of the header `ETag`.
#[derive(Clone, PartialEq, Eq)]
pub struct ETag(HeaderValue);

/// A text has a character that no header can have.
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
        // A value that was made of a text is one.
        self.0.to_str().unwrap_or_default()
    }
}

/// Takes the text with its quotes, as [`ETag::as_str`] gives it.
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
