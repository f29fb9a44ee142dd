#![doc = include_str!("../README.md")]

mod batcher;
mod limits;
mod observer;
mod queue;
mod room;
mod spans;
mod writer;

pub use batcher::Batcher;
pub use limits::{BATCH_MAX, Limits};
pub use observer::Observer;

#[cfg(test)]
mod tests;
