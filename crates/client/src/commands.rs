//! Commands: what you ask for. Each has its id from the moment when it is made, so that it can be
//! kept before it is sent, and sent again.

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
