//! Storage: what every store would otherwise write itself. It is for adapters, and knows no
//! database.
//!
//! | file | holds |
//! |---|---|
//! | `storage/attempt.rs` | the steps of a transaction |
//! | `storage/commits.rs` | the number of commits and their time |
//! | `storage/currency_cache.rs` | the currencies that a store has seen |
//! | `storage/damaged.rs` | the error of a damaged row |
//! | `storage/failure.rs` | what a failure means for the writes |
//! | `storage/hold_list.rs` | the plan of a list of holds |
//! | `storage/numbers.rs` | enums, which are stored as numbers |
//! | `storage/quote_list.rs` | the plan of a list of quotes |
//! | `storage/reader_pools.rs` | the pools of connections that read |
//! | `storage/transfer_list.rs` | the plan of a list of transfers |
//! | `storage/transfers.rs` | transfers from their columns |
//! | `storage/values.rs` | ids, texts and limits as stored |

mod attempt;
mod commits;
mod currency_cache;
mod damaged;
mod failure;
mod hold_list;
mod numbers;
mod quote_list;
mod reader_pools;
mod transfer_list;
mod transfers;
mod values;

pub use attempt::{Aborted, Step};
pub use commits::Commits;
pub use currency_cache::CurrencyCache;
pub use damaged::Damaged;
pub use failure::{Cause, Failure, FailureKind};
pub use hold_list::HoldWalk;
pub use numbers::Numbered;
pub use quote_list::created_after;
pub use reader_pools::{ReaderPools, ReaderShare};
pub use transfer_list::{SELECTIVE_MAX, Shared, TransferWalk, start_after};
pub use transfers::{HoldColumns, SideColumns, TransferColumns};
pub use values::{
    StoredVelocityLimit, account_id, actor, checked_action, key_accounts, quote_id, rate_id,
    scopes, short_text, stored_key_accounts, stored_scopes, stored_velocity_limits, transfer_id,
    velocity_limits,
};
