//! The command `demo`: loads the demo accounts.

use anyhow::Result;
use wallet_ledger::demo;

use super::opening::open;
use crate::settings::Settings;

/// Loads the demo into the ledger of the settings; says what was done.
///
/// # Errors
/// The ledger cannot be opened or written, or something else has one of the ids.
pub(super) fn run(settings: &Settings) -> Result<String> {
    let store = open(settings)?;
    let loaded = demo::load(&**store.store())?;
    Ok(format!("{}: {loaded}", store.place()))
}
