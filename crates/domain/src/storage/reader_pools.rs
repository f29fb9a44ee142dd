//! The pools of connections that read.

use std::time::Duration;

use crate::ports::ReaderShares;

/// How long a list waits for a connection. The lists that use all of them may be slow.
const LIST_WAIT: Duration = Duration::from_millis(250);

/// How long a look-up waits for a connection: long enough to open a new one.
const LOOK_UP_WAIT: Duration = Duration::from_secs(1);

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReaderShare {
    /// Lists, which may be slow.
    Lists,
    /// Look-ups of single rows.
    LookUps,
    /// Finding expired holds, whatever the load from callers.
    Background,
}

/// A pool for each of the [`ReaderShares`].
#[derive(Clone, Debug)]
pub struct ReaderPools<P> {
    lists: P,
    look_ups: P,
    background: P,
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
            background: open(shares.background, LOOK_UP_WAIT)?,
        })
    }

    /// The pool of a share.
    pub fn get(&self, share: ReaderShare) -> &P {
        match share {
            ReaderShare::Lists => &self.lists,
            ReaderShare::LookUps => &self.look_ups,
            ReaderShare::Background => &self.background,
        }
    }

    /// All of them.
    pub fn all(&self) -> [&P; 3] {
        [&self.lists, &self.look_ups, &self.background]
    }
}
