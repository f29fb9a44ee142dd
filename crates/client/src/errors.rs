//! Errors: why a call has no result.

pub(crate) mod code;
pub(crate) mod error;
pub(crate) mod problem;
