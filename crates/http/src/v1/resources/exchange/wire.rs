//! Rates and quotes, as replies have them.

use serde::Serialize;
use uuid::Uuid;
use wallet_domain::{Amount, CurrencyCode, FixedSide, Quote, Rate};

use crate::v1::protocol::wire::{Moment, Money, Shown};

#[derive(Serialize)]
pub(crate) struct RateReply<'a> {
    id: Shown<Uuid>,
    base_currency_code: Shown<CurrencyCode>,
    counter_currency_code: Shown<CurrencyCode>,
    bid: Shown<&'a Amount>,
    ask: Shown<&'a Amount>,
    version: u64,
    created_at: Moment,
}

impl<'a> From<&'a Rate> for RateReply<'a> {
    fn from(rate: &'a Rate) -> Self {
        Self {
            id: Shown(rate.id.as_uuid()),
            base_currency_code: Shown(rate.pair.base),
            counter_currency_code: Shown(rate.pair.counter),
            bid: Shown(&rate.bid),
            ask: Shown(&rate.ask),
            version: rate.version,
            created_at: Moment(rate.created_at),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct QuoteReply<'a> {
    id: Shown<Uuid>,
    rate_id: Shown<Uuid>,
    sell_currency_code: Shown<CurrencyCode>,
    sell_amount: Shown<Money<'a>>,
    buy_currency_code: Shown<CurrencyCode>,
    buy_amount: Shown<Money<'a>>,
    spread_amount: Shown<Money<'a>>,
    fixed_side: &'static str,
    created_at: Moment,
    expires_at: Moment,
    exchange_id: Option<Shown<Uuid>>,
}

impl<'a> QuoteReply<'a> {
    /// The precisions are those of the sold and of the bought currency.
    pub(crate) fn new(quote: &'a Quote, (sell, buy): (u8, u8)) -> Self {
        Self {
            id: Shown(quote.id.as_uuid()),
            rate_id: Shown(quote.rate_id.as_uuid()),
            sell_currency_code: Shown(quote.sell_currency_code),
            sell_amount: Shown(Money(&quote.sell_amount, sell)),
            buy_currency_code: Shown(quote.buy_currency_code),
            buy_amount: Shown(Money(&quote.buy_amount, buy)),
            spread_amount: Shown(Money(&quote.spread_amount, buy)),
            fixed_side: match quote.fixed_side {
                FixedSide::Sell => "sell",
                FixedSide::Buy => "buy",
            },
            created_at: Moment(quote.created_at),
            expires_at: Moment(quote.expires_at),
            exchange_id: quote.exchange_id.map(|id| Shown(id.as_uuid())),
        }
    }
}
