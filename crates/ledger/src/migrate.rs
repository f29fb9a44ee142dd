//! The job `migrate`: brings the schema up to date.

use std::fmt;

use wallet_postgres::MigrationReport;

use crate::error::OpenError;
use crate::retry::retried;
use crate::store::postgres_options;
use crate::{Database, LedgerOptions, OpenStore};

/// Brings the schema up to date. Returns the place of the ledger, for people, and what was done.
/// Blocks.
///
/// # Errors
/// The database does not answer, is newer than this version, or rejects a migration.
pub fn migrate(
    database: &Database,
    options: &LedgerOptions,
) -> Result<(String, MigrateReport), OpenError> {
    match database {
        Database::Sqlite(_) => {
            let store = OpenStore::open(database, options)?;
            Ok((store.place().to_owned(), MigrateReport::Embedded))
        }
        Database::Postgres(url) => {
            let postgres = postgres_options(url, options, options.writers(database));
            let migrate = || wallet_postgres::migrate(&postgres);
            let report = retried(url, options.retry, migrate)?;
            Ok((postgres.database(), MigrateReport::Postgres(report)))
        }
    }
}

/// What a migration did. It prints as a clause: `the schema was up to date`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MigrateReport {
    /// The ledger is embedded: it was opened, which is what migrates it.
    Embedded,
    /// The ledger is in PostgreSQL.
    Postgres(MigrationReport),
}

impl fmt::Display for MigrateReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embedded => f.write_str(
                "the schema is up to date (an embedded ledger migrates itself whenever it is \
                 opened)",
            ),
            Self::Postgres(report) => report.fmt(f),
        }
    }
}
