//! Audit: everything that reads a whole ledger. Proofs, copies, adoptions, periods and statements.

mod adopt;
mod copy;
mod period;
mod statement;
mod verify;
pub(crate) mod walk;

pub use adopt::{ADOPTED_MAX, Unrecorded, adopt, digest, unrecorded};
pub use copy::{Copied, CopyError, copy};
pub use period::Period;
pub use statement::Statement;
pub use verify::{Contradiction, Sums, Verified, VerifyError, verify};
