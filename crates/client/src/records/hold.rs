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
    /// Whose money it is.
    pub sender_account_id: Uuid,
    /// Who gets what is captured.
    pub receiver_account_id: Uuid,
    /// The code of the currency.
    pub currency_code: String,
    /// How much was held in all.
    pub amount: Money,
    /// How much of it was captured.
    pub captured_amount: Money,
    /// How much is held now.
    pub held_amount: Money,
    /// The status.
    pub status: HoldStatus,
    /// When it was placed.
    pub created_at: DateTime<Utc>,
    /// When it expires, if it does.
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
    /// Your text.
    pub reference: Option<String>,
    /// Your entries.
    pub metadata: BTreeMap<String, String>,
}

words! {
    /// What became of a hold.
    HoldStatus {
        /// Money is held.
        Open = "open",
        /// It was captured in full, or finally.
        Captured = "captured",
        /// It was voided: the rest was released.
        Voided = "voided",
        /// Its time was over: the rest was released.
        Expired = "expired",
    }
}
