//! Storage: what every store would otherwise write itself. It is for adapters, and knows no
//! database.
//!
//! | file | holds |
//! |---|---|
//! | `storage/commits.rs` | the number of commits and their time |
//! | `storage/currency_cache.rs` | the currencies that a store has seen |

mod commits;
mod currency_cache;

pub use commits::Commits;
pub use currency_cache::CurrencyCache;
