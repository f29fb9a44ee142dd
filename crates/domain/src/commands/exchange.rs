//! Setting a rate, creating a quote of it, and exchanging at a quote. Only the exchange moves
//! money.

use super::Terms;
use crate::records::{
    CurrencyPair, Fee, FixedSide, QUOTE_VALID_MICROS_MAX, QUOTE_VALID_MICROS_MIN, Quote,
    TransferDetails,
};
use crate::values::{
    AccountId, Actor, Amount, CurrencyCode, Precision, QuoteId, RateId, Rejection, TransferId,
};

/// Sets the price of one unit of a currency in another, from now on. Built only by
/// [`SetRate::new`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetRate {
    pub(crate) rate_id: RateId,
    pub(crate) pair: CurrencyPair,
    pub(crate) bid: Amount,
    pub(crate) ask: Amount,
    pub(crate) created_by: Option<Actor>,
}

/// The fields of a [`SetRate`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateFields {
    /// The idempotency key.
    pub rate_id: RateId,
    /// The currencies.
    pub pair: CurrencyPair,
    /// What the ledger pays for one unit of the base currency.
    pub bid: Amount,
    /// What the ledger charges for one unit of the base currency.
    pub ask: Amount,
}

impl SetRate {
    /// Checks everything that can be checked without state.
    ///
    /// # Errors
    /// The first [`Rejection`] that applies.
    pub fn new(fields: RateFields) -> Result<Self, Rejection> {
        use Rejection::{CurrenciesMustBeDifferent, RateBidExceedsAsk, RateMustBePositive};
        let RateFields {
            rate_id,
            pair,
            bid,
            ask,
        } = fields;
        if pair.base == pair.counter {
            return Err(CurrenciesMustBeDifferent);
        }
        if !bid.is_positive() || !ask.is_positive() {
            return Err(RateMustBePositive);
        }
        if bid > ask {
            return Err(RateBidExceedsAsk);
        }
        Ok(Self {
            rate_id,
            pair,
            bid,
            ask,
            created_by: None,
        })
    }

    /// The ledger accounts for exchanging the pair, each with its currency and its purpose.
    pub(crate) fn ledger_accounts_with_purpose(
        &self,
    ) -> [(AccountId, CurrencyCode, &'static str); 4] {
        let CurrencyPair { base, counter } = self.pair;
        [
            (AccountId::liquidity(base), base, "liquidity"),
            (AccountId::spread(base), base, "spread"),
            (AccountId::liquidity(counter), counter, "liquidity"),
            (AccountId::spread(counter), counter, "spread"),
        ]
    }

    pub(crate) fn ledger_accounts(&self) -> impl Iterator<Item = AccountId> + use<> {
        self.ledger_accounts_with_purpose()
            .into_iter()
            .map(|(id, ..)| id)
    }
}

/// Fixes the rate between two currencies for a limited time. Built only by [`CreateQuote::new`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateQuote {
    pub(crate) quote_id: QuoteId,
    pub(crate) sell_currency_code: CurrencyCode,
    pub(crate) buy_currency_code: CurrencyCode,
    pub(crate) fixed_side: FixedSide,
    pub(crate) amount: Amount,
    pub(crate) valid_micros: i64,
    pub(crate) valid_micros_max: i64,
    pub(crate) precision: Precision,
    pub(crate) created_by: Option<Actor>,
}

/// The fields of a [`CreateQuote`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuoteFields {
    /// The idempotency key.
    pub quote_id: QuoteId,
    /// The currency that the client sells.
    pub sell_currency_code: CurrencyCode,
    /// The currency that the client buys.
    pub buy_currency_code: CurrencyCode,
    /// Which of the two the amount is in.
    pub fixed_side: FixedSide,
    /// The requested amount; `precision` says what happens to more digits than the currency has.
    pub amount: Amount,
    /// How long the quote is valid, in microseconds.
    pub valid_micros: i64,
    /// The longest time that the operator allows, in microseconds. It is judged with the quote,
    /// after retries: a quote that was created when more was allowed is still answered.
    pub valid_micros_max: i64,
    /// How digits beyond the currency's precision are handled.
    pub precision: Precision,
}

impl CreateQuote {
    /// Checks everything that can be checked without state.
    ///
    /// # Errors
    /// The first [`Rejection`] that applies.
    pub fn new(fields: QuoteFields) -> Result<Self, Rejection> {
        if fields.sell_currency_code == fields.buy_currency_code {
            return Err(Rejection::CurrenciesMustBeDifferent);
        }
        if !(QUOTE_VALID_MICROS_MIN..=QUOTE_VALID_MICROS_MAX).contains(&fields.valid_micros) {
            return Err(Rejection::QuoteValidityOutOfRange);
        }
        Ok(Self {
            quote_id: fields.quote_id,
            sell_currency_code: fields.sell_currency_code,
            buy_currency_code: fields.buy_currency_code,
            fixed_side: fields.fixed_side,
            amount: fields.amount,
            valid_micros: fields.valid_micros,
            valid_micros_max: fields.valid_micros_max,
            precision: fields.precision,
            created_by: None,
        })
    }

    /// The currencies, in the order of the quote.
    pub(crate) fn pair(&self) -> CurrencyPair {
        CurrencyPair {
            base: self.sell_currency_code,
            counter: self.buy_currency_code,
        }
    }
}

/// Executes the exchange of a quote, once. Built only by [`Exchange::new`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    pub(crate) transfer_id: TransferId,
    pub(crate) quote_id: QuoteId,
    pub(crate) sell_currency_code: CurrencyCode,
    pub(crate) buy_currency_code: CurrencyCode,
    pub(crate) sender_account_id: AccountId,
    pub(crate) receiver_account_id: AccountId,
    pub(crate) fee: Option<Fee>,
    pub(crate) details: TransferDetails,
    pub(crate) terms: Terms,
}

impl Exchange {
    /// Exchanges what `quote` offers. Its currencies never change, so it may have been read at any
    /// time. `sender_account_id` pays the sold amount, `receiver_account_id` receives the bought
    /// amount. A `fee` is measured by the sold amount.
    #[must_use]
    pub fn new(
        quote: &Quote,
        transfer_id: TransferId,
        sender_account_id: AccountId,
        receiver_account_id: AccountId,
        details: TransferDetails,
        terms: Terms,
    ) -> Self {
        Self {
            transfer_id,
            quote_id: quote.id,
            sell_currency_code: quote.sell_currency_code,
            buy_currency_code: quote.buy_currency_code,
            sender_account_id,
            receiver_account_id,
            fee: None,
            details,
            terms,
        }
    }

    /// The same exchange, with a fee.
    #[must_use]
    pub fn charging(self, fee: Option<Fee>) -> Self {
        Self { fee, ..self }
    }

    pub(crate) fn accounts(&self) -> impl Iterator<Item = AccountId> + use<> {
        let accounts = [
            self.sender_account_id,
            self.receiver_account_id,
            AccountId::liquidity(self.sell_currency_code),
            AccountId::liquidity(self.buy_currency_code),
            AccountId::spread(self.buy_currency_code),
        ];
        let fee = self.fee.as_ref().map(|fee| fee.account_id);
        accounts.into_iter().chain(fee)
    }
}
