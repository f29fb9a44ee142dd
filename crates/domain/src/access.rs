//! Access: tokens, and what their holders are allowed to do.
//!
//! A key is displayed once, as a [`Token`]; the ledger stores only its hash. Every request has a
//! [`Caller`], however the caller was authenticated. Adapters decide how a token is transmitted and
//! which scope each operation needs.

mod caller;
mod token;

pub use caller::{Caller, Denied};
pub use token::{TOKEN_BYTES, Token};

#[cfg(test)]
mod tests;
