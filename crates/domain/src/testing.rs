//! What tests of the ledger share: a store in memory, short ways to write commands, and the contract
//! that every store keeps.
//!
//! The feature `testing` switches this module on. The contract is written once, in [`contract`], and run
//! by every store, the one in memory included, so that the fake cannot lie:
//!
//! ```
//! # use wallet_domain::testing::InMemoryStore;
//! wallet_domain::store_contract!(|| (InMemoryStore::new(), ()));
//! ```

pub mod contract;
pub mod fixtures;
mod in_memory;
pub mod reads;

pub use in_memory::InMemoryStore;
