//! Rows of rates and quotes.

use bigdecimal::BigDecimal;
use diesel::deserialize;
use diesel::pg::data_types::PgTimestamp;
use diesel::prelude::*;
use uuid::Uuid;
use wallet_domain::storage::{Numbered, quote_id, rate_id, transfer_id};
use wallet_domain::{Amount, CurrencyPair, Quote, Rate};

use super::time;

/// A row of `rates`.
#[derive(Queryable)]
#[diesel(table_name = crate::schema::rates)]
pub(crate) struct RateRow {
    base_currency_code: String,
    counter_currency_code: String,
    version: i64,
    id: Uuid,
    bid: BigDecimal,
    ask: BigDecimal,
    created_at: PgTimestamp,
}

impl RateRow {
    pub(crate) fn into_rate(self) -> deserialize::Result<Rate> {
        Ok(Rate {
            id: rate_id(self.id)?,
            pair: CurrencyPair {
                base: self.base_currency_code.parse()?,
                counter: self.counter_currency_code.parse()?,
            },
            version: self.version.try_into()?,
            bid: Amount::from_decimal(self.bid)?,
            ask: Amount::from_decimal(self.ask)?,
            created_at: time(self.created_at),
        })
    }
}

/// A row of `quotes`.
#[derive(Queryable)]
pub(crate) struct QuoteRow {
    id: Uuid,
    rate_id: Uuid,
    sell_currency_code: String,
    sell_amount: BigDecimal,
    buy_currency_code: String,
    buy_amount: BigDecimal,
    spread_amount: BigDecimal,
    fixed_side: i16,
    created_at: PgTimestamp,
    expires_at: PgTimestamp,
    exchange_id: Option<Uuid>,
}

impl QuoteRow {
    pub(crate) fn into_quote(self) -> deserialize::Result<Quote> {
        Ok(Quote {
            id: quote_id(self.id)?,
            rate_id: rate_id(self.rate_id)?,
            sell_currency_code: self.sell_currency_code.parse()?,
            sell_amount: Amount::from_decimal(self.sell_amount)?,
            buy_currency_code: self.buy_currency_code.parse()?,
            buy_amount: Amount::from_decimal(self.buy_amount)?,
            spread_amount: Amount::from_decimal(self.spread_amount)?,
            fixed_side: Numbered::from_number(self.fixed_side.into())?,
            created_at: time(self.created_at),
            expires_at: time(self.expires_at),
            exchange_id: self.exchange_id.map(transfer_id).transpose()?,
        })
    }
}
