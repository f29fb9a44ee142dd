//! The result of a decision.

use crate::commands::Outcome;
use crate::state::WriteSet;

/// What [`decide`](crate::decide()) says: one outcome for each command, in order, and the writes of them all.
#[derive(Clone, Debug)]
pub struct Decision {
    /// One for each command, in order.
    pub outcomes: Vec<Outcome>,
    /// To be stored as a whole, before any outcome is told.
    pub writes: WriteSet,
}
