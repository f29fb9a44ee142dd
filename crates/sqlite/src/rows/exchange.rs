//! Rows of rates and quotes.

use diesel::deserialize;
use diesel::prelude::*;
use wallet_domain::storage::{quote_id, rate_id, transfer_id};
use wallet_domain::{CurrencyPair, FixedSide, Quote, Rate};

use super::{CurrencyText, Id, Moment, Money, Number, Version};

/// A row of `rates`.
#[derive(Queryable, QueryableByName)]
#[diesel(table_name = crate::schema::rates)]
pub(crate) struct RateRow {
    base_currency_code: CurrencyText,
    counter_currency_code: CurrencyText,
    version: Version,
    id: Id,
    bid: Money,
    ask: Money,
    created_at: Moment,
}

impl RateRow {
    pub(crate) fn into_rate(self) -> deserialize::Result<Rate> {
        Ok(Rate {
            id: rate_id(self.id.0)?,
            pair: CurrencyPair {
                base: self.base_currency_code.0,
                counter: self.counter_currency_code.0,
            },
            version: self.version.0,
            bid: self.bid.0,
            ask: self.ask.0,
            created_at: self.created_at.0,
        })
    }
}

/// A row of `quotes`.
#[derive(Queryable)]
pub(crate) struct QuoteRow {
    id: Id,
    rate_id: Id,
    sell_currency_code: CurrencyText,
    sell_amount: Money,
    buy_currency_code: CurrencyText,
    buy_amount: Money,
    spread_amount: Money,
    fixed_side: Number<FixedSide>,
    created_at: Moment,
    expires_at: Moment,
    exchange_id: Option<Id>,
}

impl QuoteRow {
    pub(crate) fn into_quote(self) -> deserialize::Result<Quote> {
        Ok(Quote {
            id: quote_id(self.id.0)?,
            rate_id: rate_id(self.rate_id.0)?,
            sell_currency_code: self.sell_currency_code.0,
            sell_amount: self.sell_amount.0,
            buy_currency_code: self.buy_currency_code.0,
            buy_amount: self.buy_amount.0,
            spread_amount: self.spread_amount.0,
            fixed_side: self.fixed_side.0,
            created_at: self.created_at.0,
            expires_at: self.expires_at.0,
            exchange_id: self.exchange_id.map(|id| transfer_id(id.0)).transpose()?,
        })
    }
}
