//! The connections that read: those of lists, those of look-ups, and one for the service itself.

use std::time::Duration;

use wallet_domain::{ReaderShares, StoreError};

use crate::connect::{PgPool, PostgresOptions};
use crate::error::{ConnectError, is_statement_timeout};

/// How long a list waits for a connection: those who use all of them may be slow.
const LIST_WAIT: Duration = Duration::from_millis(250);

/// How long a look-up waits for a connection: long enough to make a new one.
const LOOK_UP_WAIT: Duration = Duration::from_secs(1);

/// See [`ReaderShares`].
pub(crate) struct Readers {
    pub(crate) lists: PgPool,
    pub(crate) look_ups: PgPool,
    /// Looks for holds that have expired, whatever callers do.
    pub(crate) own: PgPool,
}

impl Readers {
    pub(crate) fn new(options: &PostgresOptions) -> Result<Self, ConnectError> {
        let shares = ReaderShares::new(options.readers as usize);
        let pool = |share, wait| {
            let size = u32::try_from(share).unwrap_or(u32::MAX);
            options.reader_pool(size, wait)
        };
        Ok(Self {
            lists: pool(shares.lists, LIST_WAIT)?,
            look_ups: pool(shares.look_ups, LOOK_UP_WAIT)?,
            own: pool(shares.own, LOOK_UP_WAIT)?,
        })
    }

    /// How many connections are in use.
    pub(crate) fn in_use(&self) -> u32 {
        let pools = [&self.lists, &self.look_ups, &self.own].into_iter();
        let states = pools.map(PgPool::state);
        states
            .map(|it| it.connections.saturating_sub(it.idle_connections))
            .sum()
    }
}

/// What the failure of a list means: one that the server ended would be ended again.
pub(crate) fn too_slow(error: StoreError) -> StoreError {
    match error {
        StoreError::Unavailable(cause) if is_statement_timeout(&*cause) => {
            StoreError::TooSlow(cause)
        }
        other => other,
    }
}
