//! Values that records and commands have in common.

pub(crate) mod money;
pub(crate) mod words;
