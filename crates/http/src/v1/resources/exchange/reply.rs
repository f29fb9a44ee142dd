//! The replies with rates and quotes.

use wallet_domain::{
    Amount, CurrencyCode, FixedSide, Quote, QuoteId, Rate, RateId, Timestamp, TransferId,
};

use crate::v1::protocol::{Money, reply};

reply! {
    /// The price of one unit of a base currency in a counter currency.
    pub(crate) struct RateReply {
        id: RateId,
        base_currency_code: CurrencyCode,
        counter_currency_code: CurrencyCode,
        /// What the ledger pays for one unit of the base currency.
        bid: Amount,
        /// What the ledger takes for one unit of the base currency; not less than the bid.
        ask: Amount,
        /// The number of this rate among those of its pair, counted from 1.
        version: u64,
        created_at: Timestamp,
    }
}

impl From<Rate> for RateReply {
    fn from(rate: Rate) -> Self {
        Self {
            id: rate.id,
            base_currency_code: rate.pair.base,
            counter_currency_code: rate.pair.counter,
            bid: rate.bid,
            ask: rate.ask,
            version: rate.version,
            created_at: rate.created_at,
        }
    }
}

reply! {
    /// An offer to exchange, once, until it expires.
    pub(crate) struct QuoteReply {
        id: QuoteId,
        rate_id: RateId,
        sell_currency_code: CurrencyCode,
        sell_amount: Money,
        buy_currency_code: CurrencyCode,
        buy_amount: Money,
        /// What the ledger earns, in the buy currency: the value of the sell amount at the middle
        /// between bid and ask, less the buy amount.
        spread_amount: Money,
        fixed_side: FixedSide,
        created_at: Timestamp,
        expires_at: Timestamp,
        /// The exchange that used the quote; null if none has.
        exchange_id: Option<TransferId>,
    }
}

impl QuoteReply {
    /// The precisions are those of the sold and of the bought currency.
    pub(crate) fn new(quote: Quote, (sell, buy): (u8, u8)) -> Self {
        Self {
            id: quote.id,
            rate_id: quote.rate_id,
            sell_currency_code: quote.sell_currency_code,
            sell_amount: Money::new(quote.sell_amount, sell),
            buy_currency_code: quote.buy_currency_code,
            buy_amount: Money::new(quote.buy_amount, buy),
            spread_amount: Money::new(quote.spread_amount, buy),
            fixed_side: quote.fixed_side,
            created_at: quote.created_at,
            expires_at: quote.expires_at,
            exchange_id: quote.exchange_id,
        }
    }
}
