//! Opens the ledger of the settings, and says which flags help if that fails.

use std::sync::Arc;

use anyhow::{Error, Result};
use wallet_domain::AccessKeys;
use wallet_ledger::{Database, LedgerOptions, LedgerSnapshot, OpenError, OpenStore};

use crate::settings::Settings;

/// What helps if the database does not keep what it commits.
const ALLOW_UNSAFE: &str = "not started (--allow-unsafe-durability starts on such a database all \
    the same, for experiments)";

/// Opens the store; creates an embedded one that is missing. Blocks, for as long as the attempts
/// take.
///
/// # Errors
/// Why it cannot be used, with the place of the ledger and what to do.
pub(super) fn open(settings: &Settings) -> Result<OpenStore> {
    open_by(settings, &settings.ledger_options())
}

/// Opens a store that must exist. Blocks, for as long as the attempts take.
///
/// # Errors
/// As with [`open`].
pub(super) fn open_existing(settings: &Settings) -> Result<OpenStore> {
    open_by(settings, &options_for_existing(settings))
}

fn open_by(settings: &Settings, options: &LedgerOptions) -> Result<OpenStore> {
    warn_of_unsafe_durability(settings);
    OpenStore::open(&settings.database, options).map_err(advised)
}

/// A wrong path is then an error, and not a new, empty ledger.
fn options_for_existing(settings: &Settings) -> LedgerOptions {
    let mut options = settings.ledger_options();
    options.create = false;
    options
}

/// Opens the keys of a ledger that must exist, even while a service has it open. Blocks.
///
/// # Errors
/// As with [`open`].
pub(super) fn open_keys(settings: &Settings) -> Result<Arc<dyn AccessKeys>> {
    if let Database::Postgres(_) = settings.database {
        warn_of_unsafe_durability(settings);
    }
    wallet_ledger::open_keys(&settings.database, &options_for_existing(settings)).map_err(advised)
}

/// The ledger as it is now; a service may have it open, and goes on. Blocks.
///
/// # Errors
/// Why it cannot be read.
pub(super) fn open_snapshot(settings: &Settings) -> Result<LedgerSnapshot> {
    if let Database::Postgres(_) = settings.database {
        warn_of_unsafe_durability(settings);
    }
    LedgerSnapshot::open(&settings.database, &settings.ledger_options()).map_err(advised)
}

/// Warns, if the settings allow a database that may lose what it has committed.
pub(super) fn warn_of_unsafe_durability(settings: &Settings) {
    if settings.allow_unsafe_durability {
        tracing::warn!(
            "--allow-unsafe-durability: transfers that were answered OK may be lost in a power cut"
        );
    }
}

/// The error, with the flags that help.
pub(super) fn advised(error: OpenError) -> Error {
    let message = error.to_string();
    match error {
        OpenError::NoLedger(_) => Error::msg(message + " (`wallet-api migrate` creates a ledger)"),
        OpenError::UnsafeDurability(_) => Error::new(error).context(ALLOW_UNSAFE),
        OpenError::Unreachable { source, .. } => Error::new(source).context(format!(
            "{message}; check that it runs there, or allow more with --db-retry-count and \
             --db-retry-timeout"
        )),
        error => error.into(),
    }
}
