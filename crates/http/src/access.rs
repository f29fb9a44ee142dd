//! Who may send a request: keys, tokens, what a route needs of them, and the guard of a service
//! without keys.

pub(crate) mod allowance;
pub(crate) mod authenticator;
pub(crate) mod guard;
pub(crate) mod host_name;
mod keys;
pub(crate) mod need;
pub(crate) mod tokens;
