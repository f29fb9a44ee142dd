//! Holds to place, and changes of holds.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::details::Details;
use crate::values::money::Money;

/// Money of a sender to reserve for a receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewHold {
    /// The id of the hold, and of the transfer that places it.
    pub id: Uuid,
    /// The account whose money is reserved.
    pub sender_account_id: Uuid,
    /// The account that captures pay.
    pub receiver_account_id: Uuid,
    /// How much.
    pub amount: Money,
    /// The code of the currency.
    pub currency_code: String,
    /// When the service releases it; `None` is never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
    /// Refuse the write unless the sender has at least this much available before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_available_at_least: Option<Money>,
    /// Its reference, metadata and effective time.
    #[serde(flatten)]
    pub details: Details,
}

impl NewHold {
    /// A hold that does not expire, with a new id.
    pub fn new(
        sender_account_id: Uuid,
        receiver_account_id: Uuid,
        amount: Money,
        currency_code: impl Into<String>,
    ) -> Self {
        Self {
            id: Uuid::now_v7(),
            sender_account_id,
            receiver_account_id,
            amount,
            currency_code: currency_code.into(),
            expires_at: None,
            if_available_at_least: None,
            details: Details::default(),
        }
    }
}

/// Money to reserve in addition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewIncrease {
    /// The id of the increase.
    pub id: Uuid,
    /// How much more.
    pub amount: Money,
    /// Its reference, metadata and effective time.
    #[serde(flatten)]
    pub details: Details,
}

impl NewIncrease {
    /// An increase with a new id.
    #[must_use]
    pub fn new(amount: Money) -> Self {
        Self {
            id: Uuid::now_v7(),
            amount,
            details: Details::default(),
        }
    }
}

/// Reserved money to pay to the receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewCapture {
    /// The id of the capture.
    pub id: Uuid,
    /// How much to capture; `None` is all that is left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Whether it releases the rest.
    #[serde(rename = "final", skip_serializing_if = "std::ops::Not::not")]
    pub is_final: bool,
    /// Its reference, metadata and effective time.
    #[serde(flatten)]
    pub details: Details,
}

impl NewCapture {
    /// A capture of all that is left, with a new id.
    #[must_use]
    pub fn new() -> Self {
        Self {
            id: Uuid::now_v7(),
            amount: None,
            is_final: false,
            details: Details::default(),
        }
    }
}

/// The same as `new`.
impl Default for NewCapture {
    fn default() -> Self {
        Self::new()
    }
}

/// The void of a hold: it releases all that is left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewVoid {
    /// The id of the void.
    pub id: Uuid,
    /// Its reference, metadata and effective time.
    #[serde(flatten)]
    pub details: Details,
}

impl NewVoid {
    /// A void with a new id.
    #[must_use]
    pub fn new() -> Self {
        Self {
            id: Uuid::now_v7(),
            details: Details::default(),
        }
    }
}

/// The same as `new`.
impl Default for NewVoid {
    fn default() -> Self {
        Self::new()
    }
}
