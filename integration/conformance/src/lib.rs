//! Checks HTTP responses against the OpenAPI document that promises them.
//!
//! The test clients get every answer from here, whatever the test is about, because only a judge
//! makes an [`Answer`]. So any test that receives an undocumented response finds it.
//!
//! - [`Contract`] judges: status, media type, headers, body and code.
//! - [`Conversation`] finds the answers in the bytes of a connection, and the request of each.
//! - Where the document has no operation, the rules in `elsewhere.rs` judge.

mod answer;
mod contract;
mod conversation;
mod elsewhere;
mod reading;
mod seen;
#[cfg(test)]
mod tests;

pub use answer::{Answer, Asked, Received};
pub use contract::Contract;
pub use conversation::Conversation;
pub use seen::Promise;
