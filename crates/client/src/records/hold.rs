//! Holds: money that is reserved.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::values::money::Money;
use crate::values::words::words;

/// Money of a sender that is, or was, reserved for a receiver.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Hold {
    /// Its id, which is that of the transfer that placed it.
    pub id: Uuid,
    /// The account whose money is reserved.
    pub sender_account_id: Uuid,
    /// The account that captures pay.
    pub receiver_account_id: Uuid,
    /// The code of the currency.
    pub currency_code: String,
    /// The total amount that was held, increases included.
    pub amount: Money,
    /// How much of it was captured.
    pub captured_amount: Money,
    /// How much is still held.
    pub held_amount: Money,
    /// The status.
    pub status: HoldStatus,
    /// When it was placed.
    pub created_at: DateTime<Utc>,
    /// When it expires; `None` is never.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A hold, with the reference and metadata that it was placed with. A hold inside a transfer does
/// not have them: the transfer does.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct DescribedHold {
    /// The hold.
    #[serde(flatten)]
    pub hold: Hold,
    /// Your reference.
    pub reference: Option<String>,
    /// Your metadata.
    pub metadata: BTreeMap<String, String>,
}

words! {
    /// The status of a hold.
    HoldStatus {
        /// Money is held.
        Open = "open",
        /// It was captured in full, or finally.
        Captured = "captured",
        /// It was voided: the rest was released.
        Voided = "voided",
        /// It expired: the rest was released.
        Expired = "expired",
    }
}
