//! Verifications: proofs of the books.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::values::words::words;

/// A proof of the books as they were at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Verification {
    /// Its id.
    pub id: Uuid,
    /// Its status.
    pub status: VerificationStatus,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// The head of an earlier verification that the books must contain.
    pub expected_head: Option<String>,
    /// The end of the chain that was proved, if it passed. Keep it where the operators of the
    /// ledger have no access.
    pub head: Option<String>,
    /// What is wrong with the books, if it failed.
    pub contradiction: Option<Contradiction>,
    /// How many records were read so far.
    pub progress: VerificationProgress,
}

words! {
    /// The status of a verification.
    VerificationStatus {
        /// It runs.
        Running = "running",
        /// The books are proved.
        Passed = "passed",
        /// The books contradict themselves.
        Failed = "failed",
        /// It did not finish, which says nothing about the books.
        Aborted = "aborted",
    }
}

/// The first contradiction in the books.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Contradiction {
    /// The record that is wrong.
    pub place: String,
    /// What the record says, and what it should say.
    pub finding: String,
}

/// How many records a verification has read so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
#[serde(default)]
pub struct VerificationProgress {
    /// Accounts.
    pub accounts: u64,
    /// Parts of transfers.
    pub parts: u64,
    /// Transfers.
    pub transfers: u64,
    /// Holds that are open.
    pub open_holds: u64,
    /// Links of the chain.
    pub links: u64,
    /// Records that an operator adopted: what they were before is not proved.
    pub adopted: u64,
}
