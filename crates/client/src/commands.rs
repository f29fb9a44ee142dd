//! Commands: what you send. Each gets its id when you create it, so that you can store it before
//! you send it, and send it again.

pub(crate) mod account;
pub(crate) mod batch;
pub(crate) mod currency;
pub(crate) mod details;
pub(crate) mod exchange;
pub(crate) mod fee;
pub(crate) mod hold;
pub(crate) mod movement;
pub(crate) mod split;
pub(crate) mod verification;
