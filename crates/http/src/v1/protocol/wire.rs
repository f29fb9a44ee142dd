//! Values that the bodies of many replies have: money, times, pages.

use std::fmt::{self, Display};

use serde::{Serialize, Serializer};
use wallet_domain::{Amount, Timestamp};

use crate::request::time::rfc3339;

/// Any value with a text form, as a JSON string.
pub(crate) struct Shown<T>(pub(crate) T);

impl<T: Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// An amount with all decimals of its currency: `900.00`.
pub(crate) struct Money<'a>(pub(crate) &'a Amount, pub(crate) u8);

impl Display for Money<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        let width = usize::from(self.1);
        match width {
            0 if decimals.is_empty() => f.write_str(whole),
            _ => write!(f, "{whole}.{decimals:0<width$}"),
        }
    }
}

/// A time.
pub(crate) struct Moment(pub(crate) Timestamp);

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&rfc3339(self.0))
    }
}

/// A page of a list.
#[derive(Serialize)]
pub(crate) struct Page<T> {
    pub(crate) data: Vec<T>,
    pub(crate) has_more: bool,
    pub(crate) next_cursor: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_has_all_decimals_of_its_currency() {
        let cases = [
            ("900", 2, "900.00"),
            ("899.9", 2, "899.90"),
            ("0", 0, "0"),
            ("100", 0, "100"),
            ("-0.5", 2, "-0.50"),
            ("0", 18, "0.000000000000000000"),
        ];
        for (text, precision, expected) in cases {
            let amount = Amount::parse(text).unwrap();
            assert_eq!(Money(&amount, precision).to_string(), expected);
        }
    }
}
