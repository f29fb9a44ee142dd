//! Checks HTTP responses against the OpenAPI document that promises them.
//!
//! Only this crate creates an [`Answer`], so test clients read no response that was not checked.
//! Any test that receives an undocumented response fails.
//!
//! - [`Contract`] checks the status, media type, headers, body and code.
//! - [`Conversation`] finds the answers in the bytes of a connection, and the request of each.
//! - The rules in `elsewhere.rs` apply where the document has no operation.

mod answer;
mod contract;
mod conversation;
mod elsewhere;
mod judge;
mod reading;
mod seen;
#[cfg(test)]
mod tests;

pub use answer::{Answer, Asked, Received};
pub use contract::Contract;
pub use conversation::Conversation;
pub use seen::Promise;
