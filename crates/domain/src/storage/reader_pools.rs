//! The pools of connections that read.

use std::time::Duration;

use crate::ports::ReaderShares;

/// How long a list waits for a connection. The lists that use all of them may be slow.
const LIST_WAIT: Duration = Duration::from_millis(250);

/// How long a look-up waits for a connection: long enough to open a new one.
const LOOK_UP_WAIT: Duration = Duration::from_secs(1);

/// A pool for each of the [`ReaderShares`].
#[derive(Clone, Debug)]
pub struct ReaderPools<P> {
    /// For lists, which may be slow.
    pub lists: P,
    /// For look-ups of single rows.
    pub look_ups: P,
    /// Finds expired holds, whatever the load from callers.
    pub background: P,
}

impl<P> ReaderPools<P> {
    /// Opens the pools for this many readers. `open` gets the size of a pool and how long it waits
    /// for a connection.
    ///
    /// # Errors
    /// The error of `open`.
    pub fn open<E>(readers: u32, open: impl Fn(u32, Duration) -> Result<P, E>) -> Result<Self, E> {
        let shares = ReaderShares::new(readers as usize);
        let open = |share, wait| open(u32::try_from(share).unwrap_or(u32::MAX), wait);
        Ok(Self {
            lists: open(shares.lists, LIST_WAIT)?,
            look_ups: open(shares.look_ups, LOOK_UP_WAIT)?,
            background: open(shares.own, LOOK_UP_WAIT)?,
        })
    }

    /// All of them.
    pub fn all(&self) -> [&P; 3] {
        [&self.lists, &self.look_ups, &self.background]
    }
}
