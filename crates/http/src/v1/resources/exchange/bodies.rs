//! The bodies of the requests for rates, quotes and exchanges.

use wallet_domain::{
    AccountId, Amount, Command, CreateQuote, CurrencyCode, CurrencyPair, Exchange, Fee, FixedSide,
    Quote, QuoteFields, QuoteId, RateFields, RateId, Rejection, SetRate, TransferDetails,
    TransferId,
};

use crate::v1::protocol::{
    BoundedInt, Draft, Either, Field, Fields, Flatten, NewId, ObjectSchema, Write, WriteBody,
    request,
};
use crate::v1::resources::transfers::{Details, NewFee};

/// The default validity of a quote.
const VALID_SECONDS_DEFAULT: i64 = 30;

request! {
    /// A rate to set.
    pub(crate) struct NewRate {
        id: NewId<RateId>,
        base_currency_code: CurrencyCode,
        counter_currency_code: CurrencyCode,
        /// What the ledger pays for one unit of the base currency.
        bid: Amount,
        /// What the ledger takes for one unit of the base currency; not less than the bid.
        ask: Amount,
    }
}

impl WriteBody for NewRate {
    fn draft(self, _: &Write) -> Result<Draft, Rejection> {
        let set = SetRate::new(RateFields {
            rate_id: self.id.0,
            pair: CurrencyPair {
                base: self.base_currency_code,
                counter: self.counter_currency_code,
            },
            bid: self.bid,
            ask: self.ask,
        })?;
        Ok(Draft::Ready(Command::SetRate(set)))
    }
}

request! {
    /// The currencies to exchange, and one of the two amounts.
    pub(crate) struct NewQuote {
        id: NewId<QuoteId>,
        sell_currency_code: CurrencyCode,
        buy_currency_code: CurrencyCode,
        /// How long the quote is valid, in seconds; 30 if omitted.
        valid_for_seconds: Option<BoundedInt<u32, 1, 86_400>>,
        amount: FixedAmount,
    }
}

impl WriteBody for NewQuote {
    fn draft(self, write: &Write) -> Result<Draft, Rejection> {
        let seconds = self.valid_for_seconds;
        let seconds = seconds.map_or(VALID_SECONDS_DEFAULT, |seconds| seconds.0.into());
        let create = CreateQuote::new(QuoteFields {
            quote_id: self.id.0,
            sell_currency_code: self.sell_currency_code,
            buy_currency_code: self.buy_currency_code,
            fixed_side: self.amount.0,
            amount: self.amount.1,
            valid_micros: seconds * 1_000_000,
            valid_micros_max: write.quote_micros_max,
            precision: write.precision,
        })?;
        Ok(Draft::Ready(Command::CreateQuote(create)))
    }
}

/// The amount that the client fixes, and its side.
pub(crate) struct FixedAmount(FixedSide, Amount);

impl Field for FixedAmount {
    fn take_from(fields: &mut Fields<'_>, _: &'static str) -> Option<Self> {
        let names = ["sell_amount", "buy_amount"];
        let detail = "send either sell_amount or buy_amount; the service computes the other one";
        let amount = Either::<Amount, Amount>::take_from(fields, names, detail)?;
        Some(match amount {
            Either::First(amount) => Self(FixedSide::Sell, amount),
            Either::Second(amount) => Self(FixedSide::Buy, amount),
        })
    }

    fn describe(object: &mut ObjectSchema<'_>, _: &'static str, _: &str) {
        let names = [("sell_amount", ""), ("buy_amount", "")];
        Either::<Amount, Amount>::describe(object, names);
    }
}

request! {
    /// A quote to use.
    pub(crate) struct NewExchange {
        id: NewId<TransferId>,
        quote_id: QuoteId,
        sender_account_id: AccountId,
        receiver_account_id: AccountId,
        /// Refuse the write unless the sender has at least this much available before it.
        if_available_at_least: Option<Amount>,
        fee: Option<NewFee>,
        details: Flatten<Details>,
    }
}

/// The exchange of a quote, which is looked up.
impl WriteBody for NewExchange {
    fn draft(self, write: &Write) -> Result<Draft, Rejection> {
        let terms = write.terms(self.if_available_at_least);
        let (id, fee) = (self.id.0, self.fee.map(Fee::from));
        let (sender, receiver) = (self.sender_account_id, self.receiver_account_id);
        let details = TransferDetails::from(self.details.0);
        let make = move |quote: Quote| {
            let exchange = Exchange::new(&quote, id, sender, receiver, details, terms);
            Command::Exchange(exchange.charging(fee))
        };
        Ok(Draft::NeedsQuote(self.quote_id, Box::new(make)))
    }
}
