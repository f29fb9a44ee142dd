//! A client's terms for the decision on a movement of money.

use crate::values::{Amount, Precision};

/// A client's terms for the decision on a movement of money. The default is what the classic API
/// promises.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// How a command with the id of an applied transfer is treated.
    pub replay: Replay,
    /// How digits beyond the currency's precision are handled.
    pub precision: Precision,
    /// Refuse unless the sender has at least this much before the transfer.
    pub sender_available_at_least: Option<Amount>,
}

/// How a command with the id of an applied transfer is treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Replay {
    /// A retry, whatever its content.
    #[default]
    AnyContent,
    /// A retry if the content is the same; an error otherwise.
    SameContent,
}
