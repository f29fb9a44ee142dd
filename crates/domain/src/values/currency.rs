//! Currencies: a code, and the number of digits after the point.
//!
//! Which currencies exist is data, stored by the stores; the precision of a currency never changes.

use std::fmt;
use std::str::FromStr;

use crate::values::{Amount, AmountError, Rejection};

/// The maximum number of digits after the point (Ether has 18).
pub const PRECISION_MAX: u8 = 18;

/// The longest currency code.
const CODE_LEN_MAX: usize = 12;

/// A currency and its precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Currency {
    /// `USD`, `BTC`: its name in requests.
    pub code: CurrencyCode,
    /// Digits after the point, 0 to [`PRECISION_MAX`].
    pub precision: u8,
}

impl Currency {
    /// The currencies that every ledger has from the start: the first migration creates them.
    pub(crate) fn built_in() -> impl Iterator<Item = Self> {
        let currencies = [("BTC", 8), ("EUR", 2), ("USD", 2)].into_iter();
        currencies.filter_map(|(code, precision)| {
            let code = code.parse().ok()?;
            Some(Self { code, precision })
        })
    }

    /// The amount as it is booked in this currency: rounded half away from zero to its precision.
    ///
    /// # Errors
    /// See [`Amount::round`].
    pub fn round(&self, amount: &Amount) -> Result<Amount, AmountError> {
        amount.round(self.precision)
    }

    /// The amount as it is booked in this currency: rounded only if `precision` asks for it.
    pub(crate) fn book(
        &self,
        amount: &Amount,
        precision: Precision,
        too_large: Rejection,
    ) -> Result<Amount, Rejection> {
        let booked = self.round(amount).map_err(|_| too_large)?;
        match precision == Precision::Rounded || booked == *amount {
            true => Ok(booked),
            false => Err(Rejection::AmountPrecisionExceeded),
        }
    }
}

/// A currency's code: 1 to 12 ASCII letters and digits, in upper case here, whatever the case in
/// requests.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CurrencyCode {
    bytes: [u8; CODE_LEN_MAX],
    len: u8,
}

impl CurrencyCode {
    /// The code in upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII letters and digits are accepted, so this is always UTF-8.
        std::str::from_utf8(&self.bytes[..usize::from(self.len)]).unwrap_or_default()
    }
}

impl FromStr for CurrencyCode {
    type Err = CurrencyCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let within = (1..=CODE_LEN_MAX).contains(&text.len());
        if !within || !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(CurrencyCodeError);
        }
        let mut bytes = [0; CODE_LEN_MAX];
        for (target, byte) in bytes.iter_mut().zip(text.bytes()) {
            *target = byte.to_ascii_uppercase();
        }
        Ok(Self {
            bytes,
            len: text.len() as u8,
        })
    }
}

impl fmt::Display for CurrencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CurrencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not a currency code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a currency code is 1 to {CODE_LEN_MAX} ASCII letters and digits")]
pub struct CurrencyCodeError;

/// How digits of an amount beyond its currency's precision are handled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// The amount is rounded, half away from zero.
    Rounded,
    /// The command is refused.
    #[default]
    Strict,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_upper_case_inside_whatever_the_case_outside() {
        let code: CurrencyCode = "uSd".parse().unwrap();
        assert_eq!(code.as_str(), "USD");
        assert_eq!(code, "USD".parse().unwrap());
        assert_eq!(code.to_string(), "USD");
    }

    #[test]
    fn a_code_is_1_to_12_ascii_letters_and_digits() {
        for text in ["", "ABCDEFGHIJKLM", "U D", "€UR", "US\0", "U-D"] {
            assert_eq!(
                text.parse::<CurrencyCode>(),
                Err(CurrencyCodeError),
                "{text:?}"
            );
        }
        assert!("ABCDEFGHIJKL".parse::<CurrencyCode>().is_ok());
        assert!("1INCH".parse::<CurrencyCode>().is_ok());
    }
}
