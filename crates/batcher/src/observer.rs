//! What the batcher tells of itself while it works: a port for whoever counts.
//!
//! It is called on the threads that write, between a commit and its answers. So an observer has to be quick, and must
//! neither wait nor panic.

use std::time::Duration;

use wallet_domain::{Outcome, StoreError, Unit, WorkClass};

/// Hears what happens to commands.
pub trait Observer: Send + Sync {
    /// What a caller handed in was taken by a writer after it had waited so long, or its first slice was.
    fn left_queue(&self, class: WorkClass, waited: Duration);

    /// Units were carried out in one transaction, or were not; nobody has been answered yet. What is outside of
    /// the store is not in the time.
    ///
    /// Units whose batch was refused or contended are seen again: it is cut into pieces, and each piece is tried.
    fn transacted(&self, units: &[Unit], result: &Result<Vec<Outcome>, StoreError>, took: Duration);
}

/// Nobody who counts.
impl Observer for () {
    fn left_queue(&self, _: WorkClass, _: Duration) {}

    fn transacted(&self, _: &[Unit], _: &Result<Vec<Outcome>, StoreError>, _: Duration) {}
}

#[cfg(test)]
mod tests;
