//! The command `import`: files of accounts and transfers into the ledger, in order, exactly once.

mod progress;

use std::path::PathBuf;

use anyhow::Result;

use super::opening::open_existing;
use crate::settings::Settings;
use progress::Progress;

/// Imports files into the ledger of the settings; says what was done.
///
/// # Errors
/// A file cannot be read, a line is refused, or the ledger fails: then what was done before, and
/// what to do.
pub(super) fn run(settings: &Settings, files: &[PathBuf]) -> Result<String> {
    let store = open_existing(settings)?;
    let read_line = |line: &[u8]| Ok(wallet_http::batch_item(line)?);
    let mut progress = Progress::start();
    let imported = wallet_ledger::import(&**store.store(), files, &read_line, &mut |so_far| {
        progress.reached(so_far);
    });
    drop(progress);
    Ok(format!("{}: {}", store.place(), imported?))
}
