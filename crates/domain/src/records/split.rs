//! Splits: one sum for several receivers, without losing a minor unit.

use bigdecimal::num_bigint::BigInt;
use bigdecimal::{BigDecimal, ToPrimitive};

use crate::values::{Amount, AmountError, Currency};

/// The maximum number of receivers of a split.
pub const SPLIT_RECEIVERS_MAX: usize = 100;

/// Divides `amount` in proportion to `shares`, by largest remainder: each part is rounded down to
/// the currency's decimals, and the remaining minor units go, one each, to the parts that lost most
/// by that; among equals to the first ones. So the parts always add up to the amount.
///
/// `amount` is in its currency's precision. There is at least one share, and no share is zero.
pub(crate) fn divide(
    amount: &Amount,
    shares: &[u32],
    currency: Currency,
) -> Result<Vec<Amount>, AmountError> {
    let digits = i64::from(currency.precision);
    let (units, _) = amount
        .as_decimal()
        .with_scale(digits)
        .into_bigint_and_scale();
    let whole: BigInt = shares.iter().map(|share| BigInt::from(*share)).sum();
    let mut parts = Vec::with_capacity(shares.len());
    let mut remainders = Vec::with_capacity(shares.len());
    for (index, share) in shares.iter().enumerate() {
        let product = &units * share;
        parts.push(&product / &whole);
        remainders.push((&product % &whole, index));
    }
    let divided: BigInt = parts.iter().sum();
    // Fewer than there are shares: each lost less than one.
    let undivided = (units - divided).to_usize().unwrap_or_default();
    remainders
        .sort_by(|(one, index), (other, other_index)| other.cmp(one).then(index.cmp(other_index)));
    for (_, index) in remainders.into_iter().take(undivided) {
        parts[index] += 1;
    }
    let amounts = parts.into_iter();
    amounts
        .map(|units| Amount::from_decimal(BigDecimal::new(units, digits)))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::fixtures::amount;

    const fn currency(precision: u8, code: crate::CurrencyCode) -> Currency {
        Currency { code, precision }
    }

    #[test]
    fn the_remaining_units_go_to_the_largest_remainders_and_then_to_the_first() {
        let cases: [(&str, &[u32], &[&str]); 7] = [
            ("10", &[1], &["10"]),
            ("10", &[1, 1, 1], &["3.34", "3.33", "3.33"]),
            ("0.02", &[1, 1, 1], &["0.01", "0.01", "0"]),
            ("100", &[70, 20, 10], &["70", "20", "10"]),
            ("0.05", &[1, 2, 4], &["0.01", "0.01", "0.03"]),
            ("0.10", &[3, 3, 1], &["0.04", "0.04", "0.02"]),
            ("1", &[u32::MAX, 1], &["1", "0"]),
        ];
        let dollars = currency(2, "USD".parse().unwrap());
        for (whole, shares, expected) in cases {
            let parts = divide(&amount(whole), shares, dollars).unwrap();
            let expected: Vec<Amount> = expected.iter().map(|text| amount(text)).collect();
            assert_eq!(parts, expected, "{whole} by {shares:?}");
        }
    }

    proptest! {
        #[test]
        fn no_minor_unit_is_lost_and_no_part_is_a_whole_one_off(
            units in 0_u64..1_000_000_000,
            precision in 0_u8..=18,
            shares in prop::collection::vec(1_u32.., 1..=SPLIT_RECEIVERS_MAX),
        ) {
            let currency = currency(precision, "XTS".parse().unwrap());
            let decimal = |units: BigInt| BigDecimal::new(units, precision.into());
            let whole = Amount::from_decimal(decimal(units.into())).unwrap();
            let parts = divide(&whole, &shares, currency).unwrap();
            let sum: BigDecimal = parts.iter().map(Amount::as_decimal).sum();
            prop_assert_eq!(&sum, whole.as_decimal());
            let all: BigInt = shares.iter().map(|share| BigInt::from(*share)).sum();
            for (part, share) in parts.iter().zip(&shares) {
                let off = part.as_decimal() * &all - whole.as_decimal() * BigInt::from(*share);
                prop_assert!(off.abs() < decimal(all.clone()), "{part} for {share} of {all}");
            }
        }
    }
}
