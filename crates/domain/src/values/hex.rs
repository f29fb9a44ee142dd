//! Bytes as hexadecimal text.

use std::fmt;

/// Displays bytes as two lower-case hexadecimal digits each.
pub(crate) struct Hex<'a>(pub(crate) &'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::Hex;

    #[test]
    fn every_byte_has_two_lower_case_digits() {
        assert_eq!(Hex(&[0, 10, 255]).to_string(), "000aff");
        assert_eq!(Hex(&[]).to_string(), "");
    }
}
