//! Where reads go: each to a connection of the pool, or all of them to one connection that looks at
//! one moment.

use std::ops::DerefMut;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::prelude::*;
use diesel::sql_query;
use wallet_domain::{ReaderShares, StoreError};

use crate::connect::PgPool;
use crate::error::{Cause, ConnectError, Failed, is_statement_timeout};
use crate::options::PostgresOptions;

/// How long a list waits for a connection: those who use all of them may be slow.
const LIST_WAIT: Duration = Duration::from_millis(250);

/// How long a look-up waits for a connection: long enough to make a new one.
const LOOK_UP_WAIT: Duration = Duration::from_secs(1);

/// Of a pool, or of the snapshot alone.
pub(crate) type Connection = Box<dyn DerefMut<Target = PgConnection> + Send>;

/// The connections that read, for [`LedgerQueries`](wallet_domain::LedgerQueries).
pub(crate) struct Readers {
    connections: Connections,
    database: String,
}

enum Connections {
    Pools(Pools),
    Snapshot(Mutex<Snapshot>),
}

/// See [`ReaderShares`].
struct Pools {
    lists: PgPool,
    look_ups: PgPool,
    /// Looks for holds that have expired, whatever callers do.
    own: PgPool,
}

impl Readers {
    /// Reads as of now, whenever it is asked.
    ///
    /// # Errors
    /// Where a pool cannot be made.
    pub(crate) fn new(options: &PostgresOptions) -> Result<Self, ConnectError> {
        let shares = ReaderShares::new(options.readers as usize);
        let pool = |share, wait| {
            let size = u32::try_from(share).unwrap_or(u32::MAX);
            options.reader_pool(size, wait)
        };
        let pools = Pools {
            lists: pool(shares.lists, LIST_WAIT)?,
            look_ups: pool(shares.look_ups, LOOK_UP_WAIT)?,
            own: pool(shares.own, LOOK_UP_WAIT)?,
        };
        Ok(Self {
            connections: Connections::Pools(pools),
            database: options.database(),
        })
    }

    /// Reads on this connection as of now, for as long as the value lives.
    ///
    /// # Errors
    /// Where the transaction cannot be begun.
    pub(crate) fn snapshot(
        mut connection: Connection,
        database: String,
    ) -> Result<Self, StoreError> {
        begin(&mut connection).map_err(|error| {
            let database = database.clone();
            failed(database, "begin a snapshot", error.into()).not_committed()
        })?;
        Ok(Self {
            connections: Connections::Snapshot(Mutex::new(Snapshot(connection))),
            database,
        })
    }

    /// A connection of those for lists, for a snapshot.
    ///
    /// # Errors
    /// Where all of them are in use, or none can be made.
    pub(crate) fn connection(&self) -> Result<Connection, StoreError> {
        let Connections::Pools(pools) = &self.connections else {
            let cause = "a snapshot has one connection";
            return Err(self
                .failed("begin a snapshot", cause.into())
                .not_committed());
        };
        match pools.lists.get() {
            Ok(connection) => Ok(Box::new(connection)),
            Err(error) => Err(self
                .failed("get a connection for a snapshot", error.into())
                .not_committed()),
        }
    }

    /// How many connections are in use.
    pub(crate) fn in_use(&self) -> u32 {
        let Connections::Pools(pools) = &self.connections else {
            return 1;
        };
        let pools = [&pools.lists, &pools.look_ups, &pools.own].into_iter();
        let states = pools.map(PgPool::state);
        states
            .map(|it| it.connections.saturating_sub(it.idle_connections))
            .sum()
    }

    /// Runs statements that may take long: a list, a sum.
    ///
    /// # Errors
    /// What the database or the pool says; [`StoreError::TooSlow`] where the server ended a statement.
    pub(crate) fn read<T>(
        &self,
        action: &'static str,
        statements: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        self.on(|pools| &pools.lists, action, statements)
            .map_err(too_slow)
    }

    /// Runs statements that read single rows by their keys, and wait for no list.
    ///
    /// # Errors
    /// What the database or the pool says.
    pub(crate) fn look_up<T>(
        &self,
        action: &'static str,
        statements: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        self.on(|pools| &pools.look_ups, action, statements)
    }

    /// Runs statements for the service itself, which wait for no caller.
    ///
    /// # Errors
    /// What the database or the pool says.
    pub(crate) fn read_in_background<T>(
        &self,
        action: &'static str,
        statements: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        self.on(|pools| &pools.own, action, statements)
    }

    fn on<T>(
        &self,
        pool: impl FnOnce(&Pools) -> &PgPool,
        action: &'static str,
        statements: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        let failed = |source| self.failed(action, source).not_committed();
        match &self.connections {
            Connections::Pools(pools) => {
                let mut connection = pool(pools).get().map_err(|error| failed(error.into()))?;
                statements(&mut connection).map_err(|error| failed(error.into()))
            }
            Connections::Snapshot(snapshot) => {
                // A statement that failed has ended the transaction: the next one says so.
                let mut snapshot = snapshot.lock().unwrap_or_else(PoisonError::into_inner);
                statements(&mut snapshot.0).map_err(|error| failed(error.into()))
            }
        }
    }

    fn failed(&self, action: &'static str, source: Cause) -> Failed {
        failed(self.database.clone(), action, source)
    }
}

/// Whether statements on this connection see one moment already.
///
/// # Errors
/// Where the connection is broken.
pub(crate) fn is_in_transaction(connection: &mut PgConnection) -> QueryResult<bool> {
    let status = AnsiTransactionManager::transaction_manager_status_mut(connection);
    Ok(status.transaction_depth()?.is_some())
}

/// A connection in a transaction that is given up in the end.
struct Snapshot(Connection);

impl Drop for Snapshot {
    fn drop(&mut self) {
        let connection: &mut PgConnection = &mut self.0;
        if AnsiTransactionManager::rollback_transaction(connection).is_err() {
            // A pool throws such a connection away.
            AnsiTransactionManager::transaction_manager_status_mut(connection).set_in_error();
        }
    }
}

/// The moment is that of the first statement, so there is one.
fn begin(connection: &mut PgConnection) -> QueryResult<()> {
    let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    AnsiTransactionManager::begin_transaction_sql(connection, begin)?;
    sql_query("SELECT 1").execute(connection)?;
    Ok(())
}

fn failed(database: String, action: &'static str, source: Cause) -> Failed {
    Failed {
        database,
        action,
        source,
    }
}

/// What the failure of a list means: one that the server ended would be ended again.
fn too_slow(error: StoreError) -> StoreError {
    match error {
        StoreError::Unavailable(cause) if is_statement_timeout(&*cause) => {
            StoreError::TooSlow(cause)
        }
        other => other,
    }
}
