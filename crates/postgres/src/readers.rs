//! The connections that read: separate pools for lists, for look-ups and for background work, or
//! one connection with one snapshot.

use std::ops::DerefMut;
use std::sync::{Arc, Mutex, PoisonError};

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::prelude::*;
use wallet_domain::StoreError;
use wallet_domain::storage::{Cause, Failure, ReaderPools, ReaderShare};

use crate::connect::PgPool;
use crate::error::{ConnectError, failed, is_statement_timeout};
use crate::options::PostgresOptions;

/// From a pool, or the only one of a snapshot.
pub(crate) type Connection = Box<dyn DerefMut<Target = PgConnection> + Send>;

/// The connections that read, for [`LedgerQueries`](wallet_domain::LedgerQueries).
pub(crate) struct Readers {
    connections: Connections,
    database: String,
}

enum Connections {
    Pools(ReaderPools<PgPool>),
    Snapshot(Mutex<Snapshot>),
}

impl Readers {
    /// Reads the latest committed state on each call.
    ///
    /// # Errors
    /// If a pool cannot be made.
    pub(crate) fn new(options: &PostgresOptions) -> Result<Self, ConnectError> {
        let open = |size, wait| options.reader_pool(size, wait);
        let pools = ReaderPools::open(options.readers, open)?;
        Ok(Self {
            connections: Connections::Pools(pools),
            database: options.database(),
        })
    }

    /// Reads from one snapshot on this connection, for as long as the value lives.
    ///
    /// # Errors
    /// If the transaction cannot begin.
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

    /// A connection from the pool for lists, for a snapshot.
    ///
    /// # Errors
    /// If all of them are in use, or none can be opened.
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
        let states = pools.all().into_iter().map(PgPool::state);
        states
            .map(|it| it.connections.saturating_sub(it.idle_connections))
            .sum()
    }

    /// Runs statements that may take long, for example a list or a sum.
    ///
    /// # Errors
    /// The error of the database or the pool; [`StoreError::TooSlow`] if the server ended a
    /// statement.
    pub(crate) fn read<T>(
        &self,
        action: &'static str,
        statements: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        self.run(ReaderShare::Lists, action, statements)
    }

    /// Runs statements that read single rows by key. They never wait for a list.
    ///
    /// # Errors
    /// The error of the database or the pool.
    pub(crate) fn look_up<T>(
        &self,
        action: &'static str,
        statements: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        self.run(ReaderShare::LookUps, action, statements)
    }

    /// Runs statements of the service's own background work. They never wait for a caller.
    ///
    /// # Errors
    /// The error of the database or the pool.
    pub(crate) fn read_in_background<T>(
        &self,
        action: &'static str,
        statements: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        self.run(ReaderShare::Background, action, statements)
    }

    fn run<T>(
        &self,
        share: ReaderShare,
        action: &'static str,
        statements: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        // If the server ended a list because it took too long, it would do so again.
        let failed = |error| match share == ReaderShare::Lists && is_statement_timeout(&error) {
            true => StoreError::TooSlow(Arc::new(self.failed(action, error.into()))),
            false => self.failed(action, error.into()).not_committed(),
        };
        match &self.connections {
            Connections::Pools(pools) => {
                let connection = pools.get(share).get();
                let mut connection = connection
                    .map_err(|error| self.failed(action, error.into()).not_committed())?;
                statements(&mut connection).map_err(failed)
            }
            Connections::Snapshot(snapshot) => {
                // A failed statement has aborted the transaction, and the next one reports it.
                let mut snapshot = snapshot.lock().unwrap_or_else(PoisonError::into_inner);
                statements(&mut snapshot.0).map_err(failed)
            }
        }
    }

    fn failed(&self, action: &'static str, source: Cause) -> Failure {
        failed(self.database.clone(), action, source)
    }
}

/// Whether the statements on this connection already share one snapshot.
///
/// # Errors
/// If the connection is broken.
pub(crate) fn is_in_transaction(connection: &mut PgConnection) -> QueryResult<bool> {
    let status = AnsiTransactionManager::transaction_manager_status_mut(connection);
    Ok(status.transaction_depth()?.is_some())
}

/// A connection in a transaction that is rolled back in the end.
struct Snapshot(Connection);

impl Drop for Snapshot {
    fn drop(&mut self) {
        let connection: &mut PgConnection = &mut self.0;
        if AnsiTransactionManager::rollback_transaction(connection).is_err() {
            // A pool discards such a connection.
            AnsiTransactionManager::transaction_manager_status_mut(connection).set_in_error();
        }
    }
}

/// The first statement takes the snapshot, so there is one, in the same round trip.
fn begin(connection: &mut PgConnection) -> QueryResult<()> {
    let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1";
    AnsiTransactionManager::begin_transaction_sql(connection, begin)
}
