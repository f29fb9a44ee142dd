//! The port through which the batcher reports its work, for example to metrics.
//!
//! The writer threads call it between a commit and its answers. So an observer must be fast, and
//! must neither block nor panic.

use std::time::Duration;

use wallet_domain::{Outcome, StoreError, Unit, WorkClass};

/// Observes what happens to commands.
pub trait Observer: Send + Sync {
    /// A writer took a request, or its first slice, after it had waited this long.
    fn left_queue(&self, class: WorkClass, waited: Duration);

    /// Units were executed in one transaction, or failed. No caller has been answered yet. The time
    /// covers only the store.
    ///
    /// Units of a refused or contended batch are reported again: the batch is cut into pieces, and
    /// each piece is tried.
    fn transacted(&self, units: &[Unit], result: &Result<Vec<Outcome>, StoreError>, took: Duration);
}

/// Observes nothing.
impl Observer for () {
    fn left_queue(&self, _: WorkClass, _: Duration) {}

    fn transacted(&self, _: &[Unit], _: &Result<Vec<Outcome>, StoreError>, _: Duration) {}
}

#[cfg(test)]
mod tests;
