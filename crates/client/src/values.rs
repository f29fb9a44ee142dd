//! Values: what records and commands are made of.

pub(crate) mod money;
pub(crate) mod words;
