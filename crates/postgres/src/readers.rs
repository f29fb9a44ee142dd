//! Where reads go: each to a connection of the pool, or all of them to one connection that looks at
//! one moment.

use std::ops::DerefMut;
use std::sync::{Mutex, PoisonError};

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::prelude::*;
use diesel::sql_query;
use wallet_domain::StoreError;

use crate::connect::PgPool;
use crate::error::{Cause, Failed};

/// Of the pool, or of the snapshot alone.
pub(crate) type Connection = Box<dyn DerefMut<Target = PgConnection> + Send>;

/// The connections that read, for [`LedgerQueries`](wallet_domain::LedgerQueries).
pub(crate) struct Readers {
    connections: Connections,
    database: String,
}

enum Connections {
    Pool(PgPool),
    Snapshot(Mutex<Snapshot>),
}

impl Readers {
    /// Reads as of now, whenever it is asked.
    pub(crate) fn new(pool: PgPool, database: String) -> Self {
        Self {
            connections: Connections::Pool(pool),
            database,
        }
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
            failed(database, "begin a snapshot", error.into()).nothing_written()
        })?;
        Ok(Self {
            connections: Connections::Snapshot(Mutex::new(Snapshot(connection))),
            database,
        })
    }

    /// A connection of the pool, for a snapshot.
    ///
    /// # Errors
    /// Where all of them are in use, or none can be made.
    pub(crate) fn connection(&self) -> Result<Connection, StoreError> {
        let Connections::Pool(pool) = &self.connections else {
            let cause = "a snapshot has one connection";
            return Err(self
                .failed("begin a snapshot", cause.into())
                .nothing_written());
        };
        match pool.get() {
            Ok(connection) => Ok(Box::new(connection)),
            Err(error) => Err(self
                .failed("get a connection for a snapshot", error.into())
                .nothing_written()),
        }
    }

    /// How many connections are in use.
    pub(crate) fn in_use(&self) -> u32 {
        match &self.connections {
            Connections::Pool(pool) => {
                let state = pool.state();
                state.connections.saturating_sub(state.idle_connections)
            }
            Connections::Snapshot(_) => 1,
        }
    }

    /// Runs statements that read.
    ///
    /// # Errors
    /// What the database or the pool says.
    pub(crate) fn read<T>(
        &self,
        action: &'static str,
        statements: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        let failed = |source| self.failed(action, source).nothing_written();
        match &self.connections {
            Connections::Pool(pool) => {
                let mut connection = pool.get().map_err(|error| failed(error.into()))?;
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
