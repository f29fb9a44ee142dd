//! Exact money: one type for every sum, from the text of a request to a stored balance.
//!
//! An [`Amount`] is a signed decimal of at most 38 digits; every store holds 38 digits exactly.
//! Text is bounded *before* any arithmetic, because arithmetic on unbounded decimals is a denial of
//! service: the ten characters `1e10000000` cost seconds once they are aligned with another number.
//! Results are bounded too, so an `Amount` that exists can always be stored and printed.

use std::fmt;

use bigdecimal::num_bigint::BigInt;
use bigdecimal::{BigDecimal, RoundingMode, ToPrimitive, Zero};

/// The maximum number of digits of an [`Amount`], before and after the point.
pub const DIGITS_MAX: u32 = 38;

/// The longest text that [`Amount::parse`] accepts: 38 digits, a sign and a point.
const TEXT_LEN_MAX: usize = DIGITS_MAX as usize + 2;

/// An exact signed decimal of at most [`DIGITS_MAX`] digits.
///
/// Amounts compare by value: `1.50` equals `1.5`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(BigDecimal);

impl Amount {
    /// Zero: the balance of a new account.
    #[must_use]
    pub fn zero() -> Self {
        Self(BigDecimal::zero())
    }

    /// Parses plain decimal notation: an optional sign, digits, at most one point. No exponent, no
    /// separators, no spaces.
    ///
    /// # Errors
    /// [`AmountError`] describes the mistake; the text is never echoed, because it may be long.
    pub fn parse(text: &str) -> Result<Self, AmountError> {
        if text.len() > TEXT_LEN_MAX {
            return Err(AmountError::TooManyDigits);
        }
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) || whole.len() + fraction.len() == 0 {
            return Err(AmountError::NotADecimal);
        }
        if whole.len() + fraction.len() > DIGITS_MAX as usize {
            return Err(AmountError::TooManyDigits);
        }
        let digits = whole.bytes().chain(fraction.bytes());
        // 38 digits are less than 2^127.
        let units = digits.fold(0_i128, |units, digit| units * 10 + i128::from(digit - b'0'));
        let units = if text.starts_with('-') { -units } else { units };
        Ok(Self(BigDecimal::new(
            BigInt::from(units),
            fraction.len() as i64,
        )))
    }

    /// Converts a decimal that comes from a store.
    ///
    /// # Errors
    /// [`AmountError::TooManyDigits`] if it does not fit [`DIGITS_MAX`] digits.
    pub fn from_decimal(value: BigDecimal) -> Result<Self, AmountError> {
        units_and_scale(&value).ok_or(AmountError::TooManyDigits)?;
        Ok(Self(value))
    }

    /// The value as a decimal, for stores.
    #[must_use]
    pub fn as_decimal(&self) -> &BigDecimal {
        &self.0
    }

    /// Rounds to `precision` digits after the point, half away from zero.
    ///
    /// # Errors
    /// [`AmountError::TooManyDigits`] if the value has more than [`DIGITS_MAX`] digits when it is
    /// written with all `precision` decimals. So every amount of a currency can be written in full.
    pub fn round(&self, precision: u8) -> Result<Self, AmountError> {
        let rounded = self
            .0
            .with_scale_round(i64::from(precision), RoundingMode::HalfUp);
        Self::from_decimal(rounded)
    }

    /// The sum, or `None` if it needs more than [`DIGITS_MAX`] digits.
    #[must_use]
    pub fn checked_add(&self, other: &Self) -> Option<Self> {
        Self::from_decimal(&self.0 + &other.0).ok()
    }

    /// The difference, or `None` if it needs more than [`DIGITS_MAX`] digits.
    #[must_use]
    pub fn checked_sub(&self, other: &Self) -> Option<Self> {
        Self::from_decimal(&self.0 - &other.0).ok()
    }

    /// The value as `units / 10^scale`, with the smallest possible scale.
    pub(crate) fn units_and_scale(&self) -> (i128, u8) {
        // Every amount has them; see `from_decimal`.
        let (mut units, scale) = units_and_scale(&self.0).unwrap_or_default();
        // A scale has two digits.
        let mut scale = u8::try_from(scale).unwrap_or(u8::MAX);
        while scale > 0 && units % 10 == 0 {
            units /= 10;
            scale -= 1;
        }
        (units, scale)
    }

    /// Whether it is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// Whether it is greater than zero.
    #[must_use]
    pub fn is_positive(&self) -> bool {
        self.0 > BigDecimal::zero()
    }

    /// Whether it is less than zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.0 < BigDecimal::zero()
    }
}

/// Plain notation without trailing zeros: `899.89`, `1000`, `0`.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Every amount has them; see `from_decimal`.
        let (units, scale) = units_and_scale(&self.0).unwrap_or_default();
        let digits = format!("{:0width$}", units.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let fraction = fraction.trim_end_matches('0');
        let sign = if units < 0 { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        write!(f, "{sign}{whole}{point}{fraction}")
    }
}

/// A decimal as `units / 10^scale`, if it is written with at most [`DIGITS_MAX`] digits.
fn units_and_scale(value: &BigDecimal) -> Option<(i128, usize)> {
    let (units, scale) = value.as_bigint_and_scale();
    let mut units = units.to_i128()?;
    if scale < 0 {
        // Zeros that the units do not contain: "1E+3" is one unit of a thousand.
        let zeros = u32::try_from(-scale).ok()?;
        units = units.checked_mul(10_i128.checked_pow(zeros)?)?;
    }
    let scale = usize::try_from(scale.max(0)).ok()?;
    let fits = units.unsigned_abs() < 10_u128.pow(DIGITS_MAX) && scale <= DIGITS_MAX as usize;
    fits.then_some((units, scale))
}

/// Why a text or a number is not an [`Amount`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AmountError {
    /// The text is not plain decimal notation.
    #[error("not a decimal number in plain notation (digits, at most one point, no exponent)")]
    NotADecimal,
    /// The number is outside the range that is stored exactly.
    #[error("more than {DIGITS_MAX} digits")]
    TooManyDigits,
}

#[cfg(test)]
mod tests;
