//! Checks of the source itself: what the documentation says about the structure of a crate stays
//! true, or a test fails.
//!
//! [`Crate`] is the source of one crate, read once. [`floors`] checks which folders use which, and
//! [`circles`] that no files use each other in a circle. Both read paths in the code, not the
//! compiler's output, so that a planted offence is a few lines of text in a unit test. [`sizes`],
//! [`language`], [`documents`] and [`quotes`] read plain text, [`packages`] also manifests.

pub mod answers;
pub mod circles;
pub mod documents;
pub mod floors;
mod imports;
pub mod language;
pub mod packages;
pub mod quotes;
pub mod sizes;
mod source;

pub use source::{Crate, SourceFile};
