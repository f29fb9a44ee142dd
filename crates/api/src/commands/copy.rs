//! The command `copy`: moves a ledger into another store, and proves that it is the same.

use anyhow::{Result, anyhow, bail};
use wallet_domain::Copied;
use wallet_ledger::CopyProgress;

use super::opening::{open, open_existing};
use super::progress::Progress;
use crate::settings::Settings;

/// Copies the ledger of the settings, keys of the API included, into an empty one; then proves the
/// original, and the copy against its head. Says what was copied.
///
/// # Errors
/// Why there is no copy, or none that is proved.
pub(super) fn run(settings: &Settings, from: Option<&str>, to: &str) -> Result<String> {
    let source = match from {
        Some(from) => elsewhere(settings, "--from", from)?,
        None => settings.clone(),
    };
    let target = elsewhere(settings, "--to", to)?;
    if source.database == target.database {
        bail!("--from and --to are the same ledger");
    }
    let (from, to) = (open_existing(&source)?, open(&target)?);
    let mut progress = Progress::start();
    let report = wallet_ledger::copy(&from, &to, &mut |so_far| match so_far {
        CopyProgress::StepStarted => progress = Progress::start(),
        CopyProgress::Proving(verified) => progress.proved(verified),
        CopyProgress::Copying(copied) => {
            let rows = copied.accounts + copied.transfers + copied.links;
            progress.reached(rows, || counted(copied));
        }
        _ => {}
    });
    drop(progress);
    let report = report?;
    Ok(format!(
        "{}: copied to {}: {} in {:.1?}; both are proved\n  head: {}",
        from.place(),
        to.place(),
        counted(&report.copied),
        report.took,
        report.head
    ))
}

fn elsewhere(settings: &Settings, flag: &str, place: &str) -> Result<Settings> {
    let database = place
        .parse()
        .map_err(|problem| anyhow!("{flag}: {problem}; allowed is what --db allows"))?;
    Ok(Settings {
        database,
        ..settings.clone()
    })
}

fn counted(copied: &Copied) -> String {
    let Copied {
        accounts,
        transfers,
        links,
        ..
    } = copied;
    format!("accounts: {accounts}, transfers: {transfers}, links: {links}")
}
