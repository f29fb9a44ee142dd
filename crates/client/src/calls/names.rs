//! Paths and parameters that several requests use, as they are on the wire.

/// The path below an account that changes its controls.
pub(crate) const CONTROLS: &str = "controls";

/// The start of a period, inclusive.
pub(crate) const CREATED_FROM: &str = "created_from";

/// The end of a period, exclusive.
pub(crate) const CREATED_BEFORE: &str = "created_before";

/// The statuses of the entries of a list.
pub(crate) const STATUS: &str = "status";

/// The key of a metadata entry by which a list is filtered.
pub(crate) const METADATA_KEY: &str = "metadata_key";

/// The value of that metadata entry.
pub(crate) const METADATA_VALUE: &str = "metadata_value";

/// The most entries of a page.
pub(crate) const LIMIT: &str = "limit";

/// Where a page begins.
pub(crate) const CURSOR: &str = "cursor";
