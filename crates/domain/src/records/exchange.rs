//! Exchange: rates between currencies, quotes that fix one for a limited time, and the arithmetic
//! between the two.
//!
//! The ledger is the counterparty: it takes the sold amount into its liquidity account of that
//! currency, and pays the bought amount from the one of the other currency. So no currency is
//! created or lost, and each adds up on its own. The ledger's earnings, the spread, go to a
//! separate account. There is one account of each kind for each currency, with an id that is
//! derived from the currency's code; they are opened with the first rate, and funded like any
//! other.

use bigdecimal::num_bigint::BigInt;
use bigdecimal::{BigDecimal, Zero};
use uuid::Uuid;

use crate::values::{
    AccountId, Amount, AmountError, Currency, CurrencyCode, QuoteId, RateId, Timestamp, TransferId,
};

/// The shortest validity of a quote, in microseconds: a second.
pub const QUOTE_VALID_MICROS_MIN: i64 = 1_000_000;

/// The longest: a day.
pub const QUOTE_VALID_MICROS_MAX: i64 = 86_400_000_000;

/// The price of one unit of a currency in another, from some time on until the next rate of the
/// pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Chosen by the client; the idempotency key.
    pub id: RateId,
    /// The currencies: the rate prices one unit of the base currency in the counter currency.
    pub pair: CurrencyPair,
    /// Its number among the rates of the pair: 1 for the first, then without a gap.
    pub version: u64,
    /// What the ledger pays for one unit of the base currency.
    pub bid: Amount,
    /// What the ledger charges for one unit of the base currency; not less than the bid.
    pub ask: Amount,
    /// The time from which on it applies.
    pub created_at: Timestamp,
}

/// The two currencies of a rate. A pair has rates in one order only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CurrencyPair {
    /// The currency whose unit a rate prices.
    pub base: CurrencyCode,
    /// The currency of the price.
    pub counter: CurrencyCode,
}

impl CurrencyPair {
    /// The same currencies in the other order.
    #[must_use]
    pub const fn swapped(self) -> Self {
        Self {
            base: self.counter,
            counter: self.base,
        }
    }
}

/// An offer of the ledger to exchange an amount of one currency for an amount of another, once,
/// until it expires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Chosen by the client; the idempotency key.
    pub id: QuoteId,
    /// The rate from which it was created.
    pub rate_id: RateId,
    /// The currency that the client sells.
    pub sell_currency_code: CurrencyCode,
    /// The sold amount.
    pub sell_amount: Amount,
    /// The currency that the client buys.
    pub buy_currency_code: CurrencyCode,
    /// The bought amount.
    pub buy_amount: Amount,
    /// What the ledger earns, in the bought currency: the value of `sell_amount` at the middle
    /// between bid and ask, rounded down, less `buy_amount`.
    pub spread_amount: Amount,
    /// Which of the two amounts the client requested.
    pub fixed_side: FixedSide,
    /// When it was created.
    pub created_at: Timestamp,
    /// The time from which on it cannot be consumed.
    pub expires_at: Timestamp,
    /// The exchange that consumed it.
    pub exchange_id: Option<TransferId>,
}

impl Quote {
    /// Whether it can be consumed at `at`, a time of the decision's clock, and if not, why.
    #[must_use]
    pub fn status(&self, at: Timestamp) -> QuoteStatus {
        match self.exchange_id {
            Some(_) => QuoteStatus::Consumed,
            None if at < self.expires_at => QuoteStatus::Open,
            None => QuoteStatus::Expired,
        }
    }

    /// The quote as it was created.
    #[must_use]
    pub fn as_created(&self) -> Self {
        Self {
            exchange_id: None,
            ..self.clone()
        }
    }
}

/// What became of a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QuoteStatus {
    /// An exchange can consume it.
    Open,
    /// An exchange has consumed it.
    Consumed,
    /// Its time is over, and no exchange has consumed it.
    Expired,
}

impl QuoteStatus {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Open, Self::Consumed, Self::Expired];

    /// The stable name of this status.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Consumed => "consumed",
            Self::Expired => "expired",
        }
    }
}

/// Which amount of a quote the client requested; the other is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FixedSide {
    /// The sold amount: the bought amount is rounded down.
    Sell,
    /// The bought amount: the sold amount is rounded up.
    Buy,
}

/// The result of applying a rate to an amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conversion {
    pub(crate) sell: Amount,
    pub(crate) buy: Amount,
    pub(crate) spread: Amount,
}

impl Rate {
    /// Converts from one currency of the pair to the other, in the ledger's favour: see
    /// [`FixedSide`].
    ///
    /// `amount` is in its currency's precision. `sell` and `buy` are the currencies of the pair, in
    /// either order.
    pub(crate) fn convert(
        &self,
        sell: Currency,
        buy: Currency,
        fixed_side: FixedSide,
        amount: &Amount,
    ) -> Result<Conversion, AmountError> {
        let one = BigDecimal::from(1);
        let (bid, ask) = (self.bid.as_decimal(), self.ask.as_decimal());
        let two_middles = bid + ask;
        // Each price is a fraction: how much is bought for one unit sold.
        let (price, middle) = match sell.code == self.pair.base {
            true => ((bid.clone(), one), (two_middles, BigDecimal::from(2))),
            false => ((one, ask.clone()), (BigDecimal::from(2), two_middles)),
        };
        let (sell_amount, buy_amount) = match fixed_side {
            FixedSide::Sell => {
                let bought = scale(amount, &price.0, &price.1, buy, Rounding::Down)?;
                (amount.clone(), bought)
            }
            FixedSide::Buy => {
                let sold = scale(amount, &price.1, &price.0, sell, Rounding::Up)?;
                (sold, amount.clone())
            }
        };
        let worth = scale(&sell_amount, &middle.0, &middle.1, buy, Rounding::Down)?;
        let spread = worth
            .checked_sub(&buy_amount)
            .ok_or(AmountError::TooManyDigits)?;
        Ok(Conversion {
            sell: sell_amount,
            buy: buy_amount,
            spread,
        })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rounding {
    Down,
    Up,
}

/// `amount * numerator / denominator`, computed exactly, and only then rounded to the decimals of
/// `currency`. All are positive.
fn scale(
    amount: &Amount,
    numerator: &BigDecimal,
    denominator: &BigDecimal,
    currency: Currency,
    rounding: Rounding,
) -> Result<Amount, AmountError> {
    let (product, product_scale) = (amount.as_decimal() * numerator).into_bigint_and_scale();
    let (divisor, divisor_scale) = denominator.as_bigint_and_scale();
    // The quotient of the integers, shifted so that its unit is the currency's smallest.
    let shift = i64::from(currency.precision) + divisor_scale - product_scale;
    let power = u32::try_from(shift.unsigned_abs()).map_err(|_| AmountError::TooManyDigits)?;
    let power = BigInt::from(10).pow(power);
    let (above, below) = match shift >= 0 {
        true => (product * power, divisor.into_owned()),
        false => (product, divisor.into_owned() * power),
    };
    let mut units = &above / &below;
    if rounding == Rounding::Up && !(&above % &below).is_zero() {
        units += 1;
    }
    Amount::from_decimal(BigDecimal::new(units, i64::from(currency.precision)))
}

/// Namespace of the ids of the ledger's own accounts. Random, and must never change.
const LEDGER_ACCOUNTS: Uuid = Uuid::from_u128(0x1f52_90c4_77e3_4f0b_9d02_6c1e_8a35_b4d7);

impl AccountId {
    /// The account through which the ledger exchanges a currency.
    #[must_use]
    pub fn liquidity(code: CurrencyCode) -> Self {
        Self::ledger_account("liquidity", code)
    }

    /// The account for the ledger's earnings in a currency.
    #[must_use]
    pub fn spread(code: CurrencyCode) -> Self {
        Self::ledger_account("spread", code)
    }

    fn ledger_account(purpose: &str, code: CurrencyCode) -> Self {
        let name = format!("{purpose}:{code}");
        let id = Uuid::new_v5(&LEDGER_ACCOUNTS, name.as_bytes());
        // A UUID with a version is never the nil UUID.
        Self::new(id).expect("a UUID of version 5 is not the nil one")
    }
}

#[cfg(test)]
mod tests;
