//! What you can add to every transfer.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

/// What you can add to a transfer. It is stored, and is part of the content that a retry must
/// repeat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Details {
    /// A text of 1 to 200 characters, by which the transfer can be found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// At most 50 entries, by which the transfer can be found.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
    /// When it happened in the world, to the microsecond.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_at: Option<DateTime<Utc>>,
}
