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
    /// What it takes for one.
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
    /// The rate that it was made of.
    pub rate_id: Uuid,
    /// The currency that the sender gives.
    pub sell_currency_code: String,
    /// How much the sender gives.
    pub sell_amount: Money,
    /// The currency that the receiver gets.
    pub buy_currency_code: String,
    /// How much the receiver gets.
    pub buy_amount: Money,
    /// What the ledger earns, in the currency that is bought.
    pub spread_amount: Money,
    /// Which of the two amounts was asked for.
    pub fixed_side: FixedSide,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
    /// The exchange that used it.
    pub exchange_id: Option<Uuid>,
}

words! {
    /// Which amount of a quote was asked for; the other one was computed.
    FixedSide {
        /// What is given.
        Sell = "sell",
        /// What is got.
        Buy = "buy",
    }
}

words! {
    /// What became of a quote.
    QuoteStatus {
        /// It can be used.
        Open = "open",
        /// An exchange used it.
        Consumed = "consumed",
        /// Its time was over before an exchange used it.
        Expired = "expired",
    }
}
