//! The command `backup`: a copy of the embedded ledger while the service goes on.
//!
//! PostgreSQL has tools of its own for this, which know more than we could: a copy made here would lack the
//! roles, the point in time to recover to, and the trust of whoever operates the server.

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::settings::{Database, Settings};

/// Copies the ledger of the settings to a new file; says what was written.
///
/// # Errors
/// Why there is no copy; for a ledger in PostgreSQL, what to use.
pub(crate) fn run(settings: &Settings, to: &Path) -> Result<String> {
    let path = match &settings.database {
        Database::Sqlite(path) => path,
        Database::Postgres(url) => bail!(
            "\"{url}\": a ledger in PostgreSQL is backed up by PostgreSQL's own tools, while the service runs: \
             pg_dump --format=custom --file={} for this ledger, pg_basebackup for the whole server; \
             docs/OPERATIONS.md says how, and how to restore",
            to.display(),
        ),
    };
    let started = Instant::now();
    let backup = wallet_sqlite::back_up(path, to)?;
    let (from, to) = (backup.from.display(), backup.to.display());
    Ok(format!(
        "{from}: backed up to {to}, {} bytes in {:.1?}; prove it with: wallet-api verify --db sqlite:{to}",
        backup.bytes,
        started.elapsed(),
    ))
}
