//! The error of a damaged row.

/// A row says something that no ledger says. Someone has changed it, or the disk has. Its message
/// says what, for operators.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Damaged(pub(super) String);

impl From<&str> for Damaged {
    fn from(what: &str) -> Self {
        Self(what.to_owned())
    }
}
