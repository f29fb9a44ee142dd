//! Results of writes.

/// What a write made, as it is in the books.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Written<T> {
    /// What was made; on a dry run what would be.
    pub value: T,
    /// Whether the same request had been done before, for example by an attempt whose answer was
    /// lost. The value is that of the first time.
    pub is_replay: bool,
    /// Whether it was a dry run, so that nothing was changed.
    pub is_dry_run: bool,
}
