//! The command `verify`: proves the books of the ledger, and names the first thing in them that is
//! wrong. It reads a snapshot, so a service may use the ledger meanwhile.

use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result};
use wallet_domain::{ChainHead, ParseHeadError, Verified, WholeLedger, verify};

use crate::pace::Pace;
use crate::settings::Settings;
use crate::store;

/// Proves the books of the ledger of the settings, and that they contain those which ended with the
/// published head, if there is one. Says what was proved.
///
/// # Errors
/// Where the ledger cannot be opened or read, or its books contradict themselves.
pub(crate) fn run(settings: &Settings, published: Option<&ChainHead>) -> Result<String> {
    let published = published.cloned().unwrap_or_default();
    let (snapshot, place) = store::open_snapshot(settings)?;
    let verified = proved(&*snapshot, &published);
    let verified = verified.with_context(|| format!("{place} is not proved"))?;
    Ok(format!("{place}: proved {}", told_in_full(&verified)))
}

/// Proves books, and tells meanwhile how far it is.
///
/// # Errors
/// What is wrong with them.
pub(crate) fn proved(whole: &dyn WholeLedger, published: &ChainHead) -> Result<Verified> {
    let mut pace = Pace::start();
    let mut progress = |so_far: &Verified| {
        pace.reached(so_far.parts + so_far.transfers, || counted(so_far));
    };
    Ok(verify(whole, published, &mut progress)?)
}

/// The head that `--expect-head` says: the head itself, or `@` and the file that it is in.
///
/// # Errors
/// Why there is none, for people.
pub(crate) fn expected_head(text: &str) -> Result<ChainHead, String> {
    let text = match text.strip_prefix('@') {
        Some(file) => fs::read_to_string(file)
            .map_err(|error| format!("the file {file} cannot be read: {error}"))?,
        None => text.to_owned(),
    };
    text.parse()
        .map_err(|error: ParseHeadError| error.to_string())
}

fn counted(verified: &Verified) -> String {
    let Verified {
        accounts,
        parts,
        transfers,
        open_holds,
        links,
        ..
    } = verified;
    format!(
        "accounts: {accounts}, parts: {parts}, transfers: {transfers}, open holds: {open_holds}, links: {links}"
    )
}

fn told_in_full(verified: &Verified) -> String {
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
