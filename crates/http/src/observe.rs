//! What operators and their tools see: the log, metrics, traces, and the health routes.

pub(crate) mod health;
pub(crate) mod log;
pub(crate) mod metrics;
pub(crate) mod trace;
