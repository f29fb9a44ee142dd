//! The command `copy`: moves a ledger into another store, and proves that it is the same.

use anyhow::{Context, Result, bail};
use wallet_domain::{ChainHead, Copied, copy};

use crate::pace::Pace;
use crate::settings::{Database, Settings};
use crate::store;
use crate::verify::proved;

/// Copies the ledger of the settings, keys of the API included, into an empty one; then proves the original, and the copy
/// against its head. Says what was copied.
///
/// # Errors
/// Why there is no copy, or none that is proved.
pub(crate) fn run(settings: &Settings, from: Option<&str>, to: &str) -> Result<String> {
    let source = match from {
        Some(from) => elsewhere(settings, "--from", from)?,
        None => settings.clone(),
    };
    let target = elsewhere(settings, "--to", to)?;
    if source.database == target.database {
        bail!("--to names the ledger that is to be copied");
    }
    let (from, to) = (store::open(&source)?, store::open(&target)?);
    let (here, there) = (&from.place, &to.place);
    let original = proved(&*from.whole, &ChainHead::default());
    let original = original.with_context(|| format!("{here} is not proved, and was not copied"))?;

    let mut pace = Pace::start();
    let copied = copy(&*from.whole, &*to.whole, &mut |so_far: &Copied| {
        pace.reached(so_far.accounts + so_far.transfers + so_far.links, || {
            counted(so_far)
        });
    });
    let copied = copied.with_context(|| format!("{here} was not copied to {there}"))?;
    let took = pace.elapsed();
    drop(pace);
    let copy = proved(&*to.whole, &original.head);
    let copy = copy.with_context(|| format!("{there} is not proved"))?;
    if copy.head != original.head {
        bail!(
            "{there}: the chain ends otherwise than that of {here}: somebody writes to one of them"
        );
    }
    Ok(format!(
        "{here}: copied to {there}: {} in {took:.1?}; both are proved\n  head: {}",
        counted(&copied),
        copy.head
    ))
}

fn elsewhere(settings: &Settings, flag: &str, place: &str) -> Result<Settings> {
    let database = Database::parse(place)
        .map_err(|problem| anyhow::anyhow!("{flag}: {problem}; allowed is what --db allows"))?;
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
    } = copied;
    format!("accounts: {accounts}, transfers: {transfers}, links: {links}")
}
