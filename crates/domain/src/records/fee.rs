//! Fees: what a sender pays in addition to the amount it sends.

use bigdecimal::BigDecimal;

use crate::values::{AccountId, Amount, Currency, Precision, Rejection};

/// The whole amount, in basis points.
pub const BASIS_POINTS_MAX: u16 = 10_000;

/// A fee: charged to the sender in addition to the amount, by a separate transfer that is applied
/// with the main one or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fee {
    /// The account that receives the fee.
    pub account_id: AccountId,
    /// How much.
    pub charge: Charge,
}

/// How a fee is measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Charge {
    /// A fixed amount.
    Fixed(Amount),
    /// Basis points of the amount (hundredths of a percent), rounded half away from zero to the
    /// currency's decimals.
    BasisPoints(u16),
}

impl Fee {
    /// The fee for `amount`, as it is booked: at most the amount, and zero if it rounds to zero.
    pub(crate) fn amount_on(
        &self,
        amount: &Amount,
        currency: Currency,
        precision: Precision,
    ) -> Result<Amount, Rejection> {
        use Rejection::{FeeExceedsAmount, FeeMustNotBeNegative};
        let fee = match &self.charge {
            Charge::Fixed(fixed) => currency.book(fixed, precision, FeeExceedsAmount)?,
            Charge::BasisPoints(points) if *points > BASIS_POINTS_MAX => {
                return Err(FeeExceedsAmount);
            }
            Charge::BasisPoints(points) => {
                // Ten-thousandths: a shift by four decimals.
                let share = amount.as_decimal() * BigDecimal::new((*points).into(), 4);
                let digits = i64::from(currency.precision);
                let rounded = share.with_scale_round(digits, bigdecimal::RoundingMode::HalfUp);
                Amount::from_decimal(rounded).map_err(|_| FeeExceedsAmount)?
            }
        };
        if fee.is_negative() {
            return Err(FeeMustNotBeNegative);
        }
        if fee > *amount {
            return Err(FeeExceedsAmount);
        }
        Ok(fee)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{account_id, amount};

    #[test]
    fn a_fee_is_rounded_half_away_from_zero_and_never_more_than_the_amount() {
        let dollars = Currency {
            code: "USD".parse().unwrap(),
            precision: 2,
        };
        let fixed = |text| Charge::Fixed(amount(text));
        let points = Charge::BasisPoints;
        let (rounded, strict) = (Precision::Rounded, Precision::Strict);
        let cases = [
            (points(100), "10", rounded, Ok("0.1")),
            (points(1), "50", rounded, Ok("0.01")),
            (points(1), "49.99", rounded, Ok("0")),
            (points(25), "0.02", strict, Ok("0")),
            (points(10_000), "0.01", rounded, Ok("0.01")),
            (
                points(10_001),
                "0.01",
                rounded,
                Err(Rejection::FeeExceedsAmount),
            ),
            (fixed("0.005"), "1", rounded, Ok("0.01")),
            (
                fixed("0.005"),
                "1",
                strict,
                Err(Rejection::AmountPrecisionExceeded),
            ),
            (fixed("0"), "1", strict, Ok("0")),
            (fixed("1"), "1", strict, Ok("1")),
            (
                fixed("1.01"),
                "1",
                rounded,
                Err(Rejection::FeeExceedsAmount),
            ),
            (
                fixed("-0.01"),
                "1",
                rounded,
                Err(Rejection::FeeMustNotBeNegative),
            ),
        ];
        for (charge, of, precision, expected) in cases {
            let fee = Fee {
                account_id: account_id(1),
                charge,
            };
            let charged = fee.amount_on(&amount(of), dollars, precision);
            assert_eq!(charged, expected.map(amount), "{fee:?} of {of}");
        }
    }
}
