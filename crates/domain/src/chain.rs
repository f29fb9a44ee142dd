//! The chain: what proves that nothing was changed, taken out or slipped in since it was written.
//!
//! With each batch a store keeps one [`ChainLink`]: which records the batch wrote, a digest of each, and a hash over
//! them and the link before. Whoever changes the past has to rewrite every link after it, and then the end of the chain is
//! another one than the [`ChainHead`] that was published before. A link costs its batch one row; a transfer has no part in
//! it but 33 bytes.
//!
//! Writers that do not wait for each other cannot share one chain. So there are [lanes](Lane): each writer continues one
//! of its own while it writes. The key of a link, its lane and number, keeps two writers from continuing the same.
//!
//! It contains accounts as they were opened, transfers with their parts, rates, quotes as they were
//! made, currencies, keys of the API as they were made, and what operators did
//! ([`OperatorAction`](crate::OperatorAction)). None of these ever change. What does change follows
//! from them, and [`verify`](crate::verify()) recomputes it: balances, holds, what was taken back,
//! metadata, revocations.
//!
//! Keys are made and revoked beside the service, by another process. Their links are in a lane of
//! their own, [`KEYS_LANE`], which no writer of batches continues; so are those of what was
//! [adopted](crate::adopt()).

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
