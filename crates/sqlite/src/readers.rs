//! The connections that read: those of lists, those of look-ups, and one for the service itself.

use std::time::Duration;

use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, Pool, PoolError};
use wallet_domain::ReaderShares;

use crate::connect::{Database, Reading};
use crate::store::pool;

/// How long a list waits for a connection: those who use all of them may be slow.
const LIST_WAIT: Duration = Duration::from_millis(250);

/// How long a look-up waits for a connection.
const LOOK_UP_WAIT: Duration = Duration::from_secs(1);

type Connections = Pool<ConnectionManager<SqliteConnection>>;

/// See [`ReaderShares`].
pub(crate) struct Readers {
    pub(crate) lists: Connections,
    pub(crate) look_ups: Connections,
    /// Looks for holds that have expired, whatever callers do.
    pub(crate) own: Connections,
}

impl Readers {
    pub(crate) fn open(database: &Database, readers: u32) -> Result<Self, PoolError> {
        let shares = ReaderShares::new(readers as usize);
        let open = |share, wait| {
            pool(u32::try_from(share).unwrap_or(u32::MAX), wait)
                .connection_customizer(Box::new(Reading))
                .build(database.connections())
        };
        Ok(Self {
            lists: open(shares.lists, LIST_WAIT)?,
            look_ups: open(shares.look_ups, LOOK_UP_WAIT)?,
            own: open(shares.own, LOOK_UP_WAIT)?,
        })
    }

    /// How many connections are in use.
    pub(crate) fn in_use(&self) -> u32 {
        let pools = [&self.lists, &self.look_ups, &self.own].into_iter();
        let states = pools.map(Connections::state);
        states
            .map(|it| it.connections.saturating_sub(it.idle_connections))
            .sum()
    }
}
