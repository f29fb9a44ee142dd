//! The arithmetic of rates.

use proptest::prelude::*;

use super::*;
use crate::testing::fixtures::{NOW, amount, rate_id};

fn rate(bid: &str, ask: &str) -> Rate {
    Rate {
        id: rate_id(1),
        pair: CurrencyPair {
            base: "EUR".parse().unwrap(),
            counter: "USD".parse().unwrap(),
        },
        version: 1,
        bid: amount(bid),
        ask: amount(ask),
        created_at: NOW,
    }
}

fn currency(code: &str, precision: u8) -> Currency {
    Currency {
        code: code.parse().unwrap(),
        precision,
    }
}

#[test]
fn bought_amounts_round_down_sold_amounts_round_up_and_the_spread_is_the_rest() {
    use FixedSide::{Buy, Sell};
    let (euros, dollars) = (currency("EUR", 2), currency("USD", 2));
    let cases = [
        // Bid 1.08, ask 1.1, middle 1.09.
        ((euros, dollars), (Sell, "100"), ("100", "108", "1")),
        ((euros, dollars), (Buy, "108"), ("100", "108", "1")),
        ((euros, dollars), (Buy, "108.01"), ("100.01", "108.01", "1")),
        ((euros, dollars), (Sell, "0.01"), ("0.01", "0.01", "0")),
        ((dollars, euros), (Sell, "110"), ("110", "100", "0.91")),
        (
            (dollars, euros),
            (Sell, "109.99"),
            ("109.99", "99.99", "0.91"),
        ),
        ((dollars, euros), (Buy, "100"), ("110", "100", "0.91")),
        ((dollars, euros), (Buy, "0.01"), ("0.02", "0.01", "0")),
        ((dollars, euros), (Sell, "0.01"), ("0.01", "0", "0")),
    ];
    for ((sell, buy), (side, text), expected) in cases {
        let rate = rate("1.08", "1.1");
        let converted = rate.convert(sell, buy, side, &amount(text)).unwrap();
        let (sell, buy, spread) = expected;
        let expected = Conversion {
            sell: amount(sell),
            buy: amount(buy),
            spread: amount(spread),
        };
        assert_eq!(converted, expected, "{side:?} {text}");
    }
}

#[test]
fn a_result_that_needs_too_many_digits_is_refused() {
    let (euros, dollars) = (currency("EUR", 2), currency("USD", 18));
    let most = amount("999999999999999999999999999999999999.99");
    let rate = rate("1", "1");
    let converted = rate.convert(euros, dollars, FixedSide::Sell, &most);
    assert_eq!(converted, Err(AmountError::TooManyDigits));
}

proptest! {
    #[test]
    fn no_client_gains_by_exchanging_there_and_back(
        units in 1_u64..1_000_000_000,
        bid in 1_u64..10_000_000_000,
        more in 0_u64..1_000_000,
        digits in 0_u8..=10,
        (sell_digits, buy_digits) in (0_u8..=18, 0_u8..=18),
        sells_base: bool,
        fixes_sell: bool,
    ) {
        let decimal = |units: u64, digits: u8| {
            Amount::from_decimal(BigDecimal::new(units.into(), digits.into())).unwrap()
        };
        let (bid, ask) = (decimal(bid, digits), decimal(bid + more, digits));
        let rate = rate(&bid.to_string(), &ask.to_string());
        let (first, second) = match sells_base {
            true => ("EUR", "USD"),
            false => ("USD", "EUR"),
        };
        let (sell, buy) = (currency(first, sell_digits), currency(second, buy_digits));
        let (side, digits) = match fixes_sell {
            true => (FixedSide::Sell, sell_digits),
            false => (FixedSide::Buy, buy_digits),
        };
        let Ok(there) = rate.convert(sell, buy, side, &decimal(units, digits)) else {
            return Ok(());
        };
        prop_assert!(!there.spread.is_negative(), "{there:?}");
        prop_assert!(there.sell.round(sell_digits).unwrap() == there.sell);
        prop_assert!(there.buy.round(buy_digits).unwrap() == there.buy);
        let Ok(back) = rate.convert(buy, sell, FixedSide::Sell, &there.buy) else {
            return Ok(());
        };
        prop_assert!(back.buy <= there.sell, "{there:?} {back:?}");
    }
}
