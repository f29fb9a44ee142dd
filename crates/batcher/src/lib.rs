#![doc = include_str!("../README.md")]

mod admission;
mod batcher;
mod culprit;
mod lane;
mod limits;
mod observer;
mod queue;
mod settlement;
mod shares;
mod spans;
mod ticket;
mod writer;

pub use batcher::Batcher;
pub use limits::{BATCH_MAX, Limits};
pub use observer::Observer;

#[cfg(test)]
mod tests;
