//! The schema: the embedded store migrates itself whenever it is opened.

use std::path::Path;

use diesel::dsl::sql;
use diesel::migration::MigrationSource;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use diesel_migrations::MigrationHarness;
use wallet_migrations::SQLITE as MIGRATIONS;

use crate::error::OpenError;

/// Applies the missing migrations.
///
/// A file with foreign tables, or with migrations that this program does not know, is left
/// unchanged.
pub(crate) fn migrate(connection: &mut SqliteConnection, path: &Path) -> Result<(), OpenError> {
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
    let pending = connection.pending_migrations(MIGRATIONS);
    for migration in pending.map_err(failed("list the migrations that are missing"))? {
        let version = connection.run_migration(&*migration);
        let version = version.map_err(failed("apply the migrations"))?;
        tracing::info!(database = %path.display(), migration = %version, "applied a migration");
    }
    Ok(())
}

/// Diesel's table of applied migrations.
const MIGRATIONS_TABLE: &str = "__diesel_schema_migrations";

fn tables(connection: &mut SqliteConnection) -> QueryResult<Vec<String>> {
    // The DSL does not know SQLite's own tables.
    sql::<Text>("SELECT name FROM sqlite_schema WHERE type = 'table'").load(connection)
}
