//! Currencies to create.

use serde::Serialize;

/// A currency to create. Its code is its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewCurrency {
    /// Its code: 1 to 12 letters and digits of ASCII.
    pub code: String,
    /// How many decimals its amounts have, 0 to 18.
    pub precision: u8,
}

impl NewCurrency {
    /// A currency with this code and this many decimals.
    pub fn new(code: impl Into<String>, precision: u8) -> Self {
        Self {
            code: code.into(),
            precision,
        }
    }
}
