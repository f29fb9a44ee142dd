//! The schema: migrated on request, and compared with the known migrations at each start.

use std::fmt;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::migration::{Migration, MigrationSource};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel_migrations::MigrationHarness;
use wallet_domain::storage::Cause;
use wallet_migrations::POSTGRES as MIGRATIONS;

use crate::error::ConnectError;
use crate::options::PostgresOptions;

/// The advisory lock of a migration; "wallet" in ASCII.
const LOCK: i64 = 0x77_61_6c_6c_65_74;

/// The pause between two attempts to take the lock.
const LOCK_POLL_INTERVAL: Duration = Duration::from_millis(100);

/// How long a step waits for a table. Later statements on the table queue behind the step,
/// transfers included, so this is shorter than a request may take. Steps outside of a transaction
/// build indexes without a limit: nothing queues behind them.
const LOCK_TIMEOUT: &str = "3s";

/// The result of [`migrate`]. It prints as a clause: `the schema was up to date`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MigrationReport {
    /// The migrations that this call applied, in order. Empty if the schema was up to date.
    pub applied: Vec<String>,
}

impl fmt::Display for MigrationReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.applied.is_empty() {
            true => f.write_str("the schema was up to date"),
            false => {
                let applied = self.applied.join(", ");
                write!(f, "the schema is up to date; applied {applied}")
            }
        }
    }
}

/// Applies the missing migrations.
///
/// Replicas that start together take turns: the first one migrates, and the others find nothing to
/// do. The lock ends with the connection, so a crashed replica does not keep it.
///
/// # Errors
/// [`ConnectError`], which names the database and says what to do.
pub fn migrate(options: &PostgresOptions) -> Result<MigrationReport, ConnectError> {
    let mut connection = options.connect()?;
    acquire_migration_lock(&mut connection)
        .map_err(|error| options.failed("wait for the turn to migrate", error))?;
    reject_newer_schema(options, &mut connection)?;
    let failed = |source: Cause| ConnectError::Failed {
        database: options.database(),
        action: "apply the migrations",
        source,
    };
    let mut applied = Vec::new();
    for migration in connection.pending_migrations(MIGRATIONS).map_err(failed)? {
        let patience = if migration.metadata().run_in_transaction() {
            LOCK_TIMEOUT
        } else {
            "0"
        };
        connection
            .batch_execute(&format!("SET lock_timeout = '{patience}'"))
            .map_err(|error| options.failed("bound the wait of the migrations", error))?;
        let version = connection.run_migration(&*migration).map_err(|source| {
            if source.to_string().contains("lock timeout") {
                ConnectError::MigrationTooBusy {
                    database: options.database(),
                    migration: migration.name().to_string(),
                    waited: LOCK_TIMEOUT,
                    source,
                }
            } else {
                failed(source)
            }
        })?;
        applied.push(version.to_string());
    }
    Ok(MigrationReport { applied })
}

/// Polls instead of waiting in one statement. A statement that waits would be older than the other
/// replica's work, and `CREATE INDEX CONCURRENTLY` waits for all older statements: the two would
/// wait for each other.
fn acquire_migration_lock(connection: &mut PgConnection) -> QueryResult<()> {
    // A function of the server, and no table, so the DSL adds nothing.
    let look = format!("SELECT pg_try_advisory_lock({LOCK})");
    while !sql::<Bool>(&look).get_result::<bool>(connection)? {
        std::thread::sleep(LOCK_POLL_INTERVAL);
    }
    Ok(())
}

/// Refuses a schema that is older or newer than this program. Changes nothing.
pub(crate) fn check_schema(
    options: &PostgresOptions,
    connection: &mut PgConnection,
) -> Result<(), ConnectError> {
    let applied = reject_newer_schema(options, connection)?;
    let missing = known(options)?
        .into_iter()
        .find(|version| !applied.contains(version));
    match missing {
        Some(missing) => Err(ConnectError::OutdatedSchema {
            database: options.database(),
            missing,
        }),
        None => Ok(()),
    }
}

/// The applied migrations. Fails if this program does not know one of them.
fn reject_newer_schema(
    options: &PostgresOptions,
    connection: &mut PgConnection,
) -> Result<Vec<String>, ConnectError> {
    let applied = applied(connection)
        .map_err(|error| options.failed("list the migrations that were applied", error))?;
    let known = known(options)?;
    match applied.iter().find(|version| !known.contains(version)) {
        Some(unknown) => Err(ConnectError::NewerSchema {
            database: options.database(),
            unknown: unknown.clone(),
        }),
        None => Ok(applied),
    }
}

/// Whether all known migrations were applied.
pub(crate) fn has_all_migrations(connection: &mut PgConnection) -> QueryResult<bool> {
    let applied = applied(connection)?;
    let known = embedded().map_err(diesel::result::Error::QueryBuilderError)?;
    Ok(known.iter().all(|version| applied.contains(version)))
}

fn known(options: &PostgresOptions) -> Result<Vec<String>, ConnectError> {
    embedded().map_err(|source| ConnectError::Failed {
        database: options.database(),
        action: "read the embedded migrations",
        source,
    })
}

/// The versions of the embedded migrations.
fn embedded() -> Result<Vec<String>, Cause> {
    let migrations = MigrationSource::<Pg>::migrations(&MIGRATIONS)?;
    let versions = migrations.iter().map(|known| known.name().version());
    Ok(versions.map(|version| version.to_string()).collect())
}

/// Reads Diesel's table of migrations. Diesel itself would create the table in order to read it.
fn applied(connection: &mut PgConnection) -> QueryResult<Vec<String>> {
    // A function of the server, and Diesel's own table, which the DSL does not know.
    let exists = "SELECT to_regclass('__diesel_schema_migrations') IS NOT NULL";
    if !sql::<Bool>(exists).get_result(connection)? {
        return Ok(Vec::new());
    }
    sql::<Text>("SELECT version FROM __diesel_schema_migrations ORDER BY version").load(connection)
}
