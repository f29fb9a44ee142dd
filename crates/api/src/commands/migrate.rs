//! The command `migrate`: brings the schema up to date.

use anyhow::Result;
use wallet_ledger::Database;

use super::opening;
use crate::settings::Settings;

/// Brings the schema up to date; says what was done.
///
/// # Errors
/// The database does not answer, is newer than this program, or refuses a migration.
pub(super) fn run(settings: &Settings) -> Result<String> {
    if let Database::Sqlite(_) = settings.database {
        opening::warn_of_unsafe_durability(settings);
    }
    let (database, options) = (&settings.database, settings.ledger_options());
    let (place, report) = wallet_ledger::migrate(database, &options).map_err(opening::advised)?;
    Ok(format!("{place}: {report}"))
}
