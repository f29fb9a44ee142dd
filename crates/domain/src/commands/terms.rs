//! A client's terms for the decision on a movement of money.

use crate::values::{Amount, Precision};

/// A client's terms for the decision on a movement of money.
///
/// By default a known id is a retry, whatever its content, and an amount with more digits than its
/// currency has is refused: nothing is rounded unless you ask for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Terms {
    /// How a command with the id of an applied transfer is treated.
    pub replay: Replay,
    /// How digits beyond the currency's precision are handled.
    pub precision: Precision,
    /// Refuse unless the sender has at least this much before the transfer.
    pub sender_available_at_least: Option<Amount>,
}

impl Terms {
    /// Terms without a least amount of the sender.
    #[must_use]
    pub fn new(replay: Replay, precision: Precision) -> Self {
        Self {
            replay,
            precision,
            sender_available_at_least: None,
        }
    }

    /// The default, but digits beyond the currency's precision are rounded.
    #[must_use]
    pub fn rounded() -> Self {
        Self::new(Replay::default(), Precision::Rounded)
    }
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
