//! What a client demands of how a movement of money is decided.

use crate::values::{Amount, Precision};

/// What a client demands of how a movement of money is decided. The default is what the classic API
/// promises.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// What another command with an id that has succeeded is.
    pub replay: Replay,
    /// What happens to digits beyond the currency's precision.
    pub precision: Precision,
    /// Refuse unless the sender has at least this much before the transfer.
    pub sender_available_at_least: Option<Amount>,
}

/// What another command with an id that has succeeded is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Replay {
    /// A repetition, whatever else it says.
    #[default]
    AnyContent,
    /// A repetition if it says the same; a mistake otherwise.
    SameContent,
}
