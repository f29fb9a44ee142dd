//! Shared test support: an in-memory store, short ways to write commands, and the contract that
//! every store keeps.
//!
//! The feature `testing` enables this module. The contract is written once, in [`contract`], and
//! every store runs it, including the in-memory one, so that the fake behaves like the real stores:
//!
//! ```
//! # use wallet_domain::testing::InMemoryStore;
//! wallet_domain::store_contract!(|| (InMemoryStore::new(), ()));
//! ```

pub mod contract;
pub mod fixtures;
mod in_memory;
pub mod large;
pub mod reads;
pub mod writes;

pub use in_memory::InMemoryStore;
