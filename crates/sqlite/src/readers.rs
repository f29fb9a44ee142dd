//! The connections that read: separate pools for lists, for look-ups and for background work, or
//! one connection with one snapshot.

use std::ops::DerefMut;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, Pool, PoolError};
use diesel::sql_query;
use wallet_domain::StoreError;
use wallet_domain::storage::{Cause, Failure, ReaderPools, ReaderShare};

use crate::connect::{Database, ReaderSession, pool};
use crate::error::failed;
use crate::list_time::{self, LIST_TIME_MAX};

/// From a pool, or the only one of a snapshot.
pub(crate) type Connection = Box<dyn DerefMut<Target = SqliteConnection> + Send>;

/// The connections that read, for [`LedgerQueries`](wallet_domain::LedgerQueries).
pub(crate) struct Readers {
    connections: Connections,
    /// The time limit of a list, if there is one.
    pub(crate) list_time: Option<Duration>,
    database: String,
}

enum Connections {
    Pools(ReaderPools<ReaderPool>),
    Snapshot(Mutex<Snapshot>),
}

type ReaderPool = Pool<ConnectionManager<SqliteConnection>>;

impl Readers {
    /// Reads the latest committed state on each call.
    ///
    /// # Errors
    /// If the file cannot be opened.
    pub(crate) fn new(database: &Database, readers: u32) -> Result<Self, PoolError> {
        let open = |size, wait| {
            pool(size, wait)
                .connection_customizer(Box::new(ReaderSession))
                .build(database.connections())
        };
        let pools = ReaderPools::open(readers, open)?;
        Ok(Self {
            connections: Connections::Pools(pools),
            list_time: Some(LIST_TIME_MAX),
            database: database.path.display().to_string(),
        })
    }

    /// Reads from one snapshot on this connection, for as long as the value lives. It keeps the
    /// file of the copy if the connection leads to one. `list_time` is the time limit of each list,
    /// if there is one.
    ///
    /// # Errors
    /// If the transaction cannot begin.
    pub(crate) fn snapshot(
        mut connection: Connection,
        file: Option<Box<dyn Send>>,
        list_time: Option<Duration>,
        database: String,
    ) -> Result<Self, StoreError> {
        begin(&mut connection).map_err(|error| {
            let database = database.clone();
            failed(database, "begin a snapshot", error.into()).not_committed()
        })?;
        let snapshot = Snapshot {
            connection,
            _file: file,
        };
        Ok(Self {
            connections: Connections::Snapshot(Mutex::new(snapshot)),
            list_time,
            database,
        })
    }

    /// A connection from the pool for lists, for a snapshot.
    ///
    /// # Errors
    /// If all of them are in use.
    pub(crate) fn connection(&self) -> Result<Connection, StoreError> {
        let Connections::Pools(pools) = &self.connections else {
            let cause = "a snapshot has one connection";
            return Err(self
                .failed("begin a snapshot", cause.into())
                .not_committed());
        };
        match pools.get(ReaderShare::Lists).get() {
            Ok(connection) => Ok(Box::new(connection)),
            Err(error) => Err(self
                .failed("get a connection for a snapshot", error.into())
                .not_committed()),
        }
    }

    /// The number of connections in use.
    pub(crate) fn in_use(&self) -> u32 {
        let Connections::Pools(pools) = &self.connections else {
            return 1;
        };
        let states = pools.all().into_iter().map(ReaderPool::state);
        states
            .map(|it| it.connections.saturating_sub(it.idle_connections))
            .sum()
    }

    /// Runs statements that may take long, for example a list or a sum.
    ///
    /// # Errors
    /// The error of SQLite or the pool; [`StoreError::TooSlow`] if their time is up.
    pub(crate) fn read<T>(
        &self,
        action: &'static str,
        statements: impl FnOnce(&mut SqliteConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        self.run(ReaderShare::Lists, action, |connection| {
            match self.list_time {
                Some(time) => list_time::limited(time, || statements(connection)),
                None => statements(connection),
            }
        })
    }

    /// Runs statements that read single rows by key. They never wait for a list.
    ///
    /// # Errors
    /// The error of SQLite or the pool.
    pub(crate) fn look_up<T>(
        &self,
        action: &'static str,
        statements: impl FnOnce(&mut SqliteConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        self.run(ReaderShare::LookUps, action, statements)
    }

    /// Runs statements of the service's own background work. They never wait for a caller.
    ///
    /// # Errors
    /// The error of SQLite or the pool.
    pub(crate) fn read_in_background<T>(
        &self,
        action: &'static str,
        statements: impl FnOnce(&mut SqliteConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        self.run(ReaderShare::Background, action, statements)
    }

    /// The pools, for tests that exhaust them.
    #[cfg(test)]
    pub(crate) fn pools(&self) -> &ReaderPools<ReaderPool> {
        match &self.connections {
            Connections::Pools(pools) => pools,
            Connections::Snapshot(_) => panic!("a snapshot has one connection"),
        }
    }

    fn run<T>(
        &self,
        share: ReaderShare,
        action: &'static str,
        statements: impl FnOnce(&mut SqliteConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        let failed = |source| self.failed(action, source).not_committed();
        match &self.connections {
            Connections::Pools(pools) => {
                let mut connection = pools
                    .get(share)
                    .get()
                    .map_err(|error| failed(error.into()))?;
                statements(&mut connection).map_err(|error| failed(error.into()))
            }
            Connections::Snapshot(snapshot) => {
                let mut snapshot = snapshot.lock().unwrap_or_else(PoisonError::into_inner);
                statements(&mut snapshot.connection).map_err(|error| failed(error.into()))
            }
        }
    }

    fn failed(&self, action: &'static str, source: Cause) -> Failure {
        failed(self.database.clone(), action, source)
    }
}

/// A connection in a transaction that is rolled back in the end. Its fields are dropped in this
/// order.
struct Snapshot {
    connection: Connection,
    /// The file of the copy that it reads, if any. Dropping it removes the file.
    _file: Option<Box<dyn Send>>,
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        let connection: &mut SqliteConnection = &mut self.connection;
        if AnsiTransactionManager::rollback_transaction(connection).is_err() {
            // A pool discards such a connection.
            AnsiTransactionManager::transaction_manager_status_mut(connection).set_in_error();
        }
    }
}

/// The first statement that reads the file takes the snapshot, so there is one.
fn begin(connection: &mut SqliteConnection) -> QueryResult<()> {
    AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN")?;
    // The DSL does not know SQLite's own tables.
    sql_query("SELECT 1 FROM sqlite_schema LIMIT 1").execute(connection)?;
    Ok(())
}
