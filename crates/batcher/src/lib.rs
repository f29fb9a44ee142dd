#![doc = include_str!("../README.md")]

mod batcher;
mod limits;
mod queue;
mod writer;

pub use batcher::Batcher;
pub use limits::{BATCH_MAX, Limits};

#[cfg(test)]
mod tests;
