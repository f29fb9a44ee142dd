//! Rates to set, quotes to create, and exchanges.

use serde::Serialize;
use uuid::Uuid;

use super::details::Details;
use super::fee::Fee;
use crate::values::money::Money;

/// A price to set, of one unit of a base currency in a counter currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewRate {
    /// The id of the rate.
    pub id: Uuid,
    /// The currency that has a price.
    pub base_currency_code: String,
    /// The currency of the price.
    pub counter_currency_code: String,
    /// What the ledger pays for one unit.
    pub bid: Money,
    /// What the ledger takes for one unit; not less than the bid.
    pub ask: Money,
}

impl NewRate {
    /// A rate with a new id.
    pub fn new(
        base_currency_code: impl Into<String>,
        counter_currency_code: impl Into<String>,
        bid: Money,
        ask: Money,
    ) -> Self {
        Self {
            id: Uuid::now_v7(),
            base_currency_code: base_currency_code.into(),
            counter_currency_code: counter_currency_code.into(),
            bid,
            ask,
        }
    }
}

/// A quote to create from the newest rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewQuote {
    /// The id of the quote.
    pub id: Uuid,
    /// The currency that the sender pays in.
    pub sell_currency_code: String,
    /// The currency that the receiver gets.
    pub buy_currency_code: String,
    /// One of the two amounts; the service computes the other one.
    #[serde(flatten)]
    pub amount: FixedAmount,
    /// How long it is valid, in seconds; `None` is the default of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_for_seconds: Option<u32>,
}

/// The amount of a quote that you fix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum FixedAmount {
    /// What the sender pays.
    #[serde(rename = "sell_amount")]
    Sell(Money),
    /// What the receiver gets.
    #[serde(rename = "buy_amount")]
    Buy(Money),
}

impl NewQuote {
    /// A quote with a new id.
    pub fn new(
        sell_currency_code: impl Into<String>,
        buy_currency_code: impl Into<String>,
        amount: FixedAmount,
    ) -> Self {
        Self {
            id: Uuid::now_v7(),
            sell_currency_code: sell_currency_code.into(),
            buy_currency_code: buy_currency_code.into(),
            amount,
            valid_for_seconds: None,
        }
    }
}

/// A quote to use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewExchange {
    /// The id of the exchange.
    pub id: Uuid,
    /// The quote.
    pub quote_id: Uuid,
    /// The account that pays the sell amount.
    pub sender_account_id: Uuid,
    /// The account that receives the buy amount.
    pub receiver_account_id: Uuid,
    /// What the sender pays on top.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fee: Option<Fee>,
    /// Refuse the write unless the sender has at least this much available before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_available_at_least: Option<Money>,
    /// Its reference, metadata and effective time.
    #[serde(flatten)]
    pub details: Details,
}

impl NewExchange {
    /// An exchange with a new id.
    #[must_use]
    pub fn new(quote_id: Uuid, sender_account_id: Uuid, receiver_account_id: Uuid) -> Self {
        Self {
            id: Uuid::now_v7(),
            quote_id,
            sender_account_id,
            receiver_account_id,
            fee: None,
            if_available_at_least: None,
            details: Details::default(),
        }
    }
}
