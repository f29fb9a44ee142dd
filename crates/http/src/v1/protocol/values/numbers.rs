//! Values that are numbers: money and prices, which are texts, and whole numbers.

use std::fmt::{self, Display};

use serde::Serializer;
use serde_json::{Value, json};
use wallet_domain::{Amount, AmountError};

use super::{Parsed, Text};
use crate::v1::protocol::describe::{Describe, Schemas};
use crate::v1::protocol::faults::Faults;
use crate::v1::protocol::json::Json;
use crate::v1::protocol::read::{At, Read};
use crate::v1::protocol::show::Show;

impl Text for Amount {
    const NAME: &'static str = "Amount";

    fn parse(text: &str) -> Parsed<Self> {
        Self::parse(text).map_err(|error| match error {
            AmountError::TooManyDigits => "more than 38 digits",
            _ => "not a decimal in plain notation, for example \"900.00\"",
        })
    }

    fn text(&self) -> impl Display {
        self
    }

    /// The pattern: a sign, and not 39 digits, with a point anywhere.
    fn described() -> Value {
        json!({
            "type": "string", "examples": ["100.11"],
            "pattern": "^[+-]?(?!(\\.?[0-9]){39})([0-9]+\\.?[0-9]*|\\.[0-9]+)$",
            "description": "Money, or a rate, as a decimal in plain notation, up to 38 digits. \
                            Money is rounded half away from zero to the digits of its currency; \
                            what is moved must be positive then. JSON numbers are refused.",
        })
    }
}

/// An amount with all decimals of its currency: `900.00`.
pub(crate) struct Money {
    pub(crate) amount: Amount,
    pub(crate) precision: u8,
}

impl Money {
    pub(crate) fn new(amount: Amount, precision: u8) -> Self {
        Self { amount, precision }
    }
}

impl Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.amount.to_string();
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        let width = usize::from(self.precision);
        match width {
            0 if decimals.is_empty() => f.write_str(whole),
            _ => write!(f, "{whole}.{decimals:0<width$}"),
        }
    }
}

impl Describe for Money {
    fn schema(schemas: &mut Schemas) -> Value {
        let described = json!({
            "type": "string", "pattern": "^-?[0-9]{1,38}(\\.[0-9]{1,18})?$",
            "examples": ["899.89"], "description": "An amount with all decimals of its currency.",
        });
        schemas.named("Money", |_| described)
    }
}

impl Show for Money {
    fn show<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A whole number within bounds.
#[derive(Clone, Copy)]
pub(crate) struct BoundedInt<T, const MIN: u64, const MAX: u64>(pub(crate) T);

impl<T: 'static, const MIN: u64, const MAX: u64> Describe for BoundedInt<T, MIN, MAX> {
    fn schema(_: &mut Schemas) -> Value {
        json!({"type": "integer", "minimum": MIN, "maximum": MAX})
    }
}

impl<T: TryFrom<u64>, const MIN: u64, const MAX: u64> BoundedInt<T, MIN, MAX> {
    fn new(number: Option<u64>, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        let number = number.filter(|number| (MIN..=MAX).contains(number));
        let number = number.and_then(|number| T::try_from(number).ok());
        if number.is_none() {
            let detail = format!("not a whole number from {MIN} to {MAX}");
            faults.add(at.place(), "invalid", detail);
        }
        number.map(Self)
    }
}

impl<T: TryFrom<u64> + 'static, const MIN: u64, const MAX: u64> Read for BoundedInt<T, MIN, MAX> {
    fn read(json: Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        match json {
            Json::Number(number) => Self::new(number, at, faults),
            // A query has texts only.
            Json::Text(text) if matches!(at, At::Field(At::Query, _)) => {
                // `+5` would parse, too.
                let digits = Some(text).filter(|text| text.bytes().all(|it| it.is_ascii_digit()));
                Self::new(digits.and_then(|text| text.parse().ok()), at, faults)
            }
            other => {
                other.is_not("a number", at, faults);
                None
            }
        }
    }
}

/// The most entries of a page.
const PAGE_ENTRIES_MAX: u64 = 100;

/// How many entries a page has.
pub(crate) type Limit = BoundedInt<u32, 1, PAGE_ENTRIES_MAX>;

impl Describe for bool {
    fn schema(_: &mut Schemas) -> Value {
        json!({"type": "boolean"})
    }
}

impl Read for bool {
    fn read(json: Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        match json {
            Json::Bool(value) => Some(value),
            Json::Text(text) if matches!(at, At::Field(At::Query, _)) => {
                let value = text.parse();
                let detail = "not \"true\" or \"false\"";
                value
                    .map_err(|_| faults.add(at.place(), "invalid", detail))
                    .ok()
            }
            other => {
                other.is_not("true or false", at, faults);
                None
            }
        }
    }
}

impl Show for bool {
    fn show<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(*self)
    }
}

/// Implements the traits for counts.
macro_rules! counts {
    ($($type:ty as $format:literal),*) => {
        $(impl Describe for $type {
            fn schema(_: &mut Schemas) -> Value {
                json!({"type": "integer", "format": $format, "minimum": 0})
            }
        }

        impl Show for $type {
            fn show<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_u64((*self).into())
            }
        })*
    };
}

counts!(u64 as "int64", u32 as "int32", u16 as "int32", u8 as "int32");

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
            assert_eq!(Money::new(amount, precision).to_string(), expected);
        }
    }
}
