//! The command `adopt`: lists what has no record in the chain, for an operator to check, and
//! records what was confirmed.
//!
//! The operator confirms the digest that was printed with the list, so what changes between the two
//! commands is not adopted unseen.

use std::fmt::Write as _;

use anyhow::{Context, Result, bail};
use data_encoding::HEXLOWER;
use wallet_domain::{ADOPTED_MAX, Unrecorded};
use wallet_ledger::AdoptionList;

use super::keys;
use super::opening::{open_keys, open_snapshot};
use crate::settings::Settings;

/// Lists the records without an operator's action; adopts them if this list was confirmed. Says
/// what was found or done.
///
/// # Errors
/// The ledger cannot be opened, read or written, or the list is not the one that was confirmed.
pub(super) fn run(settings: &Settings, confirmed: Option<&str>) -> Result<String> {
    let snapshot = open_snapshot(settings)?;
    let place = snapshot.place().to_owned();
    let found = snapshot.adoption_list();
    let found = found.with_context(|| format!("{place} cannot be read"))?;
    drop(snapshot);
    if found.records().is_empty() {
        return Ok(format!(
            "{place}: nothing to adopt; `wallet-api verify` proves the ledger"
        ));
    }
    let Some(confirmed) = confirmed else {
        return Ok(list(&place, &found));
    };
    let Some(adoption) = found.confirm(confirmed) else {
        bail!(
            "{place}: --confirm {confirmed} is not the digest of the list as it is now; nothing \
             was adopted. Run `wallet-api adopt` and check the list again"
        );
    };
    let keys = open_keys(settings)?;
    let adopted = adoption.adopt(&*keys, keys::operator().as_ref());
    let adopted = adopted.with_context(|| {
        format!("{place}: some may not be adopted; run `wallet-api adopt` to see what is left")
    })?;
    let (count, lines) = (adopted.len(), lines(&adopted));
    Ok(format!("{place}: adopted records: {count}{lines}"))
}

fn list(place: &str, found: &AdoptionList) -> String {
    let (count, digest) = (found.records().len(), found.digest());
    let mut text = format!("{place}: records without an entry in the chain: {count}");
    text.push_str(&lines(found.records()));
    if count == ADOPTED_MAX {
        let more = "\nThere may be more. Run `wallet-api adopt` again after you confirm these.";
        text.push_str(more);
    }
    // Writing to a text does not fail.
    let _ = write!(
        text,
        "\nThey were written by an older release, or forged. \
         If every line is correct, run `wallet-api adopt --confirm {digest}`."
    );
    text
}

fn lines(records: &[Unrecorded]) -> String {
    let lines = records.iter().map(|record| format!("\n  {}", line(record)));
    lines.collect()
}

/// What a row says is escaped: text that was written behind the ledger's back reaches no terminal.
fn line(record: &Unrecorded) -> String {
    match record {
        Unrecorded::Key(key) => {
            let secret = HEXLOWER.encode(&key.secret_hash.0[..8]);
            format!("{}, hash of its secret {secret}…", keys::describe(key))
        }
        Unrecorded::Revocation { prefix, at } => {
            let (prefix, at) = (prefix.escape_debug(), keys::time(*at));
            format!("revocation of key {prefix}, {at}")
        }
        Unrecorded::MetadataChange {
            account_id,
            version,
            metadata,
        } => {
            let change = format!(
                "metadata of account {}, change {version}",
                account_id.as_uuid()
            );
            match metadata {
                Some(metadata) => format!("{change}: {:?}", metadata.entries()),
                None => format!("{change}: not known"),
            }
        }
    }
}
