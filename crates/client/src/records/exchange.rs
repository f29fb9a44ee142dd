//! Rates and quotes.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::values::money::Money;
use crate::values::words::words;

/// The price of one unit of a base currency in a counter currency.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Rate {
    /// Its id.
    pub id: Uuid,
    /// The currency that has a price.
    pub base_currency_code: String,
    /// The currency of the price.
    pub counter_currency_code: String,
    /// What the ledger pays for one unit.
    pub bid: Money,
    /// What the ledger takes for one unit.
    pub ask: Money,
    /// The number of this rate among those of its pair, counted from 1.
    pub version: u64,
    /// When it was set.
    pub created_at: DateTime<Utc>,
}

/// An offer to exchange, once, until it expires.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Quote {
    /// Its id.
    pub id: Uuid,
    /// The rate that it was created from.
    pub rate_id: Uuid,
    /// The currency that the sender pays in.
    pub sell_currency_code: String,
    /// How much the sender pays.
    pub sell_amount: Money,
    /// The currency that the receiver gets.
    pub buy_currency_code: String,
    /// How much the receiver gets.
    pub buy_amount: Money,
    /// What the ledger earns, in the currency that is bought.
    pub spread_amount: Money,
    /// Which of the two amounts the request fixed.
    pub fixed_side: FixedSide,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
    /// The exchange that used it.
    pub exchange_id: Option<Uuid>,
}

words! {
    /// Which amount of a quote the request fixed; the service computed the other one.
    FixedSide {
        /// The sell amount.
        Sell = "sell",
        /// The buy amount.
        Buy = "buy",
    }
}

words! {
    /// The status of a quote.
    QuoteStatus {
        /// It can be used.
        Open = "open",
        /// An exchange used it.
        Consumed = "consumed",
        /// It expired before an exchange used it.
        Expired = "expired",
    }
}
