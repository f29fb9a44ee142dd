//! The command `migrate`, and what is said about migrations wherever they run.

use anyhow::Result;
use wallet_postgres::MigrationReport;

use crate::settings::{Database, Settings};
use crate::store;

/// Brings the schema up to date; says what was done.
///
/// # Errors
/// Where the database does not answer, is newer than this program, or refuses a migration.
pub(crate) fn run(settings: &Settings) -> Result<String> {
    match &settings.database {
        Database::Sqlite(_) => {
            let opened = store::open(settings)?;
            let place = opened.place;
            Ok(format!(
                "{place}: the schema is up to date (an embedded ledger migrates itself whenever it is opened)"
            ))
        }
        Database::Postgres(url) => {
            let options = store::postgres_options(url, settings);
            let migrate = || wallet_postgres::migrate(&options);
            let report = store::retried(url, settings.retry, migrate)?;
            Ok(format!("{}: {}", options.database(), told(&report)))
        }
    }
}

/// What a migration of PostgreSQL did, in words.
pub(crate) fn told(report: &MigrationReport) -> String {
    match report.applied.as_slice() {
        [] => "the schema was up to date".to_owned(),
        applied => format!("the schema is up to date; applied {}", applied.join(", ")),
    }
}
