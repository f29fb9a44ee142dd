//! Which lane a writer continues.

use std::sync::{Mutex, PoisonError};

use crate::records::{ChainEnd, KEYS_LANE, Lane};

/// The lanes that nobody in this process writes to at the moment.
#[derive(Debug, Default)]
pub struct Lanes(Mutex<Vec<ChainEnd>>);

impl Lanes {
    /// With the ends of lanes that other processes have left, or may have: whoever continues a lane that somebody else
    /// continues is told by the key of its link, and takes another lane. The lane of keys is never
    /// among them.
    #[must_use]
    pub fn new(mut ends: Vec<ChainEnd>) -> Self {
        ends.retain(|end| end.lane != KEYS_LANE);
        Self(Mutex::new(ends))
    }

    /// The end of a lane for one batch; a new lane where there is none.
    ///
    /// It is to be [given back](Self::give_back): as it is now if nothing was written, as the batch's link leaves it if
    /// it was. It must not be where that is not known, or where somebody else was found to continue it.
    pub fn take(&self, new: impl FnOnce() -> Lane) -> ChainEnd {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        free.pop().unwrap_or_else(|| ChainEnd::start(new()))
    }

    /// Where a lane ends now.
    pub fn give_back(&self, end: ChainEnd) {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        free.push(end);
    }
}
