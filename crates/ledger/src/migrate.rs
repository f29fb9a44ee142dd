//! The job `migrate`: brings the schema up to date.

use crate::error::OpenError;
use crate::migrate_report::MigrateReport;
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
            Ok((postgres.database(), report.into()))
        }
    }
}
