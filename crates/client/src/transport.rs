//! Transport: how a request becomes an answer.

pub(crate) mod attempt;
pub(crate) mod attempts;
pub(crate) mod options;
pub(crate) mod request;
pub(crate) mod retry;
pub(crate) mod tls;
