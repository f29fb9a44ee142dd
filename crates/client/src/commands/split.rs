//! Splits: one sender, many receivers.

use serde::Serialize;
use uuid::Uuid;

use super::details::Details;
use crate::values::money::Money;

/// Money to move from one account to up to 100 others: all of it, or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewSplit {
    /// The id of the first transfer.
    pub id: Uuid,
    /// Who pays.
    pub sender_account_id: Uuid,
    /// The code of the currency.
    pub currency_code: String,
    /// Who gets how much.
    #[serde(flatten)]
    pub division: SplitReceivers,
    /// Refuse the write unless the sender has at least this much available before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_available_at_least: Option<Money>,
    /// Its reference, metadata and effective time.
    #[serde(flatten)]
    pub details: Details,
}

/// Who gets how much.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[serde(untagged)]
pub enum SplitReceivers {
    /// Each receiver gets an amount.
    ByAmounts {
        /// The receivers, each with its amount.
        receivers: Vec<AmountReceiver>,
    },
    /// Each receiver gets a share of one amount. No minor unit is lost by rounding.
    ByShares {
        /// The total amount.
        amount: Money,
        /// The receivers, each with its share.
        receivers: Vec<ShareReceiver>,
    },
}

/// A receiver of an amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AmountReceiver {
    /// Who receives.
    pub account_id: Uuid,
    /// How much.
    pub amount: Money,
}

/// A receiver of a share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ShareReceiver {
    /// Who receives.
    pub account_id: Uuid,
    /// Its share: a whole number greater than zero. Only its ratio to the other shares counts.
    pub share: u32,
}

impl NewSplit {
    /// A split with a new id.
    pub fn new(
        sender_account_id: Uuid,
        currency_code: impl Into<String>,
        division: SplitReceivers,
    ) -> Self {
        Self {
            id: Uuid::now_v7(),
            sender_account_id,
            currency_code: currency_code.into(),
            division,
            if_available_at_least: None,
            details: Details::default(),
        }
    }
}

impl SplitReceivers {
    /// An amount for each receiver.
    #[must_use]
    pub fn from_amounts(receivers: impl IntoIterator<Item = (Uuid, Money)>) -> Self {
        let receivers = receivers.into_iter();
        let receivers = receivers.map(|(account_id, amount)| AmountReceiver { account_id, amount });
        Self::ByAmounts {
            receivers: receivers.collect(),
        }
    }

    /// A share of an amount for each receiver.
    #[must_use]
    pub fn from_shares(amount: Money, receivers: impl IntoIterator<Item = (Uuid, u32)>) -> Self {
        let receivers = receivers.into_iter();
        let receivers = receivers.map(|(account_id, share)| ShareReceiver { account_id, share });
        Self::ByShares {
            amount,
            receivers: receivers.collect(),
        }
    }
}
