//! Verifications to start.

use serde::Serialize;
use uuid::Uuid;

/// A verification to start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewVerification {
    /// The id of the verification.
    pub id: Uuid,
    /// The head of an earlier verification: the books must still contain everything that it proved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_head: Option<String>,
}

impl NewVerification {
    /// A verification with a new id.
    #[must_use]
    pub fn new() -> Self {
        Self {
            id: Uuid::now_v7(),
            expected_head: None,
        }
    }
}

/// The same as `new`.
impl Default for NewVerification {
    fn default() -> Self {
        Self::new()
    }
}
