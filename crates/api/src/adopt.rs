//! The command `adopt`: lists what has no record in the chain, for an operator to check, and records
//! what was confirmed.
//!
//! The operator confirms the digest that was printed with the list, so what changes between the two
//! commands is not adopted unseen.

use std::fmt::Write as _;

use anyhow::{Context, Result, bail};
use wallet_domain::{ADOPTED_MAX, Unrecorded, adopt, adoption_digest, unrecorded};

use crate::clock::now;
use crate::settings::Settings;
use crate::{keys, store};

/// Lists the records without an operator's action; adopts them if this list was confirmed. Says what
/// was found or done.
///
/// # Errors
/// Where the ledger cannot be opened, read or written, or the list is not the one that was confirmed.
pub(crate) fn run(settings: &Settings, confirmed: Option<&str>) -> Result<String> {
    let (snapshot, place) = store::open_snapshot(settings)?;
    let records = unrecorded(&*snapshot).with_context(|| format!("{place} cannot be read"))?;
    drop(snapshot);
    let count = records.len();
    if count == 0 {
        return Ok(format!(
            "{place}: nothing to adopt; `wallet-api verify` proves the ledger"
        ));
    }
    let digest = adoption_digest(&records);
    match confirmed {
        None => return Ok(list(&place, &records, &digest)),
        Some(confirmed) if confirmed != digest => bail!(
            "{place}: --confirm {confirmed} is not the digest of the list as it is now; nothing was \
             adopted. Run `wallet-api adopt` and check the list again"
        ),
        Some(_) => {}
    }
    // To open a ledger sets the clock.
    let keys = store::open_keys(settings)?;
    adopt(&*keys, &records, now(), keys::operator().as_ref()).with_context(|| {
        format!("{place}: some may not be adopted; run `wallet-api adopt` to see what is left")
    })?;
    let adopted = lines(&records);
    Ok(format!("{place}: adopted records: {count}{adopted}"))
}

fn list(place: &str, records: &[Unrecorded], digest: &str) -> String {
    let count = records.len();
    let mut text = format!("{place}: records without an entry in the chain: {count}");
    text.push_str(&lines(records));
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

/// What a row says is escaped: who wrote it behind the ledger's back can write to no terminal.
fn line(record: &Unrecorded) -> String {
    match record {
        Unrecorded::Key(key) => {
            let secret = key.secret_hash.0[..8].iter();
            let secret: String = secret.map(|byte| format!("{byte:02x}")).collect();
            format!("{}, hash of its secret {secret}…", keys::told(key))
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
