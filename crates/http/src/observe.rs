//! What operators and their machines see: the log, metrics, traces, and the routes of health.

pub(crate) mod health;
pub(crate) mod log;
pub(crate) mod metrics;
pub(crate) mod trace;
