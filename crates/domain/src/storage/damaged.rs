//! The error of a damaged row.

/// A row that no ledger writes: someone changed it, or the disk did. The message says what is wrong,
/// for operators.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Damaged(pub(super) String);

impl From<&str> for Damaged {
    fn from(what: &str) -> Self {
        Self(what.to_owned())
    }
}
