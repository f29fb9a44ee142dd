//! Money: a decimal that is a string on the wire, and never a float.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use bigdecimal::BigDecimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

/// The longest text that is read or sent as money. The service writes at most 38 digits, a sign and
/// a point; a longer text could make the client compute with a million digits.
const TEXT_LEN_MAX: usize = 100;

/// An amount of money, or a rate, in whole units of its currency: `900.00`.
///
/// It keeps the decimals that it was given, and compares by value: `1` equals `1.00`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(BigDecimal);

/// A text is not a decimal in plain notation, with at most 100 characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal in plain notation, for example \"900.00\"")]
pub struct ParseMoneyError;

impl Money {
    /// The decimal.
    #[must_use]
    pub fn as_decimal(&self) -> &BigDecimal {
        &self.0
    }

    /// The decimal, without a copy.
    #[must_use]
    pub fn into_decimal(self) -> BigDecimal {
        self.0
    }
}

impl From<BigDecimal> for Money {
    fn from(decimal: BigDecimal) -> Self {
        Self(decimal)
    }
}

/// Whole units.
impl From<u32> for Money {
    fn from(units: u32) -> Self {
        Self(units.into())
    }
}

/// Parses plain notation: a sign, digits, a point, digits. There is no exponent.
impl FromStr for Money {
    type Err = ParseMoneyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        let is_plain = digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
        if !is_plain || text.len() > TEXT_LEN_MAX {
            return Err(ParseMoneyError);
        }
        text.parse().map(Self).map_err(|_| ParseMoneyError)
    }
}

/// Plain notation, with the decimals that it has.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_plain_string())
    }
}

/// A decimal of yours may have an exponent of millions, and plain notation has all of its zeros.
/// Such a one is an error: the service would refuse it.
impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let zeros = self.0.fractional_digit_count().unsigned_abs();
        if self.0.digits().saturating_add(zeros) > TEXT_LEN_MAX as u64 {
            return Err(ser::Error::custom("money of more than 100 digits"));
        }
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_keeps_its_decimals_and_compares_by_value() {
        for text in ["900.00", "0.00", "-0.50", "1", "0.000000000000000001"] {
            let money: Money = text.parse().unwrap();
            assert_eq!(money.to_string(), text);
            assert_eq!(
                serde_json::to_string(&money).unwrap(),
                format!("\"{text}\"")
            );
        }
        assert_eq!("1".parse::<Money>(), "1.00".parse());
        let many: Money = "99999999999999999999.999999999999999999".parse().unwrap();
        assert_eq!(many.to_string(), "99999999999999999999.999999999999999999");
    }

    #[test]
    fn a_decimal_with_millions_of_zeros_is_not_sent() {
        for scale in [i64::MIN, -2_000_000_000, -100, 101, 2_000_000_000, i64::MAX] {
            let money = Money::from(BigDecimal::new(1.into(), scale));
            assert!(serde_json::to_string(&money).is_err(), "{scale}");
        }
        let thousand = Money::from(BigDecimal::new(1.into(), -3));
        assert_eq!(serde_json::to_string(&thousand).unwrap(), "\"1000\"");
    }

    #[test]
    fn what_is_not_plain_is_not_money() {
        for text in [
            "", "1e9", "1E-9", "1,5", "1.2.3", "--1", "1_000", "NaN", " 1", ".",
        ] {
            assert_eq!(text.parse::<Money>(), Err(ParseMoneyError), "{text}");
        }
        assert!("1".repeat(101).parse::<Money>().is_err());
        assert!(serde_json::from_str::<Money>("1.5").is_err());
        assert!(serde_json::from_str::<Money>("\"1.5\"").is_ok());
    }
}
