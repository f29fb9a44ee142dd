//! The record of a verification, as the process keeps it.

use uuid::Uuid;
use wallet_domain::{ChainHead, Contradiction, Timestamp, Verified};

/// A proof of the books, running or ended.
#[derive(Clone, Debug)]
pub(crate) struct Verification {
    pub(crate) id: Uuid,
    /// The head that the books must contain; may be empty.
    pub(crate) expected_head: ChainHead,
    pub(crate) started_at: Timestamp,
    pub(crate) finished_at: Option<Timestamp>,
    /// How much was read so far.
    pub(crate) progress: Progress,
    pub(crate) status: Status,
}

/// How many records were read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Progress {
    pub(crate) accounts: u64,
    pub(crate) parts: u64,
    pub(crate) transfers: u64,
    pub(crate) open_holds: u64,
    pub(crate) links: u64,
    pub(crate) adopted: u64,
}

/// The state of a verification.
#[derive(Clone, Debug)]
pub(crate) enum Status {
    Running,
    /// The books are proved; their chain ends here.
    Passed(ChainHead),
    /// Something in the books is wrong.
    Failed(Contradiction),
    /// It did not complete, which says nothing about the books. The log has the cause.
    Aborted,
}

impl Status {
    /// Every text that [`as_str`](Self::as_str) returns for a verification that has ended.
    pub(crate) const ENDED: [&str; 3] = ["passed", "failed", "aborted"];

    /// The stable text for it.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Passed(_) => "passed",
            Self::Failed(_) => "failed",
            Self::Aborted => "aborted",
        }
    }
}

impl From<&Verified> for Progress {
    fn from(so_far: &Verified) -> Self {
        Self {
            accounts: so_far.accounts,
            parts: so_far.parts,
            transfers: so_far.transfers,
            open_holds: so_far.open_holds,
            links: so_far.links,
            adopted: so_far.adopted,
        }
    }
}
