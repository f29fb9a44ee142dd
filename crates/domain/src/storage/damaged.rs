//! The error of a damaged row.

/// A row that no ledger writes: someone changed it, or the disk did. The message is for operators,
/// and says what is wrong.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Damaged(pub(super) String);

impl From<&str> for Damaged {
    fn from(what: &str) -> Self {
        Self(what.to_owned())
    }
}
