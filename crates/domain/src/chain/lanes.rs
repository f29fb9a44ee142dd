//! Chooses the lane that a writer continues.

use std::sync::{Mutex, PoisonError};

use crate::records::{ChainEnd, KEYS_LANE, Lane};

/// The lanes that no writer of this process continues at the moment.
#[derive(Debug, Default)]
pub struct Lanes(Mutex<Vec<ChainEnd>>);

impl Lanes {
    /// Starts with the ends of lanes that other processes have left, or may have. A writer that
    /// continues a lane which another process continues violates the key of the link, and takes
    /// another lane. The lane of keys is never among them.
    #[must_use]
    pub fn new(mut ends: Vec<ChainEnd>) -> Self {
        ends.retain(|end| end.lane != KEYS_LANE);
        Self(Mutex::new(ends))
    }

    /// Takes the end of a lane for one batch, or starts a new lane if none is free.
    ///
    /// [Give it back](Self::give_back) afterwards: unchanged if nothing was written, or as the
    /// batch's link leaves it. Do not give it back if the result is unknown, or if another process
    /// continues the lane.
    pub fn take(&self, new: impl FnOnce() -> Lane) -> ChainEnd {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        free.pop().unwrap_or_else(|| ChainEnd::start(new()))
    }

    /// Returns a lane, with its current end.
    pub fn give_back(&self, end: ChainEnd) {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        free.push(end);
    }
}
