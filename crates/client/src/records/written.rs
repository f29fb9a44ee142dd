//! Results of writes.

/// The result of a write, as it is in the books.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Written<T> {
    /// What the write created or changed; on a dry run, what it would have.
    pub value: T,
    /// Whether the same request had been applied before, for example by an attempt whose answer was
    /// lost. The value is that of the first time.
    pub is_replay: bool,
    /// Whether it was a dry run, so that nothing was changed.
    pub is_dry_run: bool,
}
