//! The schema: the embedded store brings its own up to date whenever it is opened.

use std::path::Path;

use diesel::dsl::sql;
use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::adopt;
use crate::error::{Cause, OpenError};

/// The step that adopts what is older than the actions of operators.
const ADOPTION: &str = "2026-11-25-000900_stores_adopt_what_was_there";

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

/// Applies the migrations that are missing.
///
/// Gives the number of actions that were stored because they tell about what is older than them.
/// A file with tables of somebody else, or with migrations that this program does not know, is left as it is.
pub(crate) fn migrate(connection: &mut SqliteConnection, path: &Path) -> Result<u64, OpenError> {
    let failed = |action| {
        move |source| OpenError::Failed {
            database: path.to_owned(),
            action,
            source,
        }
    };
    let tables = tables(connection).map_err(|error| failed("list the tables")(error.into()))?;
    if !tables.is_empty() && !tables.iter().any(|table| table == MIGRATIONS_TABLE) {
        return Err(OpenError::NotALedger(path.to_owned()));
    }
    let known = MigrationSource::<Sqlite>::migrations(&MIGRATIONS)
        .map_err(failed("read the embedded migrations"))?;
    let applied = connection
        .applied_migrations()
        .map_err(failed("list the migrations that were applied"))?;
    let is_known = |version: &_| known.iter().any(|one| one.name().version() == *version);
    if let Some(unknown) = applied.iter().find(|version| !is_known(version)) {
        return Err(OpenError::NewerSchema {
            database: path.to_owned(),
            migration: unknown.to_string(),
        });
    }
    let mut adopted = 0;
    let pending = connection.pending_migrations(MIGRATIONS);
    for migration in pending.map_err(failed("list the migrations that are missing"))? {
        let applied = run(connection, &*migration);
        let (version, actions) = applied.map_err(failed("apply the migrations"))?;
        adopted += actions;
        tracing::info!(database = %path.display(), migration = %version, "applied a migration");
    }
    Ok(adopted)
}

/// Runs a step. The one that adopts what is older than the actions of operators does so in the same
/// transaction: it is done once, or not at all.
fn run(
    connection: &mut SqliteConnection,
    migration: &dyn Migration<Sqlite>,
) -> Result<(MigrationVersion<'static>, u64), Cause> {
    if migration.name().to_string() != ADOPTION {
        return Ok((connection.run_migration(migration)?.as_owned(), 0));
    }
    connection.immediate_transaction(|connection| {
        let version = connection.run_migration(migration)?.as_owned();
        let adopted = adopt::adopt_found(connection)?;
        tracing::info!(
            adopted,
            "adopted what is older than the actions of operators"
        );
        Ok((version, adopted))
    })
}

/// Where diesel keeps what was applied.
const MIGRATIONS_TABLE: &str = "__diesel_schema_migrations";

fn tables(connection: &mut SqliteConnection) -> QueryResult<Vec<String>> {
    sql::<Text>("SELECT name FROM sqlite_schema WHERE type = 'table'").load(connection)
}
