//! Access: tokens, and what their holders are allowed to do.
//!
//! A key is shown once, as a [`Token`]; the ledger stores its hash. A request is made by a
//! [`Caller`], however the caller was authenticated. Adapters add how a token travels and which
//! scope each operation needs.

mod caller;
mod token;

pub use caller::{Caller, Denied};
pub use token::{TOKEN_BYTES, Token};

#[cfg(test)]
mod tests;
