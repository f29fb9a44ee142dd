//! Positions of lines in files, for messages.

use std::fmt;

/// Where a line stands: `transfers.jsonl line 4812`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LinePosition {
    pub(super) file: String,
    pub(super) number: u64,
}

impl fmt::Display for LinePosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} line {}", self.file, self.number)
    }
}
