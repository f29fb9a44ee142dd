#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]

mod body;
mod classic;
mod error;
mod limits;
mod log;
mod ports;
mod routes;
mod server;

pub use limits::HttpOptions;
pub use server::HttpServer;

#[cfg(test)]
mod tests;
