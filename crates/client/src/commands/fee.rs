//! Fees: what a sender pays on top.

use serde::Serialize;
use uuid::Uuid;

use crate::values::money::Money;

/// What the sender of a transfer pays on top, to another account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Fee {
    /// The account that receives it.
    pub account_id: Uuid,
    /// How much it is.
    #[serde(flatten)]
    pub price: FeePrice,
}

/// How much a fee is. It is never more than the amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "snake_case")]
pub enum FeePrice {
    /// An amount of money.
    Amount(Money),
    /// Hundredths of a percent of the amount, rounded half away from zero.
    BasisPoints(u32),
}

impl Fee {
    /// A fee for this account.
    #[must_use]
    pub fn new(account_id: Uuid, price: FeePrice) -> Self {
        Self { account_id, price }
    }
}
