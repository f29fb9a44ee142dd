//! Transport: sends requests, retries them, and reads answers.

pub(crate) mod attempt;
pub(crate) mod attempts;
pub(crate) mod options;
pub(crate) mod request;
pub(crate) mod retry;
pub(crate) mod tls;
