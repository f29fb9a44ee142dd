//! Batches: many writes in one request.

use serde::Serialize;
use uuid::Uuid;

use super::account::{NewAccount, NewControls};
use super::exchange::NewExchange;
use super::hold::{NewCapture, NewHold, NewIncrease, NewVoid};
use super::movement::{NewDeposit, NewTransfer, NewWithdrawal};
use super::split::NewSplit;
use crate::records::batch::BatchMode;

/// Up to 1,000 writes in one request. Later ones see earlier ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewBatch {
    /// How the items depend on each other.
    pub mode: BatchMode,
    /// The items, each with an id of its own.
    pub items: Vec<BatchItem>,
}

impl NewBatch {
    /// A batch of these items.
    #[must_use]
    pub fn new(mode: BatchMode, items: Vec<BatchItem>) -> Self {
        Self { mode, items }
    }
}

/// One write of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum BatchItem {
    /// Moves money.
    Transfer(NewTransfer),
    /// Brings money in.
    Deposit(NewDeposit),
    /// Takes money out.
    Withdrawal(NewWithdrawal),
    /// Opens an account.
    Account(NewAccount),
    /// Moves money to many.
    Split(NewSplit),
    /// Reserves money.
    Hold(NewHold),
    /// Reserves more.
    HoldIncrease {
        /// The hold.
        hold_id: Uuid,
        /// How much more.
        #[serde(flatten)]
        increase: NewIncrease,
    },
    /// Pays reserved money.
    Capture {
        /// The hold.
        hold_id: Uuid,
        /// How much of it.
        #[serde(flatten)]
        capture: NewCapture,
    },
    /// Releases reserved money.
    Void {
        /// The hold.
        hold_id: Uuid,
        /// The end of it.
        #[serde(flatten)]
        void: NewVoid,
    },
    /// Changes the controls of an account.
    AccountControls {
        /// The account.
        account_id: Uuid,
        /// The change.
        #[serde(flatten)]
        controls: NewControls,
    },
    /// Uses a quote.
    Exchange(NewExchange),
}

/// Converts each write that needs no other id into an item.
macro_rules! items {
    ($($name:ident($write:ty),)+) => {
        $(impl From<$write> for BatchItem {
            fn from(write: $write) -> Self {
                Self::$name(write)
            }
        })+
    };
}

items! {
    Transfer(NewTransfer),
    Deposit(NewDeposit),
    Withdrawal(NewWithdrawal),
    Account(NewAccount),
    Split(NewSplit),
    Hold(NewHold),
    Exchange(NewExchange),
}
