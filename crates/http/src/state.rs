//! What the process keeps: options, certificate, application state, health, verifications.

pub(crate) mod app_state;
pub(crate) mod health;
pub(crate) mod options;
pub(crate) mod tls;
pub(crate) mod verifications;
