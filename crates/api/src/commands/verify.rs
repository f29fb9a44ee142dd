//! The command `verify`: proves the books of the ledger, and names the first thing in them that is
//! wrong. It reads a snapshot, so a service may use the ledger at the same time.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use wallet_domain::{ChainHead, Verified};

use super::opening::open_snapshot;
use super::progress::{Progress, counted};
use crate::settings::Settings;

/// Proves the books of the ledger of the settings, and that they contain those which ended with the
/// published head, if there is one. Says what was proved.
///
/// # Errors
/// The ledger cannot be opened or read, or its books contradict themselves.
pub(super) fn run(settings: &Settings, published: Option<&ChainHead>) -> Result<String> {
    let published = published.cloned().unwrap_or_default();
    let snapshot = open_snapshot(settings)?;
    let place = snapshot.place();
    let mut progress = Progress::start();
    let verified = snapshot.verify(&published, &mut |so_far| progress.proved(so_far));
    drop(progress);
    let verified = verified.with_context(|| format!("{place} is not proved"))?;
    Ok(format!("{place}: proved {}", in_full(&verified)))
}

fn in_full(verified: &Verified) -> String {
    let mut text = counted(verified);
    for (code, sums) in &verified.currencies {
        let sum = sums.balances.normalized().to_plain_string();
        // Writing to a text does not fail.
        let _ = write!(
            text,
            "\n  {code}: all balances are {sum}, as are deposits less withdrawals"
        );
    }
    if verified.adopted > 0 {
        let adopted = verified.adopted;
        let _ = write!(
            text,
            "\n  adopted: {adopted} (confirmed by an operator; not proved before that)"
        );
    }
    let _ = write!(text, "\n  head: {}", verified.head);
    text
}
