//! The chain: proves that no record was changed, removed or inserted after it was written.
//!
//! With each batch a store writes one [`ChainLink`]: which records the batch wrote, a digest of
//! each, and a hash over them and the previous link. Anyone who changes the past has to rewrite
//! every later link, and then the end of the chain differs from the [`ChainHead`] that was
//! published before. A link costs its batch one row; each transfer adds only 33 bytes.
//!
//! Writers that do not wait for each other cannot share one chain. So there are [lanes](Lane):
//! while it writes, each writer continues a lane of its own. The key of a link, its lane and
//! number, prevents two writers from continuing the same lane.
//!
//! The chain contains accounts as they were opened, transfers with their parts, rates, quotes as
//! they were created, currencies, API keys as they were created, and the actions of operators
//! ([`OperatorAction`](crate::OperatorAction)). None of these ever change. Everything that does
//! change follows from them, and [`verify`](crate::verify()) recomputes it: balances, holds,
//! reversed amounts, metadata, revocations.
//!
//! Keys are created and revoked outside the service, by another process. Their links are in a
//! separate lane, [`KEYS_LANE`], which no writer of batches continues; so are the links of
//! [adopted](crate::adopt()) records.

mod append;
mod digest;
mod head;
mod lanes;

pub(crate) use digest::{
    account_entry, action_entry, currency_entry, key_entry, quote_entry, rate_entry, transfer_entry,
};
pub use head::{ChainHead, ParseHeadError};
pub use lanes::Lanes;

#[cfg(test)]
mod tests;
