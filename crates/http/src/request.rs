//! What every route needs to read a request and to refuse it. This floor uses no other.

pub(crate) mod blocked;
pub(crate) mod body;
pub(crate) mod bounded_reads;
pub(crate) mod error;
pub(crate) mod headers;
pub(crate) mod redacted;
pub(crate) mod request_id;
pub(crate) mod throttle;
pub(crate) mod time;
