//! What a decision returns: an answer for each command, and what a store has to write before anyone
//! gets one.

use crate::commands::Outcome;
use crate::state::WriteSet;

/// The result of [`decide`](crate::decide()): one outcome for each command, in order, and the
/// writes of all of them.
#[derive(Clone, Debug)]
pub struct Decision {
    /// One for each command, in order.
    pub outcomes: Vec<Outcome>,
    /// To be stored as a whole, before any outcome is returned to a caller.
    pub writes: WriteSet,
}
