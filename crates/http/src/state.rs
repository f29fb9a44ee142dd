//! What the process is started with and keeps: options, certificate, state of the application.

pub(crate) mod app_state;
pub(crate) mod health;
pub(crate) mod options;
pub(crate) mod tls;
pub(crate) mod verifications;
