//! The steps of a transaction, and how an attempt ends in one of them.

use crate::records::ChainEnd;

/// A step of a transaction.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// A description for the log.
    pub action: &'static str,
    /// Whether a success of this step is durable.
    pub commits: bool,
}

/// Why an attempt ended, and in which step.
#[derive(Debug)]
pub struct Aborted<E> {
    /// The step that failed.
    pub step: Step,
    /// The error of the database.
    pub error: E,
    /// The end of the lane that the batch was to continue.
    pub lane: Option<ChainEnd>,
}

impl Step {
    /// Before anything is read.
    pub const BEGIN: Self = Self::new("begin a transaction", false);
    /// Reads what was asked for.
    pub const READ: Self = Self::new("read what a batch needs", false);
    /// Writes what was decided.
    pub const WRITE: Self = Self::new("write a batch", false);
    /// Commits what was written.
    pub const COMMIT: Self = Self::new("commit a batch", true);
    /// Both in one statement.
    pub const WRITE_AND_COMMIT: Self = Self::new("write a batch and commit it", true);

    const fn new(action: &'static str, commits: bool) -> Self {
        Self { action, commits }
    }

    /// Turns an error of this step into the end of the attempt.
    pub fn aborted<E>(self, lane: Option<ChainEnd>) -> impl FnOnce(E) -> Aborted<E> {
        move |error| Aborted {
            step: self,
            error,
            lane,
        }
    }
}
