//! The command `adopt`: lists what the chain does not prove, for an operator to check, and records
//! what was confirmed.
//!
//! The count that is confirmed is the one that was listed: a record that someone adds between the
//! two commands is not adopted unseen.

use std::fmt::Write as _;

use anyhow::{Context, Result, bail};
use wallet_domain::{ADOPTED_MAX, OperatorActionKind, Unrecorded, adopt, unrecorded};

use crate::clock::now;
use crate::settings::Settings;
use crate::{keys, store};

/// Lists what no action tells about; adopts it if that was confirmed. Says what was found or done.
///
/// # Errors
/// Where the ledger cannot be opened, read or written, or has another number of such records than
/// was confirmed.
pub(crate) fn run(settings: &Settings, confirmed: Option<usize>) -> Result<String> {
    let keys = store::open_keys(settings)?;
    let (snapshot, place) = store::open_snapshot(settings)?;
    let records = unrecorded(&*snapshot, now(), keys::operator().as_ref());
    let records = records.with_context(|| format!("{place} cannot be read"))?;
    drop(snapshot);
    let count = records.len();
    let Some(confirmed) = confirmed else {
        return Ok(listed(&place, &records));
    };
    if confirmed != count {
        bail!(
            "{place}: --confirm = {confirmed}, but there are {count} such records; \
             nothing was adopted. `wallet-api adopt` lists them"
        );
    }
    adopt(&*keys, &records).with_context(|| {
        format!("{place}: not all were adopted; `wallet-api adopt` lists what is left")
    })?;
    Ok(format!("{place}: adopted records: {count}"))
}

fn listed(place: &str, records: &[Unrecorded]) -> String {
    if records.is_empty() {
        return format!("{place}: every key and every change of metadata has a record");
    }
    let count = records.len();
    let mut text = format!("{place}: records that the chain does not prove: {count}");
    for record in records {
        // Writing to a text does not fail.
        let _ = write!(text, "\n  {}", told(record));
    }
    if count == ADOPTED_MAX {
        text.push_str("\nThere may be more. They are listed when these are adopted.");
    }
    let _ = write!(
        text,
        "\nA release without records of what operators do wrote them, or someone forged them. \
         If every line is right, `wallet-api adopt --confirm {count}` vouches for them."
    );
    text
}

fn told(record: &Unrecorded) -> String {
    let action = &record.action;
    let subject = &action.subject;
    if let Some(key) = &record.key {
        return keys::told(key);
    }
    match action.kind {
        OperatorActionKind::RevocationAdopted => {
            format!(
                "revocation of key {subject}, {}",
                keys::time(action.created_at)
            )
        }
        _ => {
            let number = action.number;
            let entries = action.metadata.entries().iter();
            let entries: Vec<_> = entries
                .map(|(name, text)| format!("{name:?}: {text:?}"))
                .collect();
            let entries = entries.join(", ");
            format!("metadata of account {subject}, change {number}: {{{entries}}}")
        }
    }
}
