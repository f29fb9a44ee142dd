//! Names on the wire that requests use and no field has: paths and parameters.

/// The path below an account that changes its controls.
pub(crate) const CONTROLS: &str = "controls";

/// The first moment of a period.
pub(crate) const CREATED_FROM: &str = "created_from";

/// The first moment after a period.
pub(crate) const CREATED_BEFORE: &str = "created_before";

/// Which statuses the entries of a list have.
pub(crate) const STATUS: &str = "status";

/// The key of an entry of metadata that the entries of a list have.
pub(crate) const METADATA_KEY: &str = "metadata_key";

/// The value of that entry.
pub(crate) const METADATA_VALUE: &str = "metadata_value";

/// A page of a list: how many entries it has at most.
pub(crate) const LIMIT: &str = "limit";

/// A page of a list: where it begins.
pub(crate) const CURSOR: &str = "cursor";
