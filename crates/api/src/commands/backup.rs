//! The command `backup`: a copy of the embedded ledger while the service goes on.

use std::path::Path;

use anyhow::{Result, bail};
use wallet_ledger::{BackupError, back_up};

use crate::settings::Settings;

/// Copies the ledger of the settings to a new file; says what was written.
///
/// # Errors
/// Why there is no copy; for a ledger in PostgreSQL, what to use.
pub(super) fn run(settings: &Settings, to: &Path) -> Result<String> {
    let report = match back_up(&settings.database, to) {
        Ok(report) => report,
        Err(BackupError::NotEmbedded(url)) => bail!(
            "\"{url}\": a ledger in PostgreSQL is backed up by PostgreSQL's own tools, while the \
             service runs: pg_dump --format=custom --file={} for this ledger, pg_basebackup for \
             the whole server; docs/OPERATIONS.md says how, and how to restore",
            to.display(),
        ),
        Err(error) => return Err(error.into()),
    };
    let (from, to) = (report.from.display(), report.to.display());
    let (bytes, took) = (report.bytes, report.took);
    Ok(format!(
        "{from}: backed up to {to}, {bytes} bytes in {took:.1?}; prove it with: \
         wallet-api verify --db sqlite:{to}"
    ))
}
