//! The routes of health as OpenAPI.

use serde_json::Value;

/// The paths and the bodies, by name.
pub(crate) fn described() -> Value {
    // A test reads it.
    serde_json::from_str(include_str!("../../../assets/health.json")).unwrap_or_default()
}
