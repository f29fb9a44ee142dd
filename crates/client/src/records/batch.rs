//! The outcome of a batch.

use serde::Deserialize;
use serde_json::Value;

use super::account::Account;
use super::transfer::Transfer;
use crate::errors::problem::Problem;
use crate::values::words::words;

/// The outcome of a batch.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct BatchOutcome {
    /// How the items depended on each other.
    pub mode: BatchMode,
    /// One outcome for each item, in order.
    pub items: Vec<ItemOutcome>,
    /// The index of the first item that was refused, counted from 0.
    pub failed_index: Option<usize>,
}

impl BatchOutcome {
    /// The outcome of an atomic batch that was refused (`batch_refused`): no item was applied.
    /// `None` for another problem.
    #[must_use]
    pub fn from_problem(problem: &Problem) -> Option<Self> {
        serde_json::from_value(Value::Object(problem.members.clone())).ok()
    }
}

words! {
    /// How the items of a batch depend on each other.
    BatchMode {
        /// All are applied, or none.
        Atomic = "atomic",
        /// Each is applied on its own.
        Independent = "independent",
    }
}

/// The outcome of one item.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct ItemOutcome {
    /// Its place in the batch, counted from 0.
    pub index: usize,
    /// Its status.
    pub status: ItemStatus,
    /// The account that it opened, as it was then.
    pub account: Option<Account>,
    /// The transfer that it created, or that records its change.
    pub transfer: Option<Transfer>,
    /// Why it was refused.
    pub error: Option<Problem>,
}

words! {
    /// The status of one item.
    ItemStatus {
        /// It was applied.
        Created = "created",
        /// The same item had been applied before.
        Replayed = "replayed",
        /// It was refused.
        Rejected = "rejected",
        /// It was not applied, because another item of the atomic batch was refused.
        NotApplied = "not_applied",
    }
}
